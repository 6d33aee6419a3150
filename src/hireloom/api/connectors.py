"""What Hireloom can connect to, and what each vendor can do. All of it is read from the code."""

from collections.abc import Mapping

from hireloom import connecting, connectors
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation, operations
from hireloom.errors import RequestInvalidError
from hireloom.kit import Connector
from hireloom.kit.sections import besides
from hireloom.kit.support import MODELS, paths, unsupported
from hireloom.models import (
    Application,
    Attachment,
    Candidate,
    ConnectorAnswer,
    ConnectorDetails,
    ConnectorList,
    ConnectorQuery,
    ConnectorSummary,
    CustomField,
    Department,
    Eeoc,
    Interview,
    Job,
    Model,
    Note,
    Offer,
    Office,
    RejectionReason,
    Scorecard,
    Source,
    Stage,
    Support,
    Tag,
    User,
)
from hireloom.store import integrations

SHOWN_MODELS: tuple[type[Model], ...] = (
    Job,
    Application,
    Candidate,
    Stage,
    Interview,
    Scorecard,
    Offer,
    RejectionReason,
    Attachment,
    Note,
    Department,
    Office,
    User,
    Eeoc,
    Tag,
    Source,
    CustomField,
)


@operation("connector.list", scope=Scope.READ)
def list_connectors() -> ConnectorList:
    """List the vendors that can be connected."""
    return ConnectorList(connectors=[summary(connectors.load(name)) for name in connectors.names()])


@operation("connector.get", scope=Scope.READ, example={"appId": "greenhouse"})
async def get_connector(call: Call, query: ConnectorQuery) -> ConnectorAnswer:
    """Say what a vendor can do and what connecting it takes.

    With the integration header, what this account was found to lack a permission or a setting for
    is PERMISSION_MISSING, and all of a deactivated account is DISABLED.
    """
    if call.origin_integration_id:
        account = await call.desk.accounts.open(call.origin_integration_id, even_inactive=True)
        kind = type(account.integration.connector)
        return ConnectorAnswer(connector=details(kind, account.stored))
    if not query.app_id:
        raise RequestInvalidError.at("appId", "name the app, or send X-Integration-Id")
    return ConnectorAnswer(connector=details(connectors.load(query.app_id)))


def summary(kind: type[Connector]) -> ConnectorSummary:
    return ConnectorSummary(id=kind.name, title=kind.title, category=kind.category, docs=kind.docs)


def details(
    kind: type[Connector], stored: integrations.Integration | None = None
) -> ConnectorDetails:
    return ConnectorDetails(
        id=kind.name,
        title=kind.title,
        category=kind.category,
        docs=kind.docs,
        connect=connecting.ways(kind),
        settings=connecting.settings(kind),
        operations=supported_operations(kind, stored),
        models={model.__name__: supported_fields(kind, model) for model in SHOWN_MODELS},
    )


def supported_operations(
    kind: type[Connector], stored: integrations.Integration | None = None
) -> dict[str, Support]:
    found: dict[str, Support] = {}
    lacking: Mapping[str, str] = {} if stored is None else all_lacking(kind, stored)
    for name, one in operations().items():
        if not one.on_integration or not one.needs:
            continue
        if not one.supported_by(kind):
            found[name] = Support.UNSUPPORTED
        elif stored is not None and stored.state == "deactivated":
            found[name] = Support.DISABLED
        elif name in lacking:
            found[name] = Support.PERMISSION_MISSING
        else:
            found[name] = Support.SUPPORTED
    return found


def all_lacking(kind: type[Connector], stored: integrations.Integration) -> Mapping[str, str]:
    """By operation what the account lacks: a permission, or a setting that was left out."""
    return connecting.barred(needed_capabilities(), kind, stored.settings) | stored.permissions


def needed_capabilities() -> dict[str, tuple[type, ...]]:
    """By operation the capabilities of which any will do."""
    return {
        name: one.needs for name, one in operations().items() if one.on_integration and one.needs
    }


def supported_fields(kind: type[Connector], model: type[Model]) -> dict[str, Support]:
    """Per field of a model: whether this vendor can ever fill it."""
    lacking = set(unsupported(kind, model, besides(kind, model)))
    return {
        path: Support.UNSUPPORTED
        if any(path == one or path.startswith(f"{one}.") for one in lacking)
        else Support.SUPPORTED
        for path in paths(MODELS[model.__name__])
    }
