"""Greenhouse: the integer ids. Each kind has a range of its own, so that none is mistaken."""

from hireloom.sandbox._greenhouse_fields import FIRST_FIELD, FIRST_OPTION

_KINDS = (
    "applications",
    "application_stages",
    "candidates",
    "candidate_educations",
    "candidate_employments",
    "candidate_tags",
    "applied_candidate_tags",
    "jobs",
    "openings",
    "job_hiring_managers",
    "job_owners",
    "job_posts",
    "job_post_locations",
    "job_interview_stages",
    "job_interviews",
    "interviews",
    "interviewers",
    "interview_kits",
    "scorecards",
    "scorecard_questions",
    "scorecard_question_answers",
    "scorecard_candidate_attributes",
    "job_candidate_attributes",
    "rejection_reasons",
    "rejection_details",
    "offers",
    "attachments",
    "notes",
    "departments",
    "offices",
    "users",
    "user_emails",
    "eeoc",
    "sources",
    "referrers",
    "close_reasons",
    "email_templates",
    "scorecard_question_options",
    "scorecard_question_answer_options",
)
FIRST = {kind: 40_000_000 * number + 4_000_001 for number, kind in enumerate(_KINDS)}
FIRST |= {"custom_fields": FIRST_FIELD, "custom_field_options": FIRST_OPTION}


def number(kind: str, index: int) -> int:
    """The id of the record with this index."""
    return FIRST[kind] + index
