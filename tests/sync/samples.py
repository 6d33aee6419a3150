"""One application with every section, for the tests of what syncs emit."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hireloom.models import (
    Applicant,
    Application,
    ApplicationInfo,
    ApplicationStatus,
    Attachment,
    Compensation,
    Email,
    EmailType,
    Interview,
    InterviewStatus,
    Offer,
    OfferStatus,
    Source,
    Stage,
    StageType,
    User,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
APPLIED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)

RECRUITER = User(id="u1", email="rita@example.com", first_name="Rita", active=True)

INFO = ApplicationInfo(
    id="70001",
    status=ApplicationStatus.ACTIVE,
    status_source="active",
    candidate=Applicant(
        id="50001",
        first_name="Ines",
        emails=[
            Email(email="ines@example.com", type=EmailType.PERSONAL),
            Email(email="duarte@work.example"),
        ],
    ),
    source=Source(id="7", name="Careers page"),
    applied_at=APPLIED,
    updated_at=NOW,
    rejected_at=None,
    job_id="4001",
    owner=RECRUITER,
    is_prospect=False,
    tags=["silver", "python"],
    custom_fields={
        "level": "L5",
        "score": 0.1,
        "skills": ["sql", "go"],
        "salary": {"amount": 120000, "unit": "EUR"},
        "start.date": "2026-12-01",
        "remote": True,
    },
)

APPLICATION = Application(
    info=INFO,
    current_stage=Stage(id="s1", text="Phone screen", type=StageType.SCREEN, order=2),
    interviews=[
        Interview(id="i1", status=InterviewStatus.SCHEDULED, updated_at=NOW),
        Interview(id="i2", status=InterviewStatus.COMPLETE, interviewers=[RECRUITER]),
    ],
    rejection=None,
    offers=[
        Offer(
            id="o1",
            status=OfferStatus.SENT,
            start_date=date(2026, 12, 1),
            compensation=[Compensation(min=Decimal("0.1"), max=Decimal(200), currency="EUR")],
        )
    ],
    attachments=[
        Attachment(
            id="a1", name="cv.pdf", link="https://files.example/1?sig=1", link_expires_at=NOW
        )
    ],
)
