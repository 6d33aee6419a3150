"""What hangs on an opportunity in Lever's words: notes, interviews, feedback, forms, papers."""

from hireloom.sandbox import _lever_forms as forms
from hireloom.sandbox._lever_calls import millis
from hireloom.sandbox._lever_company import Company
from hireloom.sandbox._lever_fields import RATINGS
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._resume import pdf, resume_pdf
from hireloom.sandbox._shapes import Application, Attachment, Interview, Offer, Scorecard

NO_FEEDBACK = "no-feedback"  # the template id of an interviewer who need not write any
TIMEZONE = "Europe/Berlin"

RATING_TEXT = {
    "strong_yes": RATINGS[0],
    "yes": RATINGS[1],
    "no": RATINGS[2],
    "strong_no": RATINGS[3],
}
OFFER_STATUS = {
    "draft": "draft",
    "sent": "sent",
    "accepted": "signed",
    "declined": "denied",
    "deprecated": "draft",
}


class Papers:
    """Makes the records below one opportunity of the world."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.world = company.world

    def _application(self, index: int) -> Application | None:
        return self.world.application(index) if index < self.world.applications else None

    def notes(self, index: int) -> list[Json]:
        applied = self._application(index)
        if applied is None:
            return []
        stage = self.company.stage_id(self.company.stage_of(applied.stage))
        return [
            note(
                self.company.id("note", row.index),
                text=row.body,
                user=self.company.id("user", row.author),
                when=millis(row.created_at) or 0,
                stage=stage,
                secret=row.private,
            )
            for row in self.world.notes_of(applied)
        ]

    def interviews(self, index: int) -> list[Json]:
        applied = self._application(index)
        rows = () if applied is None else self.world.interviews_of(applied)
        return [self._interview(applied, row) for row in rows if applied is not None]

    def _interview(self, applied: Application, row: Interview) -> Json:
        company = self.company
        cards = [card for card in self.world.scorecards_of(applied) if card.interview == row.index]
        gone = row.status == "canceled"
        return {
            "id": company.id("interview", row.index),
            "panel": company.id("panel", row.index),
            "subject": row.name,
            "note": row.video_url,
            "interviewers": [
                interviewer(
                    company.user(user), company.id("feedback-template", self._template(row))
                )
                for user in row.interviewers
            ],
            "timezone": TIMEZONE,
            "createdAt": millis(row.created_at),
            "date": millis(row.starts_at),
            "duration": int((row.ends_at - row.starts_at).total_seconds()) // 60,
            "location": row.location,
            "feedbackTemplate": company.id("feedback-template", self._template(row)),
            "feedbackForms": [company.id("feedback", card.index) for card in cards],
            "feedbackReminder": "daily",
            "user": company.id("user", row.organizer),
            "stage": company.stage_id(company.stage_of(row.stage)),
            "canceledAt": millis(row.updated_at) if gone else None,
            "postings": [] if applied.prospect else [company.id("posting", applied.job)],
            "gcalEventUrl": None,
            "opportunityId": company.id("opportunity", applied.index),
        }

    def panels(self, index: int) -> list[Json]:
        """A recruiter's interviews each have a panel of their own."""
        links = [self.company.id("application", index)]
        return [panel(row, links, managed=False) for row in self.interviews(index)]

    def feedback(self, index: int) -> list[Json]:
        applied = self._application(index)
        cards = () if applied is None else self.world.scorecards_of(applied)
        return [self._feedback(card) for card in cards]

    def _feedback(self, card: Scorecard) -> Json:
        template = card.interview % 2
        base = self.template(template)
        values = [
            RATING_TEXT.get(card.rating or ""),
            [{"score": card.points, "comment": None}],
            None,
        ]
        values[2] = card.remark if card.submitted_at else None
        return {
            "id": self.company.id("feedback", card.index),
            "type": "interview",
            "text": base["text"],
            "instructions": base["instructions"],
            "fields": [
                {**field, "value": value}
                for field, value in zip(base["fields"], values, strict=True)
            ],
            "baseTemplateId": base["id"],
            "interview": self.company.id("interview", card.interview),
            "panel": self.company.id("panel", card.interview),
            "user": self.company.id("user", card.interviewer),
            "createdAt": millis(card.created_at),
            "completedAt": millis(card.submitted_at),
            "updatedAt": millis(card.updated_at),
            "deletedAt": None,
        }

    def _template(self, row: Interview) -> int:
        return row.index % 2

    def template(self, index: int) -> Json:
        return forms.template(self.company, index)

    def form_template(self, index: int) -> Json:
        return forms.form_template(self.company, index)

    def forms(self, index: int) -> list[Json]:
        """A profile form for every fifth opportunity: here live custom candidate data."""
        applied = self._application(index)
        return [] if applied is None or index % 5 else [forms.form(self.company, applied)]

    def referrals(self, index: int) -> list[Json]:
        applied = self._application(index)
        if applied is None or self.world.source(applied.source).kind != "referral":
            return []
        return [forms.referral(self.company, applied)]

    def offers(self, index: int) -> list[Json]:
        applied = self._application(index)
        rows = () if applied is None else self.world.offers_of(applied)
        return [self._offer(applied, row) for row in rows if applied is not None]

    def _offer(self, applied: Application, row: Offer) -> Json:
        company = self.company
        person = self.world.person(applied.person)
        status = OFFER_STATUS[row.status]
        signed = millis(row.resolved_at) if status == "signed" else None
        path = f"opportunities/{company.id('opportunity', applied.index)}/offers"
        name = f"offer_{applied.index}"
        identifier = company.id("offer", row.index)
        url = f"https://api.lever.co/v1/{path}/{identifier}/download?status="
        return {
            "id": identifier,
            "createdAt": millis(row.created_at),
            "status": status,
            "creator": company.id("user", applied.owner),
            "fields": offer_fields(row),
            "signatures": {
                "candidate": {
                    "role": "candidate",
                    "name": person.name,
                    "email": person.email,
                    "firstOpenedAt": signed,
                    "lastOpenedAt": signed,
                    "signedAt": signed,
                    "signed": signed is not None,
                }
            },
            "approved": True if status != "draft" else None,
            "approvedAt": millis(row.sent_at),
            "sentAt": millis(row.sent_at),
            "posting": company.id("posting", applied.job),
            "sentDocument": document(f"{name}.pdf", millis(row.sent_at), url + "sent"),
            "signedDocument": document(f"{name}_signed.pdf", signed, url + "signed"),
        }

    def resumes(self, index: int) -> list[Json]:
        return [self._resume(row) for row in self._attachments(index) if row.kind == "resume"]

    def _resume(self, row: Attachment) -> Json:
        person = self.world.person(row.person)
        identifier = self.company.id("resume", row.index)
        opportunity = self.company.id("opportunity", row.application)
        return {
            "id": identifier,
            "createdAt": millis(row.created_at),
            "file": file_facts(
                row.filename,
                len(resume_pdf(person)),
                millis(row.created_at),
                f"{opportunity}/resumes/{identifier}",
            ),
            "parsedData": {
                "positions": [
                    {
                        "org": person.company,
                        "title": person.title,
                        "summary": "",
                        "location": person.city,
                        "start": {"year": 2021, "month": 3},
                        "end": None,
                    }
                ],
                "schools": [{"org": person.school, "degree": "BSc", "field": None, "summary": ""}],
            },
        }

    def files(self, index: int) -> list[Json]:
        return [self._file(row) for row in self._attachments(index) if row.kind != "resume"]

    def _file(self, row: Attachment) -> Json:
        identifier = self.company.id("file", row.index)
        place = f"{self.company.id('opportunity', row.application)}/files/{identifier}"
        return {
            "id": identifier,
            **file_facts(row.filename, len(letter(row)), millis(row.created_at), place),
        }

    def _attachments(self, index: int) -> tuple[Attachment, ...]:
        applied = self._application(index)
        return () if applied is None else self.world.attachments_of(applied)


