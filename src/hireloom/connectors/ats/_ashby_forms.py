"""Ashby's forms and what was submitted through them: answers, scorecards, EEOC surveys.

All three are one shape: a form definition with paths, and a dict of values by path.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._ashby_shapes import (
    AshbyChoice,
    AshbyFeedback,
    AshbyForm,
    AshbyFormEntry,
    AshbyFormField,
    AshbyFormSection,
    AshbyPerson,
    AshbySubmission,
    AshbySurvey,
)
from hireloom.models import (
    UNSET,
    Answer,
    Eeoc,
    Gender,
    JobQuestion,
    QuestionOption,
    QuestionResponse,
    QuestionType,
    Race,
    Recommendation,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    ScoreValue,
    User,
    YesNoDeclined,
)

SYSTEM_FIELD = "_systemfield_"  # name, e-mail, resume …: facts of the candidate, not questions
OVERALL = "overall_recommendation"


def fields_of(form: AshbyForm | None) -> Iterator[tuple[AshbyFormSection, AshbyFormEntry]]:
    for section in (form.sections if form else None) or ():
        for entry in section.fields or ():
            yield section, entry


def moment(value: Any) -> datetime | None:
    """An instant that is no reason to lose a record: unreadable ones become None."""
    try:
        return kit.utc(datetime.fromisoformat(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def text_of(value: Any) -> str | None:
    """A value as text: rich text, places and files come as objects that hold it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        inner = (value.get(name) for name in ("value", "label", "name", "locationSummary", "url"))
        return next((one for one in inner if isinstance(one, str)), None)
    if isinstance(value, list):
        return ", ".join(text for one in value if (text := text_of(one)))
    return None


def label_of(field: AshbyFormField, value: Any) -> str | None:
    """The label of a choice; Ashby submits and stores its value."""
    for choice in field.selectable_values or ():
        if choice.value == value or str(choice.value) == str(value):
            return choice.label or text_of(choice.value)
    return text_of(value)


def to_user(person: AshbyPerson) -> User:
    return User(
        id=person.id,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        roles=[] if person.global_role is None else [person.global_role],
        active=UNSET if person.is_enabled is None else person.is_enabled,
    )


def is_same(sent: Any, held: Any) -> bool:
    """Whether what Ashby holds is what was sent: it may fold white space, or show a number as

    text, and to an object it may add members of its own.
    """
    if isinstance(sent, bool) or isinstance(held, bool):
        return sent is held
    if isinstance(sent, int | float):
        return number(held) == number(sent)
    if isinstance(sent, list):
        several = held if isinstance(held, list) else [held]
        return all(any(is_same(one, other) for other in several) for one in sent)
    if isinstance(sent, Mapping):
        return isinstance(held, Mapping) and all(
            is_same(one, held.get(name)) for name, one in sent.items()
        )
    return folded(text_of(held)) == folded(text_of(sent))


def folded(text: str | None) -> str:
    return " ".join((text or "").split())


# Questions and answers.

QUESTION_TYPES = {
    "String": QuestionType.TEXT,  # sample
    "LongText": QuestionType.TEXT,  # sample
    "Email": QuestionType.TEXT,  # sample
    "Url": QuestionType.TEXT,  # sample
    "Location": QuestionType.TEXT,  # sample
    "ValueSelect": QuestionType.SINGLE_CHOICE,  # sample
    "MultiValueSelect": QuestionType.MULTIPLE_CHOICE,  # UNCONFIRMED from here on
    "RichText": QuestionType.TEXT,
    "Phone": QuestionType.TEXT,
    "SocialLink": QuestionType.TEXT,
    "Boolean": QuestionType.YES_NO,
    "Number": QuestionType.NUMBER,
    "Date": QuestionType.DATE,
    "File": QuestionType.FILE_UPLOAD,
    "Score": QuestionType.RATING_SCALE,
}


def to_question(entry: AshbyFormEntry) -> JobQuestion:
    field = entry.field
    return JobQuestion(
        id=field.path,  # what an answer names; the field's own id leads nowhere
        text=field.title,
        type=QUESTION_TYPES.get(field.type or "", QuestionType.NOT_SPECIFIED),
        type_source=field.type,
        required=entry.is_required,
        options=[to_option(choice) for choice in field.selectable_values or ()],
    )


