"""Greenhouse Harvest v3: the tables that a page refers to, looked up by id, fifty ids to a call.

People's records are looked up for each page; what rarely changes (users, stages, sources, reasons,
places) is remembered for a while. A list that belongs to a section that nobody wants is not asked.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from hireloom import kit
from hireloom.connectors.ats._greenhouse_job_records import (
    GreenhouseJob,
    GreenhouseJobUser,
    GreenhouseOpening,
    GreenhousePayRange,
    GreenhousePost,
    GreenhousePostLocation,
    GreenhouseStage,
)
from hireloom.connectors.ats._greenhouse_people import grouped, numbers
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseApplication,
    GreenhouseApplicationStage,
    GreenhouseAttributeRating,
    GreenhouseCandidate,
    GreenhouseChosenOption,
    GreenhouseEducation,
    GreenhouseEmployment,
    GreenhouseInterview,
    GreenhouseInterviewer,
    GreenhouseNote,
    GreenhouseRejection,
    GreenhouseScorecard,
    GreenhouseScorecardAnswer,
)
from hireloom.connectors.ats._greenhouse_remembered import (
    named,
    places,
    questions,
    reasons,
    referrers,
    slots,
    sources,
    stages,
    users,
)
from hireloom.connectors.ats._greenhouse_shapes import stage_id_of
from hireloom.connectors.ats._greenhouse_tables import (
    ApplicationTables,
    CandidateTables,
    InterviewTables,
    JobTables,
    RefusedFilter,
    ScorecardTables,
)
from hireloom.models import ApplicationModel, ApplicationQuery, CandidateModel, JobModel

S = TypeVar("S")
OF_THE_COMPANY = {"job_id", "job_post_id", "custom_field_id"}  # parents that are about nobody


async def children(
    ats: kit.Connector, path: str, shape: type[S], key: str, ids: Iterable[int | str]
) -> dict[int, list[S]]:
    """The rows of a list that belong to some parents, by parent: `job_id` is asked as `job_ids`.

    Not all of these filters are documented. Where one is refused, the table is read whole. What is
    below zero is a dry run's number, and no parent of anything.
    """
    wanted = {str(one) for one in ids if int(one) > 0}
    rows = await rows_of(ats, path, shape, key, wanted) if wanted else []
    return {parent: own for parent, own in grouped(rows, key).items() if str(parent) in wanted}


async def rows_of(
    ats: kit.Connector, path: str, shape: type[S], key: str, wanted: set[str]
) -> list[S]:
    """The rows by a filter, or all of them; that a filter is refused is remembered for a while,

    and so are the rows of the company's own tables: those about people are read again each time.
    """
    taken: list[S] | None = None

    async def first(_: list[str]) -> list[RefusedFilter[S]]:
        nonlocal taken
        try:
            taken = await ats.look_up(path, shape, wanted, by=f"{key}s")
        except kit.RejectedError:
            taken = await ats.everything(path, shape)
            return [RefusedFilter(key, taken if key in OF_THE_COMPANY else None)]
        return []

    refused = (await ats.remember(f"{path} by {key}", [key], first)).get(key)
    if taken is not None:
        return taken
    if refused is None:
        return await ats.look_up(path, shape, wanted, by=f"{key}s")
    return await ats.everything(path, shape) if refused.rows is None else refused.rows


async def candidates(ats: kit.Connector, ids: set[str]) -> dict[str, GreenhouseCandidate]:
    found = await ats.look_up("/candidates", GreenhouseCandidate, ids)
    return {str(one.id): one for one in found}


async def stays(
    ats: kit.Connector, applications: Iterable[int], current: bool | None = None
) -> dict[int, list[GreenhouseApplicationStage]]:
    """Where applications are, or all the places where they have been."""
    found = await ats.look_up(
        "/application_stages",
        GreenhouseApplicationStage,
        [str(one) for one in applications],
        by="application_ids",
        params={"current": current},
    )
    return grouped(found, "application_id")


async def moved_within(
    ats: kit.Connector, applications: Sequence[GreenhouseApplication], query: ApplicationQuery
) -> list[GreenhouseApplication]:
    """The applications that entered a stage last within the query's window, whatever became of

    them since.
    """
    history = await stays(ats, [one.id for one in applications])
    last = {
        number: max(times)
        for number, held in history.items()
        if (times := [at for stay in held if (at := kit.utc(stay.entered_at)) is not None])
    }
    after, before = kit.utc(query.changed_stage_after), kit.utc(query.changed_stage_before)
    return [
        one
        for one in applications
        if one.id in last
        and (after is None or last[one.id] >= after)
        and (before is None or last[one.id] <= before)
    ]


async def application_tables(
    ats: kit.Connector,
    applications: Sequence[GreenhouseApplication],
    wanted: set[ApplicationModel],
) -> ApplicationTables:
    look = ApplicationTables(answered=ApplicationModel.QUESTION_RESPONSES in wanted)
    jobs = []
    if ApplicationModel.INFO in wanted:
        jobs.append(add_people(ats, look, applications))
    if ApplicationModel.STAGE in wanted:
        jobs.append(add_current(ats, look, applications))
    if ApplicationModel.REJECTION in wanted:
        jobs.append(add_rejections(ats, look, [one for one in applications if one.is_rejected]))
    await kit.gather(*jobs)
    stays_ = [one for held in (look.current, look.history) for one in (held or {}).values()]
    now = {
        str(number)
        for one in applications
        if look.current is not None
        and one.has_stage
        and (number := stage_id_of(one, look.current.get(one.id, ()))) is not None
    }
    look.stages = await stages(
        ats, now | {one for held in stays_ for one in numbers(held, "job_interview_stage_id")}
    )
    return look


async def add_people(
    ats: kit.Connector, look: ApplicationTables, applications: Sequence[GreenhouseApplication]
) -> None:
    """Who applies, where they came from, who looks after them and who is credited."""
    look.candidates = await candidates(ats, numbers(applications, "candidate_id"))
    look.sources = await sources(ats, numbers(applications, "source_id"))
    look.referrers = await referrers(ats, numbers(applications, "referrer_id"))
    people = numbers(applications, "recruiter_id") | numbers(look.referrers.values(), "user_id")
    look.users.update(await users(ats, people))


async def add_current(
    ats: kit.Connector, look: ApplicationTables, applications: Sequence[GreenhouseApplication]
) -> None:
    look.current = await stays(ats, [one.id for one in applications if one.has_stage], True)


async def add_rejections(
    ats: kit.Connector, look: ApplicationTables, applications: Sequence[GreenhouseApplication]
) -> None:
    ids = [one.id for one in applications]
    look.history = await stays(ats, ids)
    look.rejections = await children(
        ats, "/rejection_details", GreenhouseRejection, "application_id", ids
    )
    details = [one for held in look.rejections.values() for one in held]
    look.reasons = await reasons(
        ats,
        numbers(details, "rejection_reason_id") | numbers(applications, "rejection_reason_id"),
    )
    notes = await ats.look_up("/notes", GreenhouseNote, numbers(details, "rejection_note_id"))
    look.notes = {str(one.id): one for one in notes}
    look.users.update(await users(ats, numbers(details, "rejected_by_id")))


async def candidate_tables(
    ats: kit.Connector, people: Sequence[GreenhouseCandidate], wanted: set[CandidateModel]
) -> CandidateTables:
    look = CandidateTables(located=CandidateModel.LOCATIONS in wanted)
    ids = [one.id for one in people]

    async def add_applications() -> None:
        look.applications = await children(
            ats, "/applications", GreenhouseApplication, "candidate_id", ids
        )

    async def add_educations() -> None:
        found = await children(
            ats, "/candidate_educations", GreenhouseEducation, "candidate_id", ids
        )
        chosen = {
            str(one)
            for held in found.values()
            for education in held
            for one in education.options
            if one is not None
        }
        look.options = await named(ats, "/custom_field_options", chosen)
        look.educations = found

    async def add_employments() -> None:
        look.employments = await children(
            ats, "/candidate_employments", GreenhouseEmployment, "candidate_id", ids
        )

    jobs = (
        (CandidateModel.INFO, add_applications),
        (CandidateModel.EDUCATION, add_educations),
        (CandidateModel.EXPERIENCES, add_employments),
    )
    await kit.gather(*(add() for model, add in jobs if model in wanted))
    return look


async def job_tables(
    ats: kit.Connector, jobs: Sequence[GreenhouseJob], wanted: set[JobModel]
) -> JobTables:
    look = JobTables(asked=frozenset(wanted))
    ids = [one.id for one in jobs]

    async def add_places() -> None:
        if wanted & {JobModel.DEPARTMENTS}:
            look.departments = await places(ats, "/departments", numbers(jobs, "department_id"))
        if wanted & {JobModel.OFFICES}:
            offices = {str(one) for job in jobs for one in job.office_ids or ()}
            look.offices = await places(ats, "/offices", offices)

    async def add_openings() -> None:
        if JobModel.INFO in wanted:
            look.openings = await children(ats, "/openings", GreenhouseOpening, "job_id", ids)

    async def add_stages() -> None:
        if JobModel.STAGES in wanted:
            look.stages = await children(
                ats, "/job_interview_stages", GreenhouseStage, "job_id", ids
            )

    await kit.gather(
        add_places(),
        add_openings(),
        add_stages(),
        add_team(ats, look, ids),
        add_posts(ats, look, ids),
    )
    return look


async def add_team(ats: kit.Connector, look: JobTables, ids: Sequence[int]) -> None:
    if JobModel.HIRING_MANAGERS in look.asked:
        look.managers = await children(
            ats, "/job_hiring_managers", GreenhouseJobUser, "job_id", ids
        )
    if JobModel.RECRUITERS in look.asked:
        look.owners = await children(ats, "/job_owners", GreenhouseJobUser, "job_id", ids)
    tables = (look.managers or {}, look.owners or {})
    members = [one for table in tables for held in table.values() for one in held]
    look.users = await users(ats, numbers(members, "user_id"))


async def add_posts(ats: kit.Connector, look: JobTables, ids: Sequence[int]) -> None:
    """Postings that are not deleted; the list shows others only when it is asked for them."""
    if not look.asked & {JobModel.INFO, JobModel.POSTS, JobModel.QUESTIONS, JobModel.COMPENSATION}:
        return
    look.posts = await children(ats, "/job_posts", GreenhousePost, "job_id", ids)
    posts = [one.id for held in look.posts.values() for one in held]
    if JobModel.POSTS in look.asked:
        look.locations = await children(
            ats, "/job_post_locations", GreenhousePostLocation, "job_post_id", posts
        )
        offices = {
            office
            for held in look.locations.values()
            for office in numbers([one for one in held if not one.plain_text_location], "office_id")
        }
        look.post_offices = await places(ats, "/offices", offices)
    if JobModel.COMPENSATION in look.asked:
        look.pay = await pay(ats, posts)


async def pay(ats: kit.Connector, posts: Sequence[int]) -> dict[int, list[GreenhousePayRange]]:
    """UNCONFIRMED whether accounts without pay transparency have this list; a 404 is no pay."""
    try:
        return await children(ats, "/pay_input_ranges", GreenhousePayRange, "job_post_id", posts)
    except kit.ResourceNotFoundError:
        return {}


async def interview_tables(
    ats: kit.Connector, interviews: Sequence[GreenhouseInterview]
) -> InterviewTables:
    planned = await slots(ats, numbers(interviews, "job_interview_id"))
    held = await children(
        ats, "/interviewers", GreenhouseInterviewer, "interview_id", [one.id for one in interviews]
    )
    people = numbers((one for group in held.values() for one in group), "user_id")
    return InterviewTables(
        slots=planned,
        stages=await stages(ats, numbers(planned.values(), "job_interview_stage_id")),
        interviewers=held,
        users=await users(ats, people | numbers(interviews, "organizer_id")),
    )


async def scorecard_tables(
    ats: kit.Connector, cards: Sequence[GreenhouseScorecard]
) -> ScorecardTables:
    ids = [one.id for one in cards]
    applications = numbers(cards, "application_id")
    answers = await children(
        ats, "/scorecard_question_answers", GreenhouseScorecardAnswer, "scorecard_id", ids
    )
    ratings = await children(
        ats, "/scorecard_candidate_attributes", GreenhouseAttributeRating, "scorecard_id", ids
    )
    given = [one for held in answers.values() for one in held]
    rated = [one for held in ratings.values() for one in held]
    owners = await ats.look_up("/applications", GreenhouseApplication, applications)
    return ScorecardTables(
        users=await users(ats, numbers(cards, "submitter_id") | numbers(cards, "interviewer_id")),
        candidates={one.id: kit.to_id(one.candidate_id) for one in owners},
        interviews=await interviews_of(ats, applications),
        answers=answers,
        questions=await questions(ats, numbers(given, "scorecard_question_id")),
        chosen=await chosen(ats, given),
        ratings=ratings,
        attributes=await named(
            ats, "/job_candidate_attributes", numbers(rated, "job_candidate_attribute_id")
        ),
    )


async def interviews_of(ats: kit.Connector, applications: set[str]) -> dict[int, str]:
    """The interview of each scorecard: only the interviewers' rows know it."""
    held = await ats.look_up("/interviews", GreenhouseInterview, applications, by="application_ids")
    rows = await ats.look_up(
        "/interviewers", GreenhouseInterviewer, numbers(held, "id"), by="interview_ids"
    )
    return {
        one.scorecard_id: str(one.interview_id)
        for one in rows
        if one.scorecard_id is not None and one.interview_id is not None
    }


async def chosen(
    ats: kit.Connector, answers: Sequence[GreenhouseScorecardAnswer]
) -> dict[int, list[str]]:
    """The names of the options that were chosen, by answer; texts and yes-or-no need none."""
    open_ = [one.id for one in answers if one.answer is None and one.boolean_value is None]
    rows = await children(
        ats,
        "/scorecard_question_answer_options",
        GreenhouseChosenOption,
        "scorecard_question_answer_id",
        open_,
    )
    ids = {one for held in rows.values() for one in numbers(held, "scorecard_question_option_id")}
    options = await named(ats, "/scorecard_question_options", ids)
    names = {
        answer: [options.get(str(one.scorecard_question_option_id)) for one in held]
        for answer, held in rows.items()
    }
    return {
        answer: [one.name for one in found if one and one.name] for answer, found in names.items()
    }