def letter(row: Attachment) -> bytes:
    return pdf([f"Cover letter of applicant {row.person}", "I would like to work with you."])


def note(
    identifier: str, *, text: str, user: str | None, when: int, stage: str, secret: bool
) -> Json:
    return {
        "id": identifier,
        "text": "Note",
        "fields": [comment(text, user=user, when=when, stage=stage)],
        "user": user,
        "secret": secret,
        "completedAt": when,
        "deletedAt": None,
        "createdAt": when,
    }


def comment(
    text: str, *, user: str | None, when: int, stage: str, score: int | None = None
) -> Json:
    return {
        "createdAt": when,
        "score": score,
        "stage": stage,
        "text": "Comment",
        "type": "note",
        "user": user,
        "value": text,
    }


def interviewer(user: Json, template: str) -> Json:
    return {**{name: user[name] for name in ("id", "name", "email")}, "feedbackTemplate": template}


def panel(interview: Json, links: list[str], *, managed: bool) -> Json:
    """The panel of one interview; those that API clients make may hold several."""
    return {
        "id": interview["panel"],
        "applications": links,
        "canceledAt": interview["canceledAt"],
        "createdAt": interview["createdAt"],
        "end": interview["date"] + interview["duration"] * 60_000,
        "externallyManaged": managed,
        "externalUrl": None,
        "feedbackReminder": interview["feedbackReminder"],
        "interviews": [panel_interview(interview)],
        "note": None,
        "stage": interview["stage"],
        "start": interview["date"],
        "timezone": interview["timezone"],
        "user": interview["user"],
    }


def panel_interview(interview: Json) -> Json:
    """An interview as its panel shows it: shorter, but with the interviewers' replies."""
    names = ("id", "date", "duration", "feedbackReminder", "feedbackTemplate")
    people = [{**one, "responseStatus": "needsAction"} for one in interview["interviewers"]]
    rest = {name: interview[name] for name in ("location", "note", "subject")}
    return {**{name: interview[name] for name in names}, "interviewers": people, **rest}


def offer_fields(row: Offer) -> list[Json]:
    return [
        {"text": "Salary", "identifier": "salary_amount", "value": row.salary},
        {"text": "Currency", "identifier": "salary_currency", "value": row.currency},
        {
            "text": "Start date",
            "identifier": "anticipated_start_date",
            "value": millis(row.starts_on),
        },
    ]


def document(name: str, when: int | None, url: str) -> Json | None:
    return None if when is None else {"fileName": name, "uploadedAt": when, "downloadUrl": url}


def file_facts(name: str, size: int, when: int | None, place: str) -> Json:
    return {
        "name": name,
        "ext": name.rpartition(".")[2],
        "downloadUrl": f"https://api.lever.co/v1/opportunities/{place}/download",
        "uploadedAt": when,
        "status": "processed",
        "size": size,
    }
