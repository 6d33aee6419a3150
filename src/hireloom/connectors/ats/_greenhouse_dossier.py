"""Greenhouse Harvest v3: what hangs on an application, as ours: interviews, scorecards, offers,

attachments, notes, equal-opportunity answers; and the definitions of custom fields.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from hireloom import kit
from hireloom.connectors.ats._greenhouse_jobs import to_money
from hireloom.connectors.ats._greenhouse_people import to_day, to_midnight, to_person, word
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseAttachment,
    GreenhouseCustomField,
    GreenhouseDeclared,
    GreenhouseEeoc,
    GreenhouseInterview,
    GreenhouseInterviewer,
    GreenhouseNamed,
    GreenhouseNote,
    GreenhouseOffer,
    GreenhouseScorecard,
    GreenhouseScorecardAnswer,
    GreenhouseUser,
)
from hireloom.connectors.ats._greenhouse_tables import InterviewTables, ScorecardTables
from hireloom.models import (
    UNSET,
    Attachment,
    AttachmentType,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldType,
    Eeoc,
    Gender,
    Interview,
    InterviewStatus,
    Note,
    NoteType,
    Offer,
    OfferStatus,
    Race,
    Recommendation,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    Stage,
    Tag,
    TextFormat,
    User,
    Visibility,
    YesNoDeclined,
)

# All words are documented. to_be_sent, sent and received belong to take-home tests, which are no
# meetings: they stay unspecified.
INTERVIEW_STATUS = {
    "to_be_scheduled": InterviewStatus.UNSCHEDULED,
    "scheduled": InterviewStatus.SCHEDULED,
    "awaiting_feedback": InterviewStatus.AWAITING_FEEDBACK,
    "complete": InterviewStatus.COMPLETE,
    "collect_feedback": InterviewStatus.COMPLETE,  # another way to end
    "skipped": InterviewStatus.COMPLETE,  # another way to end
}


def to_interview(interview: GreenhouseInterview, look: InterviewTables) -> Interview:
    slot = look.slots.get(str(interview.job_interview_id))
    stage = look.stages.get(str(slot.job_interview_stage_id)) if slot else None
    return Interview(
        id=str(interview.id),
        application_id=kit.to_id(interview.application_id),
        subject=slot.name if slot else None,
        type=slot.scheduling_type if slot else None,
        status=word(INTERVIEW_STATUS, interview.status, InterviewStatus.NOT_SPECIFIED),
        status_source=interview.status,
        scheduled_start=kit.utc(interview.starts_at) or to_midnight(interview.all_day_start_on),
        scheduled_end=kit.utc(interview.ends_at) or to_midnight(interview.all_day_end_on),
        location=interview.location,
        meeting_url=interview.video_conferencing_url,
        stage=None
        if slot is None or slot.job_interview_stage_id is None
        else Stage(
            id=str(slot.job_interview_stage_id),
            text=stage.name if stage else None,
            order=stage.sort_order if stage else None,
            job_id=kit.to_id(stage.job_id) if stage else None,
        ),
        interviewers=[
            to_interviewer(one, look.users) for one in look.interviewers.get(interview.id, ())
        ],
        organizer=to_person(interview.organizer_id, look.users),
        created_at=kit.utc(interview.created_at),
        updated_at=kit.utc(interview.updated_at),
    )


def to_interviewer(interviewer: GreenhouseInterviewer, users: Mapping[str, GreenhouseUser]) -> User:
    """A user, or somebody from outside who has an address only."""
    return to_person(interviewer.user_id, users) or User(email=interviewer.email)


RECOMMENDATIONS = {
    "strong_no": Recommendation.STRONG_NO,  # sample
    "definitely_not": Recommendation.STRONG_NO,  # version 1
    "no": Recommendation.NO,  # documentation
    "mixed": Recommendation.NEUTRAL,  # documentation, of single attributes
    "yes": Recommendation.YES,  # documentation
    "strong_yes": Recommendation.STRONG_YES,  # sample
    "no_decision": Recommendation.NO_DECISION,  # documentation
}


def to_scorecard(card: GreenhouseScorecard, look: ScorecardTables) -> Scorecard:
    """Ratings are words here and never numbers, so there is no score."""
    author = card.submitter_id if card.submitter_id is not None else card.interviewer_id
    sections = (
        ScorecardSection(label="Attributes", fields=to_ratings(card, look)),
        ScorecardSection(label="Questions", fields=list(to_answers(card, look))),
        ScorecardSection(label="Notes", fields=to_extra_notes(card)),
    )
    return Scorecard(
        id=str(card.id),
        application_id=kit.to_id(card.application_id),
        candidate_id=look.candidates.get(card.application_id or 0),
        interview_id=look.interviews.get(card.id),
        author=to_person(author, look.users),
        recommendation=word(RECOMMENDATIONS, card.candidate_rating, Recommendation.NOT_SPECIFIED),
        recommendation_source=card.candidate_rating,
        sections=[section for section in sections if section.fields],
        comment=card.notes,
        submitted_at=kit.utc(card.submitted_at),
    )


def to_ratings(card: GreenhouseScorecard, look: ScorecardTables) -> list[ScorecardField]:
    rated = []
    for one in look.ratings.get(card.id, ()):
        attribute = look.attributes.get(str(one.job_candidate_attribute_id))
        label = attribute.name if attribute else None
        value = one.candidate_attribute_rating
        rated.append(ScorecardField(label=label, value=value, note=one.note))
    return rated


def to_answers(card: GreenhouseScorecard, look: ScorecardTables) -> Iterator[ScorecardField]:
    for one in look.answers.get(card.id, ()):
        question = look.questions.get(str(one.scorecard_question_id))
        text = question.question if question else None
        label = None if text is None else kit.to_plain(text)
        yield ScorecardField(label=label, value=to_answer(one, look.chosen.get(one.id, ())))


def to_answer(answer: GreenhouseScorecardAnswer, chosen: Sequence[str]) -> str | None:
    """A text, a yes or no, or the names of the options that were chosen."""
    if answer.answer is not None:
        return answer.answer
    if answer.boolean_value is not None:
        return "Yes" if answer.boolean_value else "No"
    return ", ".join(chosen) or None


def to_extra_notes(card: GreenhouseScorecard) -> list[ScorecardField]:
    """The key takeaways are the comment; these are the two other boxes."""
    boxes = (("Public notes", card.public_notes), ("Private notes", card.private_notes))
    return [ScorecardField(label=label, value=text) for label, text in boxes if text]


# Documentation. Created means that nobody has decided yet: a draft until it is sent.
OFFER_STATUS = {
    "created": OfferStatus.DRAFT,
    "unresolved": OfferStatus.DRAFT,  # version 1
    "accepted": OfferStatus.ACCEPTED,
    "rejected": OfferStatus.DECLINED,
    "deprecated": OfferStatus.SUPERSEDED,  # a newer version has taken its place
}


def to_offer(offer: GreenhouseOffer) -> Offer:
    status = word(OFFER_STATUS, offer.status, OfferStatus.NOT_SPECIFIED)
    if status is OfferStatus.DRAFT and offer.sent_on is not None:
        status = OfferStatus.SENT
    resolved_at = kit.utc(offer.resolved_at)
    return Offer(
        id=str(offer.id),
        application_id=kit.to_id(offer.application_id),
        status=status,
        status_source=offer.status,
        sent_at=to_midnight(offer.sent_on),
        closed_at=resolved_at,
        accepted_at=resolved_at if status is OfferStatus.ACCEPTED else None,
        start_date=to_day(offer.starts_on),
        offer_date=to_day(offer.sent_on),
        compensation=to_money(offer.custom_fields),
        version=offer.version,
        created_at=kit.utc(offer.created_at),
        updated_at=kit.utc(offer.updated_at),
    )


ATTACHMENT_TYPES = {
    "resume": AttachmentType.RESUME,  # sample; all others documentation
    "cover_letter": AttachmentType.COVER_LETTER,
    "offer_letter": AttachmentType.OFFER_LETTER,
    "offer_packet": AttachmentType.OFFER_LETTER,
    "signed_offer_letter": AttachmentType.OFFER_LETTER,
    "take_home_test": AttachmentType.TAKE_HOME_TEST,
    "form_attachment": AttachmentType.OTHER,
    "midfunnel_agreement": AttachmentType.OTHER,
    "automated_agreement": AttachmentType.OTHER,
    "other": AttachmentType.OTHER,
}


def to_attachment(attachment: GreenhouseAttachment) -> Attachment:
    return Attachment(
        id=str(attachment.id),
        application_id=kit.to_id(attachment.application_id),
        candidate_id=kit.to_id(attachment.candidate_id),
        type=word(ATTACHMENT_TYPES, attachment.type, AttachmentType.NOT_SPECIFIED),
        type_source=attachment.type,
        name=attachment.filename,
        link=attachment.url,
        link_expires_at=to_expiry(attachment.url),
        created_at=kit.utc(attachment.created_at),
    )


def to_expiry(url: str | None) -> datetime | None:
    """When a signed link ends, as its signature says: time of signing and seconds to live."""
    query = parse_qs(urlsplit(url or "").query)
    signed, lives = query.get("X-Amz-Date", [""])[0], query.get("X-Amz-Expires", [""])[0]
    try:
        start = datetime.strptime(signed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return start + timedelta(seconds=int(lives))
    except ValueError:
        return None


# Documentation; every other type is something that Greenhouse or a tool noted down.
NOTE_TYPES = {"note": NoteType.NOTE, "email": NoteType.EMAIL}

VISIBILITY = {  # documentation
    "publicly_visible": Visibility.PUBLIC,
    "privately_visible": Visibility.PRIVATE,
    "admin_only_visible": Visibility.PRIVATE,
}


def to_note(note: GreenhouseNote, users: Mapping[str, GreenhouseUser]) -> Note:
    return Note(
        id=str(note.id),
        candidate_id=kit.to_id(note.candidate_id),
        application_id=kit.to_id(note.application_id),
        type=word(NOTE_TYPES, note.type, NoteType.OTHER),
        type_source=note.type,
        subject=note.subject,
        body=note.body,
        format=TextFormat.PLAIN,
        visibility=word(VISIBILITY, note.visibility, None),
        visibility_source=note.visibility,
        author=to_person(note.user_id, users),
        created_at=kit.utc(note.created_at),
    )


def to_tag(tag: GreenhouseNamed) -> Tag:
    return Tag(id=str(tag.id), name=tag.name or "")


# Equal-opportunity answers: fixed texts, all from the documentation unless marked.
DECLINED = "decline to self identify"
GENDERS = {"male": Gender.MALE, "female": Gender.FEMALE, DECLINED: Gender.DECLINED}
RACES = {
    "american indian or alaskan native": Race.AMERICAN_INDIAN_OR_ALASKAN_NATIVE,
    "american indian or alaska native": Race.AMERICAN_INDIAN_OR_ALASKAN_NATIVE,  # UNCONFIRMED
    "asian": Race.ASIAN,
    "black or african american": Race.BLACK_OR_AFRICAN_AMERICAN,
    "hispanic or latino": Race.HISPANIC_OR_LATINO,
    "white": Race.WHITE,
    "native hawaiian or other pacific islander": Race.NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER,
    "two or more races": Race.TWO_OR_MORE_RACES,
    DECLINED: Race.DECLINED,
}
VETERANS = {
    "i am not a protected veteran": YesNoDeclined.NO,
    "i identify as one or more of the classifications of a protected veteran": YesNoDeclined.YES,
    "i don't wish to answer": YesNoDeclined.DECLINED,  # sample
}


def to_eeoc(eeoc: GreenhouseEeoc) -> Eeoc:
    gender, race = declared(eeoc.gender), declared(eeoc.race)
    veteran, disability = declared(eeoc.veteran_status), declared(eeoc.disability_status)
    group = word(RACES, race, None if race is None else Race.NOT_SPECIFIED)
    return Eeoc(
        id=str(eeoc.application_id if eeoc.id is None else eeoc.id),
        application_id=str(eeoc.application_id),
        candidate_id=kit.to_id(eeoc.candidate_id),
        gender=word(GENDERS, gender, Gender.NOT_SPECIFIED),
        gender_source=gender,
        race=[] if group is None else [group],
        race_source=None if race is None else [race],
        veteran_status=word(VETERANS, veteran, YesNoDeclined.NOT_SPECIFIED),
        veteran_status_source=veteran,
        disability_status=to_disability(disability),
        disability_status_source=disability,
        submitted_at=kit.utc(eeoc.submitted_at),
    )


def declared(answer: GreenhouseDeclared | None) -> str | None:
    return None if answer is None else answer.text


def to_disability(text: str | None) -> YesNoDeclined:
    """The government's form has been worded anew more than once; its beginnings stayed."""
    start = (text or "").casefold()
    if start.startswith("yes,"):
        return YesNoDeclined.YES
    if start.startswith("no,"):
        return YesNoDeclined.NO
    if start.startswith(("i do not want", "i don't wish", "i do not wish")):
        return YesNoDeclined.DECLINED
    return YesNoDeclined.NOT_SPECIFIED


