"""An invented Greenhouse account of any size, the same on every machine, as rendered JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

Row = Mapping[str, object]
Rows = Iterable[Row]

SEED = 20
NEWEST = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
FIRST_APPLICATION = 41_000_000_000
FIRST_CANDIDATE = 36_000_000_000
JOBS, USERS, SOURCES, REFERRERS, REASONS, TAGS = 300, 250, 45, 90, 18, 60

GIVEN = ("Amara", "Bjørn", "Chidi", "Daniela", "Émile", "Fatima", "Grzegorz", "Hana", "Ines")
FAMILY = ("Achterberg", "Bianchi", "Castellanos", "Dąbrowski", "Eze", "Fournier", "Günther")
TOWNS = ("Utrecht, Netherlands", "Kraków, Poland", "Lagos, Nigeria", "Austin, Texas, USA")
STAGES = (
    "Application Review",
    "Phone Screen",
    "Assessment",
    "Team Interview",
    "Reference",
    "Offer",
)
EMPLOYERS = ("Brightwater Logistics", "Nordlicht Energie", "Kestrel Robotics", "Plain & Sons")
MOTIVES = (
    "I have run two warehouses through a change of system and would gladly do it a third time.",
    "Your engineering notes on cold storage convinced me; I worked on the same problem at sea.",
    "A former colleague joined last spring and has not stopped talking about the team since.",
)


def application_ids(records: int) -> Iterator[int]:
    """Yield the ids of an account of this size in the vendor's order, newest first."""
    return (FIRST_APPLICATION + 13 * number for number in range(records, 0, -1))


def applications(records: int) -> Iterator[Row]:
    """Yield the applications, newest first: a third of them rejected, a ninth prospects."""
    random = Random(SEED)  # noqa: S311 - test data must repeat, not be secret
    for position, identifier in enumerate(application_ids(records)):
        created = NEWEST - timedelta(minutes=7 * position, seconds=random.randrange(60))
        yield _application(random, identifier, records - position, created)


def _application(random: Random, identifier: int, number: int, created: datetime) -> Row:
    prospect = random.randrange(9) == 0
    status = "in_process" if prospect else random.choice(_STATUSES)
    job = random.randrange(1, JOBS + 1)
    stage = random.randrange(1, len(STAGES) + 1)
    staged = status == "in_process" and not prospect
    touched = created + timedelta(hours=random.randrange(1, 900))
    rejected = status == "rejected"
    return {
        "id": identifier,
        "candidate_id": candidate_id(number),
        "job_id": None if prospect else job_id(job),
        "job_post_id": None if prospect else 5_100_000 + job,
        "status": status,
        "prospect": prospect,
        "prospective_job_ids": [job_id(job)] if prospect else [],
        "prospect_pool_id": 7_300 + job % 5 if prospect else None,
        "prospect_stage_id": 7_400 + job % 9 if prospect else None,
        "stage_id": identifier + 5 if staged else None,
        "stage_name": STAGES[stage - 1] if staged else None,
        "job_interview_stage_id": stage_id(job, stage) if staged else None,
        "needs_decision": staged and stage == 4,
        "source_id": 2_000 + random.randrange(1, SOURCES + 1),
        "referrer_id": 3_000 + random.randrange(1, REFERRERS + 1),
        "recruiter_id": 4_000 + random.randrange(1, USERS + 1),
        "coordinator_id": 4_000 + random.randrange(1, USERS + 1),
        "rejection_reason_id": 6_000 + random.randrange(1, REASONS + 1) if rejected else None,
        "rejected_at": _time(touched) if rejected else None,
        "agency_note_id": None,
        "created_at": _time(created),
        "updated_at": _time(touched + timedelta(minutes=3)),
        "last_activity_at": _time(touched),
        "location_address": random.choice(TOWNS),
        "custom_fields": _custom_fields(random, touched),
        "answers": [
            {"question": "Are you allowed to work in this country?", "answer": "Yes"},
            {"question": "Why do you want to join us?", "answer": random.choice(MOTIVES)},
        ],
    }


