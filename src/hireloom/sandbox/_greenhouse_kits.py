"""Greenhouse: the interviews of jobs, and the kits whose scorecards are filled in for them."""

from collections.abc import Iterator
from typing import Any

import msgspec

from hireloom.sandbox._greenhouse_company import STAGES_OF_JOB, dated, of_job
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_query import stamp
from hireloom.sandbox.world import World

Record = dict[str, Any]


class Question(msgspec.Struct, frozen=True):
    text: str
    kind: str
    options: tuple[str, ...] = ()


class Meeting(msgspec.Struct, frozen=True):
    """An interview of a job; take-home tests are interviews too, for which nobody meets."""

    stage: int
    name: str
    minutes: int | None
    questions: tuple[Question, ...]
    scheduling: str = "needs_scheduling"


TALK = (
    Question("What stood out?", "text"),
    Question("Would you work with this person?", "yes_no"),
)
MEETINGS = (
    Meeting(2, "Phone screen", 30, TALK),
    Meeting(
        3,
        "Technical Coding Assessment",
        None,
        (
            Question("Summary", "text"),
            Question("Result", "single_select", ("Pass", "Fail", "Review")),
            Question("Languages used", "multi_select", ("Python", "SQL", "Go", "TypeScript")),
            Question("Finished in time?", "yes_no"),
        ),
        "take_home_test",
    ),
    Meeting(4, "Panel interview", 60, TALK),
)
TALKS = (0, 2)  # places of the interviews that every job has
TEST = 1
MEETINGS_OF_JOB = 3
QUESTIONS_EACH = 4
QUESTIONS_OF_JOB = MEETINGS_OF_JOB * QUESTIONS_EACH
OPTIONS_EACH = 4
OPTIONS_OF_JOB = QUESTIONS_OF_JOB * OPTIONS_EACH
ATTRIBUTES = ("Communication", "Craft", "Teamwork")
ATTRIBUTES_OF_JOB = 4


def _meetings(root: int) -> Iterator[tuple[int, Meeting]]:
    """Every second job has a take-home test."""
    for place, meeting in enumerate(MEETINGS):
        if place != TEST or root % 2 == 0:
            yield root * MEETINGS_OF_JOB + place, meeting


def _questions(root: int) -> Iterator[tuple[int, int, Question]]:
    """The question's index, its kit's and itself."""
    for kit, meeting in _meetings(root):
        for place, question in enumerate(meeting.questions):
            yield kit * QUESTIONS_EACH + place, kit, question


def job_interviews(world: World, root: int) -> list[Record]:
    job = world.job(root)
    first = root * STAGES_OF_JOB
    return [
        {
            **of_job("job_interviews", index, job),
            "job_interview_stage_id": number("job_interview_stages", first + meeting.stage),
            "sort_order": order,
            "scheduling_type": meeting.scheduling,
            "duration": meeting.minutes,
            "summary": None,
            "instructions": None,
            "name": meeting.name,
            "active": True,
            "require_scorecard": True,
        }
        for order, (index, meeting) in enumerate(_meetings(root))
    ]


def interview_kits(world: World, root: int) -> list[Record]:
    job = world.job(root)
    return [
        {
            **of_job("interview_kits", index, job),
            "job_interview_id": number("job_interviews", index),
            "exercises": None,
            "anonymize_candidate": False,
            "anonymize_resumes": False,
        }
        for index, _ in _meetings(root)
    ]


def scorecard_questions(world: World, root: int) -> list[Record]:
    at = stamp(world.job(root).created_at)
    return [
        {
            **dated("scorecard_questions", index, at),
            "interview_kit_id": number("interview_kits", kit),
            "question": question.text,
            "active": True,
            "answer_type": question.kind,
            "required": False,
            "sort_order": index % QUESTIONS_EACH,
        }
        for index, kit, question in _questions(root)
    ]


def scorecard_question_options(world: World, root: int) -> list[Record]:
    at = stamp(world.job(root).created_at)
    return [
        {
            **dated("scorecard_question_options", index * OPTIONS_EACH + place, at),
            "scorecard_question_id": number("scorecard_questions", index),
            "name": name,
            "sort_order": place,
            "active": True,
        }
        for index, _, question in _questions(root)
        for place, name in enumerate(question.options)
    ]


def job_candidate_attributes(world: World, root: int) -> list[Record]:
    job = world.job(root)
    return [
        {
            **of_job("job_candidate_attributes", root * ATTRIBUTES_OF_JOB + place, job),
            "candidate_attribute_type_id": place + 1,
            "active": True,
            "sort_order": place,
            "name": name,
        }
        for place, name in enumerate(ATTRIBUTES)
    ]
