"""The customer's company: departments, offices, users, tags, sources, custom fields, EEOC."""

from hireloom import kit
from hireloom.api.listing import Listing
from hireloom.api.operation import Scope, operation
from hireloom.completion import CUSTOM_FIELDS, EEOC
from hireloom.kit import Integration
from hireloom.models import (
    CustomField,
    CustomFieldQuery,
    Department,
    Eeoc,
    EeocQuery,
    OfApplication,
    Office,
    Source,
    Tag,
    User,
)


@operation(
    "ats.department.list", scope=Scope.READ, needs=(kit.ListsDepartments,), lists="departments"
)
def list_departments(integration: Integration) -> Listing[Department]:
    """List departments; `parentId` makes a tree of them."""
    return Listing(integration.must(kit.ListsDepartments).list_departments())


@operation("ats.office.list", scope=Scope.READ, needs=(kit.ListsOffices,), lists="offices")
def list_offices(integration: Integration) -> Listing[Office]:
    """List offices."""
    return Listing(integration.must(kit.ListsOffices).list_offices())


@operation("ats.user.list", scope=Scope.READ, needs=(kit.ListsUsers,), lists="users")
def list_users(integration: Integration) -> Listing[User]:
    """List the users of the ATS, deactivated ones as well (`active` is false)."""
    return Listing(integration.must(kit.ListsUsers).list_users())


@operation("ats.tag.list", scope=Scope.READ, needs=(kit.ListsTags,), lists="tags")
def list_tags(integration: Integration) -> Listing[Tag]:
    """List the tags that candidates can carry."""
    return Listing(integration.must(kit.ListsTags).list_tags())


@operation("ats.source.list", scope=Scope.READ, needs=(kit.ListsSources,), lists="sources")
def list_sources(integration: Integration) -> Listing[Source]:
    """List the sources that candidates come from."""
    return Listing(integration.must(kit.ListsSources).list_sources())


@operation(
    "ats.customField.list",
    scope=Scope.READ,
    needs=(kit.ListsCustomFields,),
    lists="customFields",
)
def list_custom_fields(integration: Integration, query: CustomFieldQuery) -> Listing[CustomField]:
    """List custom fields; `key` is a field's name in a record's `customFields`."""
    pages = integration.must(kit.ListsCustomFields).list_custom_fields(query)
    return Listing(pages, query, CUSTOM_FIELDS)


@operation("ats.eeoc.list", scope=Scope.READ, needs=(kit.ListsEeoc,), lists="eeoc")
def list_eeoc(integration: Integration, query: EeocQuery) -> Listing[Eeoc]:
    """List equal-opportunity answers. They need a permission of their own at the vendor."""
    return Listing(integration.must(kit.ListsEeoc).list_eeoc(query), query, EEOC)


@operation(
    "ats.eeoc.get",
    scope=Scope.READ,
    needs=(kit.GetsEeoc,),
    gets="eeoc",
    instead=("ats.eeoc.list",),
    example={"applicationId": "70001"},
)
async def get_eeoc(integration: Integration, request: OfApplication) -> Eeoc:
    """Get the equal-opportunity answers of one application."""
    return await integration.must(kit.GetsEeoc).get_eeoc(request.application_id)