def to_option(choice: AshbyChoice) -> QuestionOption:
    return QuestionOption(id=text_of(choice.value), text=choice.label)


def to_responses(submissions: list[AshbySubmission]) -> list[QuestionResponse]:
    """Answers to questions. System fields stay out: the candidate has them, and EEOC answers,

    which are among them, belong to nobody who did not ask for them.
    """
    return [
        to_response(entry.field, (submission.submitted_values or {})[entry.field.path])
        for submission in submissions
        for _, entry in fields_of(submission.form_definition)
        if entry.field.path in (submission.submitted_values or {})
        and SYSTEM_FIELD not in entry.field.path
    ]


def to_response(field: AshbyFormField, value: Any) -> QuestionResponse:
    kind = QUESTION_TYPES.get(field.type or "", QuestionType.NOT_SPECIFIED)
    return QuestionResponse(
        question_id=field.path,
        question_text=field.title,
        question_type=kind,
        question_type_source=field.type,
        answer=None if value is None else to_answer(field, kind, value),
    )


def to_answer(field: AshbyFormField, kind: QuestionType, value: Any) -> Answer:
    if kind is QuestionType.YES_NO and isinstance(value, bool):
        return Answer(bool_value=value)
    if kind is QuestionType.SINGLE_CHOICE:
        return Answer(selected_option=label_of(field, value))
    if kind is QuestionType.MULTIPLE_CHOICE and isinstance(value, list):
        return Answer(selected_options=[label_of(field, one) or "" for one in value])
    if kind is QuestionType.NUMBER and (figure := number(value)) is not None:
        return Answer(number_value=figure)
    if kind is QuestionType.DATE and (when := day(value)) is not None:
        return Answer(date_value=when)
    if kind is QuestionType.RATING_SCALE and (points := points_of(value)) is not None:
        return Answer(rating_value=points)
    return Answer(text=text_of(value))


# Scorecards.

RECOMMENDATIONS = {  # UNCONFIRMED: a scale of four without a neutral place
    "1": Recommendation.STRONG_NO,
    "2": Recommendation.NO,
    "3": Recommendation.YES,
    "4": Recommendation.STRONG_YES,
}


def to_scorecard(feedback: AshbyFeedback) -> Scorecard:
    values = feedback.submitted_values or {}
    overall = points_of(values.get(OVERALL))
    points = None if overall is None else str(overall)
    author = feedback.submitted_by_user
    return Scorecard(
        id=feedback.id,
        application_id=feedback.application_id,
        interview_id=feedback.interview_event_id,  # an event is our interview, not their template
        author=None if author is None else to_user(author),
        recommendation=RECOMMENDATIONS.get(points or "", Recommendation.NOT_SPECIFIED),
        recommendation_source=text_of(values.get(OVERALL)) or points,
        score=None if overall is None else to_score(overall),
        sections=to_sections(feedback.form_definition, values),
        submitted_at=moment(feedback.submitted_at),
    )


def to_sections(form: AshbyForm | None, values: Mapping[str, Any]) -> list[ScorecardSection]:
    sections: list[ScorecardSection] = []
    for section in (form.sections if form else None) or ():
        fields = [
            to_scorecard_field(entry.field, values[entry.field.path])
            for entry in section.fields or ()
            if entry.field.path in values
        ]
        if fields:
            sections.append(ScorecardSection(label=section.title, fields=fields))
    return sections


def to_scorecard_field(field: AshbyFormField, value: Any) -> ScorecardField:
    is_score = isinstance(value, Mapping) and "score" in value
    points = points_of(value) if is_score else None
    return ScorecardField(
        label=field.title,
        value=None if is_score else chosen(field, value),
        score=None if points is None else to_score(points),
        note=text_of(value.get("comments")) if is_score else None,
    )


