"""Every kind of cause, by name."""

from hireloom.issues.account_kinds import (
    CallFailing,
    CredentialsInvalid,
    PermissionMissing,
    RateLimited,
    SchemaDrift,
)
from hireloom.issues.flow_kinds import (
    AssessmentTrouble,
    DeadLetters,
    RecordsUnreadable,
    SyncFailing,
    WebhookDisabled,
    WebhookFailing,
    WorkersAway,
)
from hireloom.issues.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CallFailing(),
        SchemaDrift(),
        RateLimited(),
        CredentialsInvalid(),
        PermissionMissing(),
        SyncFailing(),
        RecordsUnreadable(),
        WebhookFailing(),
        WebhookDisabled(),
        DeadLetters(),
        AssessmentTrouble(),
        WorkersAway(),
    )
}
