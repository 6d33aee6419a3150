"""A company invented from a seed: every record is a pure function of (seed, kind, index).

Nothing is kept: a world of a million applications takes no more memory than one of a hundred.
Whatever belongs to an application (interviews, scorecards, offers, attachments, notes, stage
entries) has an index of its own, from which the application can be told again.
"""

import functools
import hashlib
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hireloom.sandbox import _words as words
from hireloom.sandbox._dossier import (
    ATTACHMENTS_EACH,
    INTERVIEWS_EACH,
    NOTES_EACH,
    OFFERS_EACH,
    SCORECARDS_EACH,
    STAGES_EACH,
    Dossier,
)
from hireloom.sandbox._draw import Draw
from hireloom.sandbox._resume import resume_pdf
from hireloom.sandbox._shapes import (
    Answer,
    Application,
    Attachment,
    Department,
    Interview,
    Job,
    Note,
    Offer,
    Office,
    Person,
    Reason,
    Scorecard,
    Source,
    Stage,
    StageEntry,
    Tag,
    User,
)

__all__ = [
    "ATTACHMENTS_EACH",
    "INTERVIEWS_EACH",
    "NOTES_EACH",
    "OFFERS_EACH",
    "SCORECARDS_EACH",
    "STAGES_EACH",
    "Answer",
    "Application",
    "Attachment",
    "Department",
    "Interview",
    "Job",
    "Note",
    "Offer",
    "Office",
    "Person",
    "Reason",
    "Scorecard",
    "Source",
    "Stage",
    "StageEntry",
    "Tag",
    "User",
    "World",
    "resume_pdf",
]

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FOUNDED = NOW - timedelta(days=730)
_FIRST_APPLICATION = FOUNDED + timedelta(days=60)
_SPAN = int((NOW - timedelta(hours=1) - _FIRST_APPLICATION).total_seconds())
_ACTIVITY = 45 * 86_400  # an application rests after at most 45 days
_AFTERMATH = 14 * 86_400  # what hangs on it (an interview, a scorecard) may end this much later
_NOT_PLAIN = re.compile(r"[^a-z0-9.]")
_GENERATIONS = 4  # jobs open and close in generations, so that old jobs have old applications
_CURRENCIES = {"United States": "USD", "United Kingdom": "GBP"}