def chosen(field: AshbyFormField, value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(label for one in value if (label := label_of(field, one)))
    return label_of(field, value)


def points_of(value: Any) -> Decimal | None:
    """Points: a score is `{score: 1..4, comments?}`, the recommendation a digit in quotes."""
    return number(value.get("score") if isinstance(value, Mapping) else value)


def to_score(points: Decimal) -> ScoreValue:
    return ScoreValue(value=points, min=Decimal(1), max=Decimal(4))


# EEOC. Values and paths are UNCONFIRMED: they are told by what their names and labels contain.

FACETS = {
    "gender": "gender",
    "race": "race",
    "ethnic": "race",
    "veteran": "veteran",
    "disability": "disability",
}
GENDERS = {
    "male": Gender.MALE,
    "female": Gender.FEMALE,
    "nonbinary": Gender.NON_BINARY,
}
RACES = {
    "hispanicorlatino": Race.HISPANIC_OR_LATINO,
    "white": Race.WHITE,
    "blackorafricanamerican": Race.BLACK_OR_AFRICAN_AMERICAN,
    "nativehawaiianorotherpacificislander": Race.NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER,
    "nativehawaiianorpacificislander": Race.NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER,
    "asian": Race.ASIAN,
    "americanindianoralaskanative": Race.AMERICAN_INDIAN_OR_ALASKAN_NATIVE,
    "americanindianoralaskannative": Race.AMERICAN_INDIAN_OR_ALASKAN_NATIVE,
    "twoormoreraces": Race.TWO_OR_MORE_RACES,
}
DECLINED = ("decline", "idontwish", "idonotwish", "idonotwant", "prefernot")
YES = ("yes", "iidentify", "iam", "ihave", "protected", "disab", "veteran")
NO = ("no", "iamnot", "idonothave", "idonthave")


def to_eeoc(survey: AshbySurvey) -> Eeoc:
    said = facets(survey)
    gender, races = said["gender"], said["race"]
    return Eeoc(
        id=survey.id,
        application_id=survey.application_id,
        candidate_id=survey.candidate_id,
        gender=to_gender(gender[0]) if gender else Gender.NOT_SPECIFIED,
        gender_source=gender[0] if gender else None,
        race=[to_race(one) for one in races],
        race_source=races,
        veteran_status=to_yes_no(said["veteran"]),
        veteran_status_source=", ".join(said["veteran"]) or None,
        disability_status=to_yes_no(said["disability"]),
        disability_status_source=", ".join(said["disability"]) or None,
        submitted_at=moment(survey.submitted_at),
    )


def facets(survey: AshbySurvey) -> dict[str, list[str]]:
    """The labels that were chosen, by what the question is about."""
    found: dict[str, list[str]] = {facet: [] for facet in FACETS.values()}
    values = survey.submitted_values or {}
    known = {entry.field.path: entry.field for _, entry in fields_of(survey.form_definition)}
    for path, value in values.items():
        field = known.get(path) or AshbyFormField(path=path)
        about = f"{path} {field.title or ''}".casefold()
        facet = next((facet for word, facet in FACETS.items() if word in about), None)
        several = value if isinstance(value, list) else [value]
        if facet is not None:
            found[facet] += [label for one in several if (label := label_of(field, one))]
    return found


def bare(label: str) -> str:
    """Letters only, without what stands in brackets."""
    return re.sub(r"\(.*?\)|[^a-z]", "", label.casefold())


def to_gender(label: str) -> Gender:
    if bare(label).startswith(DECLINED):
        return Gender.DECLINED
    return GENDERS.get(bare(label), Gender.NOT_SPECIFIED)


def to_race(label: str) -> Race:
    if bare(label).startswith(DECLINED):
        return Race.DECLINED
    return RACES.get(bare(label), Race.NOT_SPECIFIED)


def to_yes_no(labels: list[str]) -> YesNoDeclined:
    for label in map(bare, labels):
        if label.startswith(DECLINED):
            return YesNoDeclined.DECLINED
        if label.startswith(NO):
            return YesNoDeclined.NO
        if label.startswith(YES):
            return YesNoDeclined.YES
    return YesNoDeclined.NOT_SPECIFIED
