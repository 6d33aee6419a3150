"""The Ashby simulator's reference data: what an organisation sets up once, from the world."""

import functools
from datetime import timedelta

from hireloom.sandbox._ashby_wire import Json, instant
from hireloom.sandbox.world import FOUNDED, World

STAGE_TYPES = {
    "lead": "Lead",
    "review": "PreInterviewScreen",
    "offer": "Offer",
    "hired": "Hired",
}  # every other kind is "Active"
GROUPS = ("Lead", "PreInterviewScreen", "Active", "Offer", "Hired", "Archived")
PLANS = (("Standard", False), ("Engineering", False), ("Before the reorganisation", True))
REASON_TYPES = {"organization": "RejectedByOrg", "candidate": "RejectedByCandidate"}
SOURCE_TYPES = {
    "company_site": "Inbound",
    "social": "Inbound",
    "job_board": "Inbound",
    "referral": "Referral",
    "agency": "Agency",
    "event": "Event",
    "prospecting": "Sourced",
    "other": "Other",
}
ROLES = ("Hiring Manager", "Recruiter", "Recruiting Coordinator", "Sourcer")
GLOBAL_ROLES = {"admin": "Organization Admin", "recruiter": "Elevated Access"}
REGIONS = {"New York": "New York", "Austin": "Texas"}

# Title, archived, debrief, of one job only.
INTERVIEWS = (
    ("Phone screen", False, False, False),
    ("Panel interview", False, False, False),
    ("Debrief", False, True, False),
    ("Group day", True, False, False),
    ("Case study", False, False, True),
)
# Title, archived, confidential.
PROJECTS = (
    ("Silver medallists", False, False),
    ("Spring fair", True, False),
    ("Next finance lead", False, True),
)
RESULTS = ("Pass", "Fail", "Review")
# Object, title, type, selectable values, archived.
FIELDS: tuple[tuple[str, str, str, tuple[str, ...], bool], ...] = (
    ("Candidate", "Notice period", "String", (), False),
    ("Candidate", "Languages", "MultiValueSelect", ("English", "German", "Spanish"), False),
    ("Candidate", "Earliest start", "Date", (), False),
    ("Application", "Assessment score", "Number", (), False),
    ("Application", "Expected salary", "Currency", (), False),
    ("Application", "Shift", "ValueSelect", ("Day", "Night"), False),
    ("Application", "Portfolio reviewed", "Boolean", (), False),
    ("Application", "Assessment report", "LongText", (), False),
    ("Job", "Cost centre", "String", (), False),
    ("Job", "Code before 2024", "String", (), True),
    ("Opening", "Budget", "Currency", (), False),
    ("Offer", "Signing bonus", "Currency", (), False),
    ("Application", "Assessment result", "ValueSelect", RESULTS, False),
    ("Application", "Assessment name", "String", (), False),
    ("Application", "Assessment summary", "LongText", (), False),
    ("Application", "Assessment completed", "Date", (), False),
    ("Application", "Assessment passed", "Boolean", (), False),
    ("Candidate", "Assessment score", "Number", (), False),
    ("Candidate", "Assessment result", "ValueSelect", RESULTS, False),
    ("Candidate", "Assessment summary", "LongText", (), False),
)
RECOMMENDATIONS = (("1", "Strong No"), ("2", "No"), ("3", "Yes"), ("4", "Strong Yes"))
FORMS = ("Interview feedback", "Debrief", "Feedback before 2025", "Technical Coding Assessment")
OLD_FORM = 2
TEST_FORM = 3
SURVEYS = {
    "EEOC": (
        ("gender", "Gender", ("Male", "Female", "Decline to self-identify")),
        ("veteran_status", "Veteran status", ("Protected veteran", "Not a protected veteran")),
        ("disability_status", "Disability status", ("Yes", "No", "I do not want to answer")),
    ),
    "Diversity": (("pronouns", "Pronouns", ("She / her", "He / him", "They / them")),),
}

# Required, type, path, title, selectable values.
Wanted = tuple[bool, str, str, str, list[Json] | None]