class World(Dossier):
    """The company that every simulated vendor shows; `size` is its number of applications."""

    now = NOW

    def __init__(self, seed: int = 7, size: int = 1000) -> None:
        if size < 1:
            raise ValueError("a world needs at least one application")
        self.seed = seed
        self.size = self.applications = size
        self.people = size - self._second_applications(size)
        self._generation_jobs = max(3, min(500, size // 100))
        self.jobs_with_applications = self._generation_jobs * _GENERATIONS
        self.jobs = self.jobs_with_applications + self._generation_jobs  # the last ones are drafts
        self._generation_size = math.ceil(size / _GENERATIONS)
        self._stride = _coprime_near(int(self._generation_jobs * 0.6), self._generation_jobs)
        self.users = max(12, min(400, 10 + self.jobs // 2))
        self.departments = len(words.DEPARTMENTS)
        self.offices = len(words.OFFICES)
        self.sources = len(words.SOURCES)
        self.rejection_reasons = len(words.REASONS)
        self.stages = len(words.STAGES)
        self.tags = len(words.TAGS)
        self._cached_application = functools.lru_cache(maxsize=8192)(self._make_application)
        self._cached_person = functools.lru_cache(maxsize=8192)(self._make_person)
        self._cached_job = functools.lru_cache(maxsize=4096)(self._make_job)
        self._cached_user = functools.lru_cache(maxsize=512)(self._make_user)

    def draw(self, kind: str, index: int) -> Draw:
        """The chances that belong to one record."""
        return Draw(self.seed, kind, index)

    def person(self, index: int) -> Person:
        _check(index, self.people, "person")
        return self._cached_person(index)

    def job(self, index: int) -> Job:
        _check(index, self.jobs, "job")
        return self._cached_job(index)

    def application(self, index: int) -> Application:
        """Higher indexes applied later."""
        _check(index, self.applications, "application")
        return self._cached_application(index)

    def user(self, index: int) -> User:
        """User 0 is an administrator, user 1 a service account; each eleventh has left."""
        _check(index, self.users, "user")
        return self._cached_user(index)

    def department(self, index: int) -> Department:
        name, parent = words.DEPARTMENTS[_check(index, self.departments, "department")]
        return Department(index=index, name=name, parent=parent)

    def office(self, index: int) -> Office:
        name, location, parent = words.OFFICES[_check(index, self.offices, "office")]
        return Office(index=index, name=name, location=location, parent=parent)

    def source(self, index: int) -> Source:
        name, kind = words.SOURCES[_check(index, self.sources, "source")]
        return Source(index=index, name=name, kind=kind)

    def rejection_reason(self, index: int) -> Reason:
        name, side, active = words.REASONS[_check(index, self.rejection_reasons, "reason")]
        return Reason(index=index, name=name, side=side, active=active)

    def stage(self, index: int) -> Stage:
        name, kind = words.STAGES[_check(index, self.stages, "stage")]
        return Stage(index=index, name=name, kind=kind)

    def tag(self, index: int) -> Tag:
        return Tag(index=index, name=words.TAGS[_check(index, self.tags, "tag")])

    def applications_of_person(self, person: int) -> tuple[int, ...]:
        """Indexes of the person's applications, oldest first, without a search."""
        found = [person // 8 * 10 + (0, 1, 2, 3, 5, 6, 7, 8)[person % 8]]
        if person % 2 == 0:
            found.append(person // 2 * 10 + 4)
        if person % 3 == 0:
            found.append(person // 3 * 10 + 9)
        return tuple(sorted(index for index in found if index < self.size))

    def applications_of_job(self, job: int) -> Iterator[int]:
        """Indexes of the job's applications, newest first, without a search."""
        generation, place = divmod(job, self._generation_jobs)
        if generation >= _GENERATIONS:
            return
        start = generation * self._generation_size
        count = min(self._generation_size, self.size - start)
        inverse = pow(self._stride, -1, self._generation_jobs) if self._generation_jobs > 1 else 0
        for block in range((count - 1) // self._generation_jobs, -1, -1):
            step = (place - block) * inverse % self._generation_jobs
            position = block * self._generation_jobs + step
            if position < count:
                yield start + position

    def applications_updated(self, since: datetime | None, until: datetime | None) -> range:
        """A range of indexes that holds all applications updated in [since, until] (and others)."""
        low, high = 0, self.size
        if since is not None:
            seconds = (since - _FIRST_APPLICATION).total_seconds() - _ACTIVITY - _AFTERMATH
            low = max(0, math.floor(seconds * self.size / _SPAN) - 1)
        if until is not None:
            seconds = (until - _FIRST_APPLICATION).total_seconds()
            high = min(self.size, math.ceil(seconds * self.size / _SPAN) + 1)
        return range(min(low, self.size), max(high, 0))

    def people_updated(self, since: datetime | None, until: datetime | None) -> range:
        """A range of indexes that holds all people updated in [since, until] (and others)."""
        span = self.applications_updated(since, until)
        return range(max(0, span.start // 10 * 8 - 8), min(self.people, span.stop // 10 * 8 + 16))

    def uuid(self, kind: str, index: int) -> str:
        """A UUID that `index_of` can read back."""
        mark = self._uuid_mark(kind, index)
        tail = index ^ self._uuid_pad(kind)
        return f"{mark[:8]}-{mark[8:12]}-4{mark[13:16]}-8{mark[17:20]}-{tail:012x}"

    def index_of(self, kind: str, uuid: str) -> int | None:
        """The index in a UUID made by `uuid` for this kind; None for any other."""
        try:
            index = int(uuid[24:], 16) ^ self._uuid_pad(kind)
        except ValueError:
            return None
        return index if index >= 0 and uuid.lower() == self.uuid(kind, index) else None

    def _uuid_mark(self, kind: str, index: int) -> str:
        key = f"{self.seed}/{kind}/{index}"
        return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()

    def _uuid_pad(self, kind: str) -> int:
        digest = hashlib.blake2b(f"{self.seed}/{kind}".encode(), digest_size=6).digest()
        return int.from_bytes(digest)

    @staticmethod
    def _second_applications(count: int) -> int:
        """How many of the first `count` applications come from somebody who applied before."""
        return (count + 5) // 10 + count // 10

    def _person_of(self, index: int) -> int:
        block, place = divmod(index, 10)
        if place == 4:
            return 2 * block
        if place == 9:
            return 3 * block
        return block * 8 + (place if place < 4 else place - 1)

    def _job_of(self, index: int) -> int:
        generation, position = divmod(index, self._generation_size)
        block, step = divmod(position, self._generation_jobs)
        place = (step * self._stride + block) % self._generation_jobs
        return generation * self._generation_jobs + place

    def _applied_at(self, index: int) -> datetime:
        return _FIRST_APPLICATION + timedelta(seconds=index * _SPAN // self.size)

    def _make_person(self, index: int) -> Person:
        draw = self.draw("person", index)
        single = index % 37 == 11
        first = None if single else draw.of(words.FIRST_NAMES)
        last = draw.of(words.SINGLE_NAMES if single else words.LAST_NAMES)
        city, country, phone = draw.of(words.CITIES)
        slug = _slug(f"{first or ''}.{last}")
        email = f"{slug}.{index}@{draw.of(words.MAIL_HOSTS)}"
        title, _ = draw.of(words.TITLES)
        created = self._applied_at(self.applications_of_person(index)[0])
        age = int((NOW - created).total_seconds())
        tags = {draw.below(self.tags) for _ in range(draw.below(3))}
        return Person(
            index=index,
            first=first,
            last=last,
            email=None if draw.below(25) == 0 else email,
            phone=None if draw.below(5) == 0 else phone.format(draw.below(100)),
            city=city,
            country=country,
            company=draw.of(words.COMPANIES),
            title=title,
            linkedin=f"https://www.linkedin.com/in/example-{slug}-{index}"
            if draw.chance(60)
            else None,
            tags=tuple(sorted(tags)),
            school=draw.of(
                ("Example University", "Sample Institute of Technology", "Night School")
            ),
            created_at=created,
            updated_at=created + timedelta(seconds=draw.below(max(1, min(age, _ACTIVITY)))),
        )

    def _make_job(self, index: int) -> Job:
        draw = self.draw("job", index)
        generation = min(index // self._generation_jobs, _GENERATIONS)
        title, department = draw.of(words.TITLES)
        office = draw.below(self.offices)
        status = _job_status(generation, draw.below(100))
        quarter = _SPAN // _GENERATIONS
        opens = _FIRST_APPLICATION + timedelta(seconds=min(generation, 3) * quarter)
        created = opens - timedelta(days=1 + draw.below(50), minutes=draw.below(1440))
        closed = opens + timedelta(seconds=quarter, hours=1 + draw.below(20))
        ended = status in {"closed", "archived"}
        pay = 1000 * (35 + draw.below(90))
        return Job(
            index=index,
            title=draw.of(words.LEVELS) + title,
            code=f"REQ-{1001 + index}",
            department=department,
            office=office,
            status=status,
            hiring_manager=self._active_user(draw.below(self.users)),
            recruiter=self._active_user(draw.below(self.users)),
            confidential=draw.below(20) == 0,
            remote=words.OFFICES[office][0] == "Remote" or draw.chance(20),
            salary_min=pay,
            salary_max=pay + 1000 * (5 + draw.below(40)),
            currency=_CURRENCIES.get(words.OFFICES[office][1].rsplit(", ", 1)[-1], "EUR"),
            headcount=1 + draw.below(4),
            description=f"<p>We look for a <strong>{title}</strong> &amp; good colleague.</p>"
            "<ul><li>Own your work</li><li>Ask questions</li></ul>",
            created_at=created,
            updated_at=closed if ended else min(NOW, opens + timedelta(days=draw.below(90))),
            opened_at=None if status == "draft" else created + timedelta(hours=2),
            closed_at=closed if ended else None,
        )

    def _make_application(self, index: int) -> Application:
        draw = self.draw("application", index)
        job = self._job_of(index)
        applied = self._applied_at(index)
        age = int((NOW - applied).total_seconds())
        updated = applied + timedelta(seconds=draw.below(max(1, min(_ACTIVITY, age))))
        prospect = draw.below(100) < 3
        fate = draw.below(100)
        status = "active" if prospect or fate < 55 else "rejected" if fate < 95 else "hired"
        stage = 6 if status == "hired" else draw.of((1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5))
        reason = draw.below(self.rejection_reasons) if status == "rejected" else None
        return Application(
            index=index,
            person=self._person_of(index),
            job=job,
            stage=0 if prospect else stage,
            status=status,
            withdrawn=reason is not None and words.REASONS[reason][1] == "candidate",
            prospect=prospect,
            applied_at=applied,
            updated_at=updated,
            rejected_at=updated if status == "rejected" else None,
            rejection_reason=reason,
            hired_at=updated if status == "hired" else None,
            source=draw.below(self.sources),
            owner=self.job(job).recruiter,
            answers=tuple(
                Answer(question=question, answer=draw.of(answers))
                for question, answers in words.QUESTIONS[: draw.below(len(words.QUESTIONS) + 1)]
            ),
        )

    def _make_user(self, index: int) -> User:
        draw = self.draw("user", index)
        first, last = draw.of(words.FIRST_NAMES), draw.of(words.LAST_NAMES)
        if index == 1:
            first, last = "Sandbox", "Integration"
        title, department = draw.of(words.TITLES)
        created = FOUNDED + timedelta(days=draw.below(55), minutes=draw.below(1440))
        return User(
            index=index,
            first=first,
            last=last,
            email=f"{_slug(f'{first}.{last}')}.{index}@hiring.example.com",
            title=title,
            role="admin" if index < 2 else draw.of(("recruiter", "hiring_manager", "interviewer")),
            department=department,
            office=draw.below(self.offices),
            active=index % 11 != 10,
            service_account=index == 1,
            employee_id=f"E{2001 + index}",
            created_at=created,
            updated_at=created + timedelta(days=draw.below(600)),
        )

    def _active_user(self, index: int) -> int:
        while index == 1 or index % 11 == 10:
            index = (index + 1) % self.users
        return index


def _job_status(generation: int, chance: int) -> str:
    if generation >= _GENERATIONS:
        return "draft"
    if generation == _GENERATIONS - 1:
        return "open"
    if chance < 30:
        return "open"
    return "closed" if chance < 80 else "archived"


def _slug(text: str) -> str:
    return _NOT_PLAIN.sub("", text.lower()).strip(".")


def _coprime_near(value: int, modulus: int) -> int:
    value = max(1, value)
    while math.gcd(value, modulus) != 1:
        value += 1
    return value


def _check(index: int, count: int, kind: str) -> int:
    if not 0 <= index < count:
        raise IndexError(f"there is no {kind} {index}: the world has {count}")
    return index