def _custom_fields(random: Random, touched: datetime) -> Row:
    return {
        "notice_period": {
            "name": "Notice period",
            "type": "single_select",
            "value": random.choice(("none", "1 month", "3 months")),
        },
        "desired_salary": {
            "name": "Desired salary",
            "type": "currency",
            "value": {"amount": f"{random.randrange(38, 120) * 1000}.0", "unit": "EUR"},
        },
        "available_from": {
            "name": "Available from",
            "type": "date",
            "value": touched.date().isoformat(),
        },
    }


def candidates(records: int) -> Iterator[Row]:
    """Yield one person for every four of five applications: the fifth is a second try."""
    for identifier in sorted({candidate_id(n) for n in range(1, records + 1)}, reverse=True):
        random = Random(identifier)  # noqa: S311 - test data must repeat, not be secret
        given, family = random.choice(GIVEN), random.choice(FAMILY)
        address = f"{given}.{family}.{identifier}@example.org".lower()
        created = _time(NEWEST - timedelta(minutes=random.randrange(600_000)))
        yield {
            "id": identifier,
            "first_name": given,
            "last_name": family,
            "preferred_name": None,
            "company": random.choice(EMPLOYERS),
            "title": "Shift lead",
            "created_at": created,
            "updated_at": created,
            "last_activity_at": created,
            "can_email": True,
            "private": False,
            "time_zone": "Amsterdam",
            "tags": [f"tag {random.randrange(1, TAGS + 1)}"],
            "linked_user_ids": [],
            "email_addresses": [{"value": address, "type": "personal"}],
            "phone_numbers": [{"value": f"+3161{identifier % 10**7:07}", "type": "mobile"}],
            "addresses": [{"value": random.choice(TOWNS), "type": "home"}],
            "website_addresses": [{"value": f"https://{family}.example", "type": "personal"}],
            "social_media_addresses": [{"value": f"https://www.linkedin.com/in/{identifier}"}],
            "custom_fields": {},
        }


def rejection_details(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield what the vendor keeps apart for each rejected application."""
    for row in rows:
        if row["rejected_at"] is not None:
            yield {
                "id": row["id"],
                "application_id": row["id"],
                "rejected_by_id": row["recruiter_id"],
                "rejected_at": row["rejected_at"],
                "rejection_reason_id": row["rejection_reason_id"],
                "rejection_note_id": None,
                "question_custom_fields": {},
                "created_at": row["rejected_at"],
                "updated_at": row["rejected_at"],
            }


def application_stages(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the stay of each candidate in a stage: the present one, or where it was rejected."""
    for row in rows:
        if row["job_id"] is not None:
            current = row["stage_id"] is not None
            yield {
                "id": row["stage_id"] or row["id"],
                "application_id": row["id"],
                "job_interview_stage_id": row["job_interview_stage_id"] or stage_id(1, 1),
                "current": current,
                "days_in_stage": 3,
                "entered_at": row["created_at"],
                "exited_at": None if current else row["last_activity_at"],
                "created_at": row["created_at"],
                "updated_at": row["updated_at"],
            }


def reference_tables() -> dict[str, Sequence[Row]]:
    """Return the small tables by the last part of their path."""
    return {
        "jobs": [_job(n) for n in range(1, JOBS + 1)],
        "job_interview_stages": [
            {
                "id": stage_id(job, stage),
                "name": name,
                "job_id": job_id(job),
                "sort_order": stage,
                "active": True,
                **_DATES,
            }
            for job in range(1, JOBS + 1)
            for stage, name in enumerate(STAGES, 1)
        ],
        "users": [_user(n) for n in range(1, USERS + 1)],
        "sources": [
            {"id": 2_000 + n, "name": f"Source {n}", "type": {"id": n % 6, "name": "Third party"}}
            for n in range(1, SOURCES + 1)
        ],
        "referrers": [
            {"id": 3_000 + n, "name": f"Referrer {n}", "user_id": 4_000 + n}
            for n in range(1, REFERRERS + 1)
        ],
        "rejection_reasons": [
            {"id": 6_000 + n, "name": f"Reason {n}", "type": {"id": 1, "key": "we_rejected"}}
            for n in range(1, REASONS + 1)
        ],
        "candidate_tags": [{"id": 8_000 + n, "name": f"tag {n}"} for n in range(1, TAGS + 1)],
    }


def _job(number: int) -> Row:
    return {
        "id": job_id(number),
        "name": f"Shift lead {number}",
        "requisition_id": f"REQ-{number}",
        "status": "open",
        "confidential": False,
        "is_template": False,
        "department_id": None,
        "office_ids": [],
        "custom_fields": {},
        **_DATES,
    }


def _user(number: int) -> Row:
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]
    return {
        "id": 4_000 + number,
        "first_name": given,
        "last_name": family,
        "primary_email": f"user{number}@example.com",
        "emails": [f"user{number}@example.com"],
        "deactivated": False,
        "site_admin": number % 20 == 0,
        "employee_id": f"E{number}",
        "job_title": "Recruiter",
        "department_ids": [],
        "office_ids": [],
        **_DATES,
    }


