"""Ashby's jobs, stages, interviews, scorecards and offers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import (
    UNSET,
    Compensation,
    CompensationKind,
    CompensationPeriod,
    Department,
    EmploymentType,
    Interview,
    InterviewStatus,
    Job,
    JobInfo,
    JobModel,
    JobPost,
    JobQuery,
    JobStatus,
    Location,
    OfApplications,
    Offer,
    OfferStatus,
    Office,
    Openings,
    PostStatus,
    QuestionType,
    Recommendation,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    ScoreValue,
    Stage,
    StageQuery,
    StageType,
    User,
    WorkplaceType,
)
from tests.connectors.ats.ashby_organisation import (
    MANAGER,
    RECRUITER,
    RINA,
    RINA_RECORD,
    at,
    done,
    file,
    uid,
)
from tests.replay import Replay

TABLES = {
    "POST /department.list": file("departments.list.json"),
    "POST /location.list": file("locations.list.json"),
    "POST /jobPosting.list": file("postings.list.json"),
    "POST /jobPosting.info": file("posting.info.json"),
    "POST /interviewStage.list": file("stages.list.json"),
}

# Jobs and stages.


async def test_a_job_with_its_posting_stages_pay_and_questions() -> None:
    replay = Replay({**TABLES, "POST /job.info": file("job.info.json")})

    job = await replay.connect(Ashby).get_job(uid("job", 1))

    assert job.info == JobInfo(
        id=uid("job", 1),
        title="Crane Operator",
        code="REQ-7",
        description="<p>Lift things.</p>",
        status=JobStatus.OPEN,
        status_source="Open",
        confidential=False,
        employment_type=EmploymentType.FULL_TIME,
        employment_type_source="FullTime",
        workplace_type=WorkplaceType.ON_SITE,
        workplace_type_source="OnSite",
        openings=Openings(total=2, filled=1, open=1),
        created_at=at(10, 9, month=1),
        updated_at=at(1, 9, month=2),
        opened_at=at(12, 9, month=1),
        closed_at=None,
        info_url="https://jobs.ashbyhq.com/harbor/1",
        apply_url="https://jobs.ashbyhq.com/harbor/1/application",
        custom_fields={uid("field", 4): "K7"},
    )
    assert job.departments == [
        Department(id=uid("department", 2), name="Quay", parent_id=uid("department", 1))
    ]
    assert job.offices == [
        Office(
            id=uid("location", 1),
            name="Rotterdam",
            location=Location(
                city="Rotterdam", state="South Holland", country="NL", raw="Rotterdam"
            ),
            parent_id=uid("location", 3),
        ),
        Office(id=uid("location", 2), name="Anywhere", location=None, parent_id=None),
    ]
    assert (job.recruiters, job.hiring_managers) == ([RECRUITER], [MANAGER])
    assert job.posts == [
        JobPost(
            id=uid("posting", 1),
            title="Crane Operator (m/f/x)",
            status=PostStatus.PUBLISHED,
            url="https://jobs.ashbyhq.com/harbor/1",
            apply_url="https://jobs.ashbyhq.com/harbor/1/application",
            content="<p>Lift things.</p>",
            locations=[Location(raw="Rotterdam")],
            published_at=at(12, 10, month=1),
        )
    ]
    assert job.compensation == [
        pay(48000, 56000, CompensationPeriod.YEAR, "1 YEAR", CompensationKind.BASE),
        pay(1000, 1000, CompensationPeriod.NOT_SPECIFIED, "NONE", CompensationKind.OTHER),
    ]
    assert isinstance(job.questions, list)
    assert [(one.id, one.type, one.required) for one in job.questions] == [
        ("why", QuestionType.TEXT, True),
        ("licence", QuestionType.SINGLE_CHOICE, True),
    ]
    assert isinstance(job.stages, list)
    assert [(one.text, one.type, one.job_id) for one in job.stages] == [
        ("New Lead", StageType.LEAD, uid("job", 1)),
        ("Paper sift", StageType.SCREEN, uid("job", 1)),
        ("Harbour tour", StageType.INTERVIEW, uid("job", 1)),
        ("Offer", StageType.OFFER, uid("job", 1)),
        ("Hired", StageType.HIRED, uid("job", 1)),
        ("Archived", StageType.REJECTED, uid("job", 1)),
    ]


def pay(
    low: int, high: int, period: CompensationPeriod, word: str, kind: CompensationKind
) -> Compensation:
    return Compensation(
        min=Decimal(low),
        max=Decimal(high),
        currency="EUR",
        period=period,
        period_source=word,
        kind=kind,
    )


async def test_a_list_of_jobs_joins_tables_once_and_leaves_dear_parts_out() -> None:
    replay = Replay({**TABLES, "POST /job.list": file("jobs.list.json")})
    ashby = replay.connect(Ashby)

    known, strange = await ashby.list_jobs(JobQuery()).all()
    await ashby.list_jobs(JobQuery()).all()

    assert replay.sent[0].body == {
        "status": ["Open", "Closed", "Draft", "Archived"],
        "expand": ["openings"],
        "limit": 100,
    }
    paths = [one.path for one in replay.sent]
    assert sorted(paths) == [
        "/department.list",
        "/job.list",
        "/job.list",
        "/jobPosting.list",
        "/location.list",
    ]
    assert (known.stages, known.compensation, known.questions) == (UNSET, UNSET, UNSET)
    assert known.info.description is UNSET
    assert strange == Job(
        info=JobInfo(
            id=uid("job", 2),
            title="Pilot",
            code=None,
            status=JobStatus.NOT_SPECIFIED,
            status_source="Mothballed",
            confidential=False,
            employment_type=EmploymentType.NOT_SPECIFIED,
            employment_type_source="Seasonal",
            openings=Openings(total=1),
            created_at=at(10, 9, month=1),
            updated_at=at(1, 9, month=2),
            opened_at=at(12, 9, month=1),
            closed_at=None,
            info_url=None,
            apply_url=None,
            custom_fields={},
        ),
        departments=[Department(id=uid("department", 9))],
        offices=[Office(id=uid("location", 9))],
        hiring_managers=[],
        recruiters=[],
        posts=[],
    )


async def test_jobs_are_asked_for_by_all_their_statuses() -> None:
    replay = Replay({"POST /job.list": done([])})
    query = JobQuery(status=(JobStatus.OPEN, JobStatus.DRAFT), models=(JobModel.STAGES,))
    pages = replay.connect(Ashby).list_jobs(query)

    await pages.all()

    assert replay.sent[0].body["status"] == ["Open", "Draft"]
    assert pages.applied == {"status"}
    assert len(replay.sent) == 1


async def test_a_stage_of_a_plan_names_a_job_only_when_the_job_was_asked_for() -> None:
    replay = Replay(
        {
            **TABLES,
            "POST /job.info": file("job.info.json"),
            "POST /interviewPlan.list": done([{"id": uid("plan", 1), "title": "Cranes"}]),
        }
    )
    ashby = replay.connect(Ashby)

    of_job = await ashby.list_stages(StageQuery(job_id=(uid("job", 1),))).all()
    every = await ashby.list_stages(StageQuery()).all()

    assert of_job[0] == Stage(
        id=uid("stage", 1),
        text="New Lead",
        type=StageType.LEAD,
        type_source="Lead",
        order=0,
        job_id=uid("job", 1),
    )
    assert {stage.job_id for stage in every} == {UNSET}
    stage_calls = [one.body for one in replay.sent if one.path == "/interviewStage.list"]
    assert stage_calls == [{"interviewPlanId": uid("plan", 1)}]


# What hangs on an application or a candidate.


async def test_an_interview_is_an_event_or_a_schedule_that_has_none_yet() -> None:
    replay = Replay(
        {
            "POST /interviewSchedule.list": file("schedules.list.json"),
            "POST /interview.list": file("templates.list.json"),
            "POST /interviewPlan.list": done([{"id": uid("plan", 1)}]),
            "POST /interviewStage.list": file("stages.list.json"),
            "POST /user.info": done(RINA_RECORD),
        }
    )
    query = OfApplications(application_id=(uid("application", 1),))

    tour, talk, waiting = await replay.connect(Ashby).list_interviews(query).all()

    assert tour == Interview(
        id=uid("event", 1),
        application_id=uid("application", 1),
        subject="Walk along the quay",
        type="Tour",
        status=InterviewStatus.SCHEDULED,
        status_source="Scheduled",
        scheduled_start=at(5, 9),
        scheduled_end=at(5, 9, 45),
        location="Quay 4",
        meeting_url=None,
        stage=Stage(
            id=uid("stage", 3),
            text="Harbour tour",
            type=StageType.INTERVIEW,
            type_source="Active",
            order=2,
        ),
        interviewers=[
            User(
                id=uid("user", 2),
                email="olav@harbor.example",
                first_name="Olav",
                last_name="Berg",
                roles=["Limited Access"],
                active=True,
            )
        ],
        organizer=RINA,
        created_at=datetime(2026, 3, 3, 10, 0, 1, tzinfo=UTC),
        updated_at=at(4, 10),
    )
    assert (talk.subject, talk.interviewers) == (None, [RINA])
    assert (waiting.id, waiting.status, waiting.scheduled_start) == (
        uid("schedule", 2),
        InterviewStatus.UNSCHEDULED,
        None,
    )
    assert replay.sent[0].body == {"applicationId": uid("application", 1), "limit": 100}


async def test_a_scorecard_has_its_form_and_a_recommendation_out_of_four() -> None:
    replay = Replay({"POST /applicationFeedback.list": file("feedback.list.json")})

    (card,) = await replay.connect(Ashby).list_scorecards(OfApplications()).all()

    four = ScoreValue(value=Decimal(4), min=Decimal(1), max=Decimal(4))
    three = ScoreValue(value=Decimal(3), min=Decimal(1), max=Decimal(4))
    assert card == Scorecard(
        id=uid("feedback", 1),
        application_id=uid("application", 1),
        interview_id=uid("event", 1),
        author=RINA,
        recommendation=Recommendation.STRONG_YES,
        recommendation_source="4",
        score=four,
        sections=[
            ScorecardSection(
                label="Verdict",
                fields=[
                    ScorecardField(label="Overall", value="Strong Yes"),
                    ScorecardField(label="Balance", score=three, note="A little shaky"),
                    ScorecardField(label="Remarks", value="<p>Hire.</p>"),
                ],
            )
        ],
        submitted_at=at(5, 12),
    )


async def test_an_offer_is_its_latest_version() -> None:
    replay = Replay({"POST /offer.list": file("offers.list.json")})

    (offer,) = await replay.connect(Ashby).list_offers(OfApplications()).all()

    assert offer == Offer(
        id=uid("offer", 1),
        application_id=uid("application", 3),
        status=OfferStatus.ACCEPTED,
        status_source="Accepted",
        closed_at=at(20, 9),
        accepted_at=at(20, 9),
        start_date=date(2026, 5, 1),
        compensation=[Compensation(min=Decimal("51000.5"), max=Decimal("51000.5"), currency="EUR")],
        version=2,
        created_at=at(12, 9),
    )


@pytest.mark.parametrize(
    ("acceptance", "process", "status", "word"),
    [
        ("Declined", "CandidateRejected", OfferStatus.DECLINED, "Declined"),
        ("Cancelled", None, OfferStatus.WITHDRAWN, "Cancelled"),
        ("Created", "WaitingOnOfferApproval", OfferStatus.PENDING_APPROVAL, None),
        ("Pending", "WaitingOnCandidateResponse", OfferStatus.SENT, None),
        ("Created", None, OfferStatus.DRAFT, "Created"),
        ("Pending", "Levitating", OfferStatus.SENT, "Pending"),
        (None, "Levitating", OfferStatus.NOT_SPECIFIED, "Levitating"),
    ],
)
async def test_an_offer_stands_as_the_candidate_or_else_the_process_says(
    acceptance: str | None, process: str | None, status: OfferStatus, word: str | None
) -> None:
    offer = {"id": "o", "acceptanceStatus": acceptance, "offerStatus": process}
    replay = Replay({"POST /offer.list": done([offer])})

    (found,) = await replay.connect(Ashby).list_offers(OfApplications()).all()

    assert (found.status, found.status_source) == (status, word or process)
