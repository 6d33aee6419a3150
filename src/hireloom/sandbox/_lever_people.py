"""The world's applications and people as Lever's opportunities, contacts and applications."""

from hireloom.sandbox._lever_calls import millis
from hireloom.sandbox._lever_company import INACTIVE_REASON_EVERY, Company
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._shapes import Application, Person

ORIGINS = ("agency", "applied", "internal", "referred", "sourced", "university")
ORIGIN_OF_SOURCE = {
    "company_site": "applied",
    "job_board": "applied",
    "social": "sourced",
    "referral": "referred",
    "agency": "agency",
    "event": "university",
    "prospecting": "sourced",
    "other": "internal",
}
# How the link to the posting came about, as applications tell it.
APPLICATION_TYPES = {"applied": "posting", "referred": "referral"}


def contact(company: Company, index: int) -> Json:
    person = company.world.person(index)
    return {
        "id": company.id("contact", index),
        "name": person.name,
        "headline": headline(person),
        "isAnonymized": False,
        "location": {"name": person.city},
        "emails": [person.email] if person.email else [],
        "phones": [{"type": "mobile", "value": person.phone}] if person.phone else [],
        "dataProtection": {"interviewIntelligence": {"allowed": True, "expiresAt": None}},
    }


def headline(person: Person) -> str:
    return f"{person.title}, {person.company}"


def opportunity(company: Company, index: int) -> Json:
    world = company.world
    applied = world.application(index)
    person = world.person(applied.person)
    posting_less = applied.prospect
    origin = ORIGIN_OF_SOURCE[world.source(applied.source).kind]
    owner = company.id("user", applied.owner)
    changes = stage_changes(company, applied)
    identifier = company.id("opportunity", index)
    confidential = world.job(applied.job).confidential and not posting_less
    return {
        "id": identifier,
        "name": person.name,
        "contact": company.id("contact", applied.person),
        "headline": headline(person),
        "stage": changes[-1]["toStageId"],
        "confidentiality": "confidential" if confidential else "non-confidential",
        "location": person.city,
        "phones": [{"type": "mobile", "value": person.phone}] if person.phone else [],
        "emails": [person.email] if person.email else [],
        "links": [person.linkedin] if person.linkedin else [],
        "archived": archived(company, applied),
        "tags": tags(company, applied, person),
        "sources": [world.source(applied.source).name],
        "stageChanges": changes,
        "origin": origin,
        "sourcedBy": owner if origin == "sourced" else None,
        "owner": owner,
        "followers": [owner],
        "applications": [] if posting_less else [company.id("application", index)],
        "createdAt": millis(applied.applied_at),
        "updatedAt": millis(applied.updated_at),
        "lastInteractionAt": millis(applied.updated_at),
        "lastAdvancedAt": changes[-1]["updatedAt"],
        "snoozedUntil": millis(world.now) if index % 53 == 17 else None,
        "urls": urls(identifier),
        "isAnonymized": False,
        "dataProtection": None,
        "opportunityLocation": world.office(world.job(applied.job).office).location,
    }


def urls(identifier: str) -> Json:
    site = "https://hire.lever.co/candidates"
    return {"list": site, "show": f"{site}/{identifier}"}


def stage_changes(company: Company, applied: Application) -> list[Json]:
    """Where it has been; the hired rest in the last stage, for Lever has none for them."""
    rows = []
    for entry in company.world.history_of(applied):
        place = company.stage_of(entry.stage)
        rows.append(
            {
                "toStageId": company.stage_id(place),
                "toStageIndex": place,
                "updatedAt": millis(entry.entered_at),
                "userId": company.id("user", applied.owner),
            }
        )
    return rows


def archived(company: Company, applied: Application) -> Json | None:
    if applied.status == "active":
        return None
    if applied.status == "hired":
        return {"reason": company.hired_reason(), "archivedAt": millis(applied.hired_at)}
    reason = company.id("reason", applied.rejection_reason or 0)
    if applied.index % INACTIVE_REASON_EVERY == 0:
        reason = company.inactive_reason()
    return {"reason": reason, "archivedAt": millis(applied.rejected_at)}