# Custom fields; all words are documented. The rest of the owners are forms and questionnaires.
OWNERS = {
    "job": CustomFieldOwner.JOB,
    "candidate": CustomFieldOwner.CANDIDATE,
    "application": CustomFieldOwner.APPLICATION,
    "offer": CustomFieldOwner.OFFER,
    "opening": CustomFieldOwner.OPENING,
    "user_attribute": CustomFieldOwner.USER,
}
FIELD_TYPES = {
    "short_text": CustomFieldType.TEXT,
    "long_text": CustomFieldType.LONG_TEXT,
    "rich_text": CustomFieldType.LONG_TEXT,
    "yes_no": CustomFieldType.BOOLEAN,
    "single_select": CustomFieldType.SINGLE_SELECT,
    "multi_select": CustomFieldType.MULTI_SELECT,
    "currency": CustomFieldType.CURRENCY,
    "number": CustomFieldType.NUMBER,
    "date": CustomFieldType.DATE,
    "url": CustomFieldType.URL,
    "currency_range": CustomFieldType.RANGE,
    "number_range": CustomFieldType.RANGE,
    "user": CustomFieldType.USER,
    "attachment": CustomFieldType.FILE,
}


def to_custom_field(
    custom: GreenhouseCustomField, options: Mapping[int, Sequence[GreenhouseNamed]] | None
) -> CustomField:
    return CustomField(
        id=str(custom.id),
        key=custom.name_key or str(custom.id),
        label=custom.name or "",
        type=word(FIELD_TYPES, custom.value_type, CustomFieldType.NOT_SPECIFIED),
        type_source=custom.value_type,
        owner=word(OWNERS, custom.field_type, CustomFieldOwner.NOT_SPECIFIED),
        owner_source=custom.field_type,
        required=custom.required,
        active=custom.active,
        options=UNSET
        if options is None
        else [
            CustomFieldOption(id=str(one.id), label=one.name or "")
            for one in options.get(custom.id, ())
        ],
    )