class Directory:
    """Makes one reference record at a time; `index` runs on past the world for archived ones."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = functools.lru_cache(maxsize=8192)(self._id)
        self.stages_each = world.stages + 1  # the last one holds what was archived

    def _id(self, kind: str, index: int) -> str:
        return self.world.uuid(f"ashby-{kind}", index)

    def department(self, index: int) -> Json:
        retired = index == self.world.departments
        made = None if retired else self.world.department(index)
        parent = None if made is None else made.parent
        return {
            "id": self.id("department", index),
            "name": "Hardware" if made is None else made.name,
            "externalName": None,
            "isArchived": retired,
            "parentId": None if parent is None else self.id("department", parent),
            "createdAt": instant(FOUNDED + timedelta(days=index)),
            "updatedAt": instant(FOUNDED + timedelta(days=30 + index)),
            "extraData": None,
        }

    def is_region(self, office: int) -> bool:
        return self.world.office(office).parent is None and office + 1 < self.world.offices

    def location_of(self, office: int) -> int:
        """The place of a job for which the world may name a region only: the region's first."""
        return office + 1 if self.is_region(office) else office

    def location(self, index: int) -> Json:
        retired = index == self.world.offices
        made = self.world.office(index - retired)
        parent = made.parent
        remote = made.name == "Remote" and not retired
        region = not retired and self.is_region(index)
        address = {"addressCountry": made.location.rsplit(", ", maxsplit=1)[-1]}
        if parent is not None:
            address["addressLocality"] = made.name
        if made.name in REGIONS:
            address["addressRegion"] = REGIONS[made.name]
        return {
            "id": self.id("location", index),
            "name": "Lakeside (closed)" if retired else made.name,
            "externalName": None,
            "isArchived": retired,
            "address": None if remote or retired else {"postalAddress": address},
            "isRemote": remote,
            "workplaceType": "Remote" if remote else "OnSite",
            "parentLocationId": None if parent is None else self.id("location", parent),
            "type": "LocationHierarchy" if region else "Location",
        }

    def user(self, index: int) -> Json:
        user = self.world.user(index)
        return {
            "id": self.id("user", index),
            "firstName": user.first,
            "lastName": user.last,
            "email": user.email,
            "globalRole": GLOBAL_ROLES.get(user.role, "Limited Access"),
            "isEnabled": user.active,
            "updatedAt": instant(user.updated_at),
        }

    def member(self, index: int, role: str) -> Json:
        """A user as part of a hiring team."""
        user = self.world.user(index)
        name = {"email": user.email, "firstName": user.first, "lastName": user.last}
        return {**name, "role": role, "userId": self.id("user", index)}

    def tag(self, index: int) -> Json:
        retired = index == self.world.tags
        title = "Old talent pool" if retired else self.world.tag(index).name
        return {"id": self.id("tag", index), "title": title, "isArchived": retired}

    def source(self, index: int) -> Json:
        retired = index == self.world.sources
        made = None if retired else self.world.source(index)
        title = "Other" if made is None else SOURCE_TYPES.get(made.kind, "Other")
        number = list(dict.fromkeys(SOURCE_TYPES.values())).index(title)
        kind = {"id": self.id("sourceType", number), "title": title, "isArchived": False}
        return {
            "id": self.id("source", index),
            "title": "Newspaper" if made is None else made.name,
            "isArchived": retired,
            "sourceType": kind,
        }

    def reason(self, index: int) -> Json:
        reason = self.world.rejection_reason(index)
        return {
            "id": self.id("archiveReason", index),
            "text": reason.name,
            "reasonType": REASON_TYPES.get(reason.side, "Other"),
            "isArchived": not reason.active,
            "customFields": [],
        }

    def plan(self, index: int) -> Json:
        title, archived = PLANS[index]
        return {
            "id": self.id("interviewPlan", index),
            "title": title,
            "isArchived": archived,
            "createdAt": instant(FOUNDED + timedelta(days=index)),
        }

    def stage_type(self, stage: int) -> str:
        place = stage % self.stages_each
        if place == self.world.stages:
            return "Archived"
        return STAGE_TYPES.get(self.world.stage(place).kind, "Active")

    def stage_title(self, stage: int) -> str:
        place = stage % self.stages_each
        return "Archived" if place == self.world.stages else self.world.stage(place).name

    def stage(self, index: int) -> Json:
        plan, place = divmod(index, self.stages_each)
        group = GROUPS.index(self.stage_type(index))
        return {
            "id": self.id("interviewStage", index),
            "title": self.stage_title(index),
            "type": self.stage_type(index),
            "orderInInterviewPlan": place,
            "interviewPlanId": self.id("interviewPlan", plan),
            "interviewStageGroupId": self.id("interviewStageGroup", plan * len(GROUPS) + group),
        }

    def group(self, index: int) -> Json:
        plan, order = divmod(index, len(GROUPS))
        return {
            "id": self.id("interviewStageGroup", index),
            "title": "New Lead" if order == 0 else GROUPS[order],
            "order": order,
            "stageType": GROUPS[order],
            "interviewPlanId": self.id("interviewPlan", plan),
        }

    def interview(self, index: int) -> Json:
        title, archived, debrief, of_one_job = INTERVIEWS[index]
        record = {
            "id": self.id("interview", index),
            "title": title,
            "externalTitle": title,
            "isArchived": archived,
            "isDebrief": debrief,
            "isFeedbackRequired": not debrief,
            "isFeedbackRequested": not debrief,
            "instructionsHtml": None if debrief else "<p>Be on time &amp; be kind.</p>",
            "instructionsPlain": None if debrief else "Be on time & be kind.",
            "feedbackFormDefinitionId": self.id("feedbackForm", int(debrief)),
        }
        return {**record, "jobId": self.id("job", 0)} if of_one_job else record

    def form(self, index: int) -> Json:
        return {
            "id": self.id("feedbackForm", index),
            "organizationId": self.id("organization", 0),
            "title": FORMS[index],
            "isArchived": index == OLD_FORM,
            "isDefaultForm": index == 0,
            "interviewId": None,
            "formDefinition": self.form_definition(index),
        }

    def form_definition(self, form: int = 0) -> Json:
        choices = [{"label": label, "value": value} for value, label in RECOMMENDATIONS]
        fields: tuple[Wanted, ...] = (
            (True, "ValueSelect", "overall_recommendation", "Overall recommendation", choices),
            (False, "Score", "skills", "Skills", None),
            (False, "RichText", "feedback", "Feedback", None),
        )
        if form == TEST_FORM:
            results = [{"label": label, "value": choice_value(label)} for label in RESULTS]
            fields += (
                (False, "String", "headline", "Headline", None),
                (False, "LongText", "details", "Details", None),
                (False, "Score", "code_quality", "Code quality", None),
                (False, "ValueSelect", "result", "Result", results),
            )
        return {"sections": [{"fields": [self._field("form", each) for each in fields]}]}

    def survey_form(self, index: int) -> Json:
        name = list(SURVEYS)[index]
        return {
            "id": self.id("surveyForm", index),
            "title": f"{name} survey",
            "surveyType": name,
            "isArchived": False,
            "formDefinition": self.survey_definition(name),
        }

    def survey_definition(self, name: str) -> Json:
        fields = []
        for path, title, values in SURVEYS[name]:
            choices = [{"label": value, "value": value} for value in values]
            wanted = (False, "ValueSelect", survey_path(path), title, choices)
            fields.append(self._field(name, wanted))
        return {"sections": [{"fields": fields}]}

    def application_form(self) -> Json:
        fields: tuple[Wanted, ...] = (
            (True, "String", "_systemfield_name", "Name", None),
            (True, "Email", "_systemfield_email", "Email", None),
            (False, "File", "_systemfield_resume", "Resume", None),
        )
        return {"sections": [{"fields": [self._field("apply", each) for each in fields]}]}

    def field(self, index: int) -> Json:
        kind, title, field_type, values, archived = FIELDS[index]
        record = {
            "id": self.id("customField", index),
            "objectType": kind,
            "title": title,
            "fieldType": field_type,
            "isArchived": archived,
            "isPrivate": False,
        }
        if values:
            choices = [{"label": value, "value": choice_value(value)} for value in values]
            record["selectableValues"] = [{**each, "isArchived": False} for each in choices]
        return record

    def project(self, index: int) -> Json:
        title, archived, confidential = PROJECTS[index]
        return {
            "id": self.id("project", index),
            "title": title,
            "isArchived": archived,
            "confidential": confidential,
            "authorId": self.id("user", 0),
            "createdAt": instant(FOUNDED + timedelta(days=100 + index)),
        }

    def role(self, index: int) -> Json:
        return {"id": self.id("hiringTeamRole", index), "title": ROLES[index]}

    def _field(self, form: str, wanted: Wanted) -> Json:
        required, kind, path, title, values = wanted
        number = sum(path.encode())
        field: Json = {"id": self.id(f"{form}Field", number), "type": kind, "path": path}
        field |= {"title": title, "humanReadablePath": title, "isNullable": not required}
        if values is not None:
            field["selectableValues"] = values
        return {"isRequired": required, "field": field}


def survey_path(name: str) -> str:
    return f"_systemfield_{name}"


def choice_value(label: str) -> str:
    """What a select field holds: not the label that people see."""
    return label.lower()