def candidate_id(number: int) -> int:
    """Return who stands behind the application of this number."""
    return FIRST_CANDIDATE + 11 * (number - 1 if number % 5 == 0 else number)


def job_id(number: int) -> int:
    return 5_000_000 + number


def stage_id(job: int, stage: int) -> int:
    return 9_000_000 + job * 10 + stage


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


_STATUSES = ("in_process",) * 5 + ("rejected",) * 4 + ("hired",)
_DATES = {"created_at": "2025-02-03T08:30:00.000Z", "updated_at": "2026-06-01T08:30:00.000Z"}


class Table:
    """Rendered rows in the vendor's order, found by page, by id or by a parent's id."""

    def __init__(self, rows: Rows, parents: Sequence[str] = ()) -> None:
        encode = msgspec.json.Encoder().encode
        self.rows: list[bytes] = []
        self._updated: list[str] = []
        self._by_id: dict[str, dict[bytes, list[int]]] = {name: {} for name in ("id", *parents)}
        for number, row in enumerate(rows):
            self.rows.append(encode(row))
            self._updated.append(str(row.get("updated_at", "")))
            for name, index in self._by_id.items():
                index.setdefault(str(row[name]).encode(), []).append(number)

    def pages(self, size: int, fields: str = "", since: str = "") -> list[bytes]:
        """Render rows as arrays of this size; an empty table is one empty array."""
        rows = self._trimmed(self._since(since), fields)
        starts = range(0, max(len(rows), 1), size)
        return [array(rows[start : start + size]) for start in starts]

    def count(self, since: str = "") -> int:
        """Return how many rows were updated then or later."""
        return len(self._since(since)) if since else len(self.rows)

    def find(self, column: str, ids: Iterable[bytes]) -> list[bytes] | None:
        """Return the rows whose column is one of the ids; None where there is no such index."""
        index = self._by_id.get(column)
        if index is None:
            return None
        return [self.rows[number] for i in ids for number in index.get(i, ())]

    def touch(self, every: int, now: str, times: int) -> int:
        """Change an answer in every so many-th row; return how many rows that are."""
        for number in range(0, len(self.rows), every):
            row = msgspec.json.decode(self.rows[number])
            row["answers"][1]["answer"] = f"I have changed my mind {times} times."
            row["updated_at"] = self._updated[number] = now
            self.rows[number] = msgspec.json.encode(row)
        return len(range(0, len(self.rows), every))

    def _since(self, since: str) -> list[int] | range:
        if not since:
            return range(len(self.rows))
        # To the second, since clients write fractions of one in different ways.
        return [n for n, updated in enumerate(self._updated) if updated[:19] >= since[:19]]

    def _trimmed(self, numbers: Sequence[int], fields: str) -> list[bytes]:
        rows = [self.rows[number] for number in numbers]
        if not fields:
            return rows
        if fields == "id":  # every account's sweep asks for these, so they are cut and not parsed
            return [row[: row.index(b",")] + b"}" for row in rows]
        names = fields.split(",")
        parsed = (msgspec.json.decode(row) for row in rows)
        return [msgspec.json.encode({name: row.get(name) for name in names}) for row in parsed]


def array(rows: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(rows) + b"]"