def tags(company: Company, applied: Application, person: Person) -> list[str]:
    """The person's own, and those that Lever adds by itself for the posting."""
    world = company.world
    own = [world.tag(tag).name for tag in person.tags]
    if applied.prospect:
        return own
    return list(dict.fromkeys([*own, *company.posting_tags(applied.job)]))


def application(company: Company, index: int) -> Json | None:
    """The link from an opportunity to its posting; a lead has none."""
    world = company.world
    applied = world.application(index)
    if applied.prospect:
        return None
    job = world.job(applied.job)
    person = world.person(applied.person)
    origin = ORIGIN_OF_SOURCE[world.source(applied.source).kind]
    by_form = APPLICATION_TYPES.get(origin) == "posting"
    opportunity_id = company.id("opportunity", index)
    return {
        "id": company.id("application", index),
        "type": APPLICATION_TYPES.get(origin, "user"),
        "candidateId": opportunity_id,
        "opportunityId": opportunity_id,
        "posting": company.id("posting", applied.job),
        "postingHiringManager": company.id("user", job.hiring_manager),
        "postingOwner": company.id("user", job.recruiter),
        # Only what the applicant typed into the form; whoever was added by a user has nulls here.
        "name": person.name if by_form else None,
        "company": person.company if by_form else None,
        "phone": {"type": "mobile", "value": person.phone} if by_form and person.phone else None,
        "email": person.email if by_form else None,
        "links": [person.linkedin] if by_form and person.linkedin else [],
        "comments": None,
        "user": company.id("user", applied.owner),
        "customQuestions": answered(company, applied) if by_form else [],
        "createdAt": millis(applied.applied_at),
        "archived": archived(company, applied),
        "requisitionForHire": None,
        "ipAddress": None,
        "referer": None,
        "userAgent": None,
        "acceptLanguage": None,
        "timezone": None,
    }


def answered(company: Company, applied: Application) -> list[Json]:
    if not applied.answers:
        return []
    when = millis(applied.applied_at)
    return [
        {
            "id": company.id("answers", applied.index),
            "type": "posting",
            "text": "Additional questions",
            "user": None,
            "description": "",
            "fields": [
                {
                    "id": company.id("answer", applied.index * 8 + place),
                    "type": "textarea",
                    "text": answer.question,
                    "description": "",
                    "required": place == 0,
                    "value": answer.answer,
                }
                for place, answer in enumerate(applied.answers)
            ],
            "baseTemplateId": company.id("question-form", applied.job),
            "createdAt": when,
            "completedAt": when,
            "deletedAt": None,
        }
    ]


def eeo_response(company: Company, opportunity: Json, link: Json, posting: Json) -> Json:
    """The anonymous survey row: deliberately without anything that leads to the person."""
    gone = opportunity["archived"]
    return {
        "applicationArchivedAt": gone and gone["archivedAt"],
        "applicationArchivedBy": None,
        "applicationArchiveReason": gone and gone["reason"],
        "applicationTitle": posting["text"],
        "appliedAt": link["createdAt"],
        "currentStage": opportunity["stage"],
    }


def eeo_response_with_person(
    company: Company, opportunity: Json, link: Json, posting: Json
) -> Json:
    gone = opportunity["archived"]
    hired = gone is not None and gone["reason"] == company.hired_reason()
    return {
        "id": link["id"],
        **eeo_response(company, opportunity, link, posting),
        "applicationId": link["id"],
        "contact": opportunity["contact"],
        "eeoResponseSource": "api",
        "eeoSurveyRespondedAt": link["createdAt"] + 60,
        "gender": EEO_GENDERS[int(link["id"][:2], 16) % len(EEO_GENDERS)],
        "hiredDate": gone["archivedAt"] if hired else None,
        "hiringManager": link["postingHiringManager"],
        "opportunityId": opportunity["id"],
        "opportunityOwner": opportunity["owner"],
        "origin": opportunity["origin"],
        "posting": link["posting"],
        "sources": opportunity["sources"],
    }


EEO_GENDERS = ("Female", "Male", "Decline to self-identify")
