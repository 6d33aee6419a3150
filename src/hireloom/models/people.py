"""People and places of a company: users, departments, offices, and how a person is reached."""

from hireloom.models.base import UNSET, Maybe, Model, Word


class PhoneType(Word):
    WORK = "WORK"
    PERSONAL = "PERSONAL"
    MOBILE = "MOBILE"
    HOME = "HOME"
    FAX = "FAX"
    SKYPE = "SKYPE"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class EmailType(Word):
    WORK = "WORK"
    PERSONAL = "PERSONAL"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Phone(Model, frozen=True, kw_only=True):
    phone_number: str
    type: PhoneType = PhoneType.NOT_SPECIFIED
    e164: Maybe[str] = UNSET


class Email(Model, frozen=True, kw_only=True):
    email: str
    type: EmailType = EmailType.NOT_SPECIFIED


class Location(Model, frozen=True, kw_only=True):
    """A place; `country` is ISO 3166-1 alpha-2 where known, `raw` the vendor's own text."""

    address_line1: Maybe[str] = UNSET
    address_line2: Maybe[str] = UNSET
    city: Maybe[str] = UNSET
    state: Maybe[str] = UNSET
    country: Maybe[str] = UNSET
    zip_code: Maybe[str] = UNSET
    raw: Maybe[str] = UNSET


class User(Model, frozen=True, kw_only=True):
    id: str | None = None
    email: Maybe[str] = UNSET
    employee_id: Maybe[str] = UNSET
    first_name: Maybe[str] = UNSET
    last_name: Maybe[str] = UNSET
    roles: Maybe[list[str]] = UNSET
    active: Maybe[bool] = UNSET


class Department(Model, frozen=True, kw_only=True):
    id: str | None
    name: str | None = None
    parent_id: Maybe[str] = UNSET


class Office(Model, frozen=True, kw_only=True):
    id: str | None
    name: str | None = None
    location: Maybe[Location] = UNSET
    parent_id: Maybe[str] = UNSET


class Source(Model, frozen=True, kw_only=True):
    id: str | None
    name: str | None = None
    type: Maybe[str] = UNSET
    active: Maybe[bool] = UNSET


class Tag(Model, frozen=True, kw_only=True):
    id: str | None
    name: str
    active: Maybe[bool] = UNSET


class CustomFieldOption(Model, frozen=True, kw_only=True):
    id: str | None
    label: str


class CustomFieldType(Word):
    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    BOOLEAN = "BOOLEAN"
    NUMBER = "NUMBER"
    DATE = "DATE"
    URL = "URL"
    CURRENCY = "CURRENCY"
    RANGE = "RANGE"
    SINGLE_SELECT = "SINGLE_SELECT"
    MULTI_SELECT = "MULTI_SELECT"
    USER = "USER"
    FILE = "FILE"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class CustomFieldOwner(Word):
    JOB = "JOB"
    CANDIDATE = "CANDIDATE"
    APPLICATION = "APPLICATION"
    OFFER = "OFFER"
    OPENING = "OPENING"
    USER = "USER"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class CustomField(Model, frozen=True, kw_only=True):
    """The definition of a custom field; `key` is its name in a record's `customFields`."""

    id: str
    key: str
    label: str
    type: CustomFieldType = CustomFieldType.NOT_SPECIFIED
    type_source: Maybe[str] = UNSET
    owner: CustomFieldOwner = CustomFieldOwner.NOT_SPECIFIED
    owner_source: Maybe[str] = UNSET
    required: Maybe[bool] = UNSET
    active: Maybe[bool] = UNSET
    options: Maybe[list[CustomFieldOption]] = UNSET
