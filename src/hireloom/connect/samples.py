"""Sample values of custom fields, read live to be shown once; none is kept or logged."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hireloom.connect.words import Say
from hireloom.desk import Desk
from hireloom.kit.capabilities import method
from hireloom.kit.together import gather
from hireloom.kit.trip import Trip, travel
from hireloom.mapping import DATA_TYPES
from hireloom.models import (
    ApplicationModel,
    CandidateModel,
    CustomField,
    DataType,
    JobModel,
    MappingOwner,
    given,
)
from hireloom.sync.kinds import KINDS

RECORDS = 50  # looked at for samples, of each owner
SHOWN = 3
LONGEST = 60  # characters of one value

INFO = {
    DataType.APPLICATIONS: ApplicationModel.INFO,
    DataType.CANDIDATES: CandidateModel.INFO,
    DataType.JOBS: JobModel.INFO,
}
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """What records hold, the latest first: the custom fields of each."""

    records: Sequence[Values] = ()

    def texts(self, field: CustomField, say: Say) -> list[str]:
        """The first few different values of a custom field, as people read them."""
        labels = {one.id: one.label for one in given(field.options) or () if one.id}
        found: dict[str, None] = {}
        for record in self.records:
            if text := cut(told(record.get(field.key), labels, say)):
                found.setdefault(text)
            if len(found) == SHOWN:
                break
        return list(found)


async def look(
    desk: Desk, integration_id: str, owners: Collection[MappingOwner]
) -> dict[MappingOwner, Seen]:
    """One call of a list for each owner. Raises what the vendor says."""
    account = await desk.accounts.open(integration_id)

    async def of(owner: MappingOwner) -> Seen:
        kind = KINDS[DATA_TYPES[owner]]
        lister = getattr(account.integration.must(kind.lists), method(kind.lists))
        page = await lister(kind.query(models=(INFO[kind.data_type],))).page()
        latest = sorted(page.records[:RECORDS], key=_updated, reverse=True)
        return Seen([given(one.info.custom_fields) or {} for one in latest])

    with travel(Trip(page_size=RECORDS)):
        every = sorted(owners)
        return dict(zip(every, await gather(*(of(one) for one in every)), strict=True))


def _updated(record: Any) -> datetime:
    return given(record.info.updated_at) or datetime.min.replace(tzinfo=UTC)


def told(value: Any, labels: Mapping[str, str], say: Say) -> str:
    """A value in words; an option by its label; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, Mapping):
        return _joined((told(one, labels, say) for one in value.values()), " ")
    if isinstance(value, list | tuple):
        return _joined((told(one, labels, say) for one in value), ", ")
    text = " ".join(str(value).split())
    return labels.get(text, text)


def _joined(parts: Iterable[str], between: str) -> str:
    return between.join(part for part in parts if part)


def cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
