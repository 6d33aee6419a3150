"""What Lever's records refer to, and who acts: the ground that reads and writes stand on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from hireloom import kit
from hireloom.connectors.ats import _lever_applications as people
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats import _lever_words as words

S = TypeVar("S")
Found: TypeAlias = Sequence[lever.LeverOpportunity]
Links: TypeAlias = Mapping[str, lever.LeverApplication | None]
Listing: TypeAlias = Mapping[str, Any]  # the filters by which opportunities were listed

EXPANDED = ["applications", "owner", "sourcedBy", "stage"]
WITH_CONTACT = [*EXPANDED, "contact"]
ALL_USERS = {"includeDeactivated": True}  # records name people who have left, too
AT_ONCE = (
    3  # of the calls per opportunity; ten a second, a third of one each: more would only queue
)
BARE = {"expand": None, "confidentiality": None}  # no filters: they say how, not which
CONTACTS_AT_ONCE = 50  # ids in one address, which then is some 2,500 characters long


class LeverLookUps(kit.Connector):
    """A connector that knows the tables of a Lever account."""

    def _acting(self) -> dict[str, str]:
        acting = self.chosen.get("performAs")
        if not acting:
            raise kit.RequestInvalidError.at(
                "settings.performAs",
                "Lever makes this change in the name of one of its users: set performAs of this "
                "integration to the id of an active user (ats.user.list shows them)",
            )
        return {"perform_as": acting}

    @property
    def _by_requisition(self) -> bool:
        return self.chosen["jobs"] == "requisitions"

    @property
    def _confidential(self) -> dict[str, str]:
        """Lists leave confidential records out unless they are asked for all."""
        return {"confidentiality": "all"} if self.chosen["confidential"] == "include" else {}

    async def _tables(self, found: Found, links: Links, *, staged: bool = False) -> words.Tables:
        """What opportunities refer to; what came expanded costs no call."""
        return words.Tables(
            users=await self._users(
                [user for one in found for user in (one.owner, one.sourced_by)]
            ),
            stages=await self._stages([one.stage for one in found] if staged else []),
            reasons=await self._reasons([one.archived.reason for one in found if one.archived]),
            placements=await self._placements(links),
        )

    async def _users(
        self, named: Sequence[str | lever.LeverUser | None]
    ) -> Mapping[str, lever.LeverUser]:
        ids = [one for one in named if isinstance(one, str)]

        async def fetch(_: list[str]) -> list[lever.LeverUser]:
            return await self.everything("/users", lever.LeverUser, params=ALL_USERS)

        return await self.remember("users", ids, fetch)

    async def _stages(
        self, named: Sequence[str | lever.LeverStage | None]
    ) -> Mapping[str, words.PlacedStage]:
        async def fetch(_: list[str]) -> list[words.PlacedStage]:
            return await self._pipeline()

        return await self.remember("stages", map(words.id_of, named), fetch)

    async def _pipeline(self) -> list[words.PlacedStage]:
        """With order and kind, which /stages lacks."""
        found = await self.get("/disposition_stages", lever.LeverDispositions)
        return words.placed(found.stages)

    async def _known_pipeline(self) -> Sequence[words.PlacedStage]:
        async def fetch(_: list[str]) -> list[words.Pipeline]:
            return [words.Pipeline("account", await self._pipeline())]

        known = await self.remember("pipeline", ["account"], fetch)
        return known["account"].stages

    async def _reasons(self, ids: Sequence[str | None]) -> Mapping[str, lever.LeverReason]:
        async def fetch(_: list[str]) -> list[lever.LeverReason]:
            return await self.everything("/archive_reasons", lever.LeverReason)

        return await self.remember("reasons", ids, fetch)

    async def _placements(self, links: Links) -> Mapping[str, words.Placement] | None:
        """Where jobs are requisitions: each posting's."""
        if not self._by_requisition:
            return None

        async def fetch(_: list[str]) -> list[words.Placement]:
            return words.placements(await self._all_requisitions())

        ids = [words.id_of(link.posting) for link in links.values() if link]
        return await self.remember("placements", ids, fetch)

    async def _spelled(self, tag: str) -> str | None:
        """A tag as Lever's filter wants it; None where it is in no list or has several cases."""

        async def fetch(_: list[str]) -> list[words.Spellings]:
            tags = await self.everything("/tags", lever.LeverText)
            return words.spellings([one.text for one in tags])

        known = await self.remember("tags", [tag.casefold()], fetch)
        texts = known[tag.casefold()].texts if tag.casefold() in known else ()
        return texts[0] if len(texts) == 1 else None

    async def _all_postings(self, _: list[str]) -> list[lever.LeverPosting]:
        params = {**self._confidential, "include": "content"}
        return await self.everything("/postings", lever.LeverPosting, params=params)

    async def _learn_postings(self) -> None:
        """Read them again, however lately they were remembered."""
        found = await self._all_postings([])
        self._references.learn("postings", {one.id: one for one in found})

    async def _all_requisitions(self) -> list[lever.LeverRequisition]:
        return await self.everything(
            "/requisitions", lever.LeverRequisition, params=self._confidential
        )

    async def _every_job(self) -> Sequence[lever.LeverPosting | lever.LeverRequisition]:
        if self._by_requisition:
            return await self._all_requisitions()
        return await self.everything("/postings", lever.LeverPosting, params=self._confidential)

    async def _links(self, found: Found) -> dict[str, lever.LeverApplication | None]:
        """Each opportunity's application: out of the answer, or asked for where only ids came."""
        links: dict[str, lever.LeverApplication | None] = {}
        bare: list[str] = []
        for one in found:
            first = next(iter(one.applications or []), None)
            links[one.id] = None if isinstance(first, str) else first
            if isinstance(first, str):
                bare.append(one.id)
        for batch in kit.chunks(bare, AT_ONCE):
            read = await kit.gather(
                *(self._below(one, "applications", lever.LeverApplication) for one in batch)
            )
            links |= {one: next(iter(rows), None) for one, rows in zip(batch, read, strict=True)}
        return links

    async def _candidacies(
        self, *contact_ids: str, narrowed: Listing | None = None
    ) -> list[lever.LeverOpportunity]:
        """All that people are or were up for, or what of it a listing holds, the newest first."""
        plain: Listing = {**self._confidential, "expand": EXPANDED}
        params = {**(narrowed or plain), "contact_id": contact_ids}
        found = await self.everything("/opportunities", lever.LeverOpportunity, params=params)
        return people.newest_first(found)

    async def _candidacies_of(
        self, contacts: Iterable[str], narrowed: Listing | None = None
    ) -> list[lever.LeverOpportunity]:
        """Those of many people.

        Whether `contact_id` may be repeated is UNCONFIRMED: whoever does not come back in answer
        to such a call is asked for alone.
        """
        found: dict[str, lever.LeverOpportunity] = {}
        for batch in kit.chunks(sorted(set(contacts)), CONTACTS_AT_ONCE):
            rows = await self._candidacies(*batch, narrowed=narrowed)
            came = {words.id_of(one.contact) for one in rows}
            alone = [one for one in batch if one not in came] if len(batch) > 1 else []
            for few in kit.chunks(alone, AT_ONCE):
                lists = await kit.gather(
                    *(self._candidacies(one, narrowed=narrowed) for one in few)
                )
                rows += [one for each in lists for one in each]
            found |= {one.id: one for one in rows if words.id_of(one.contact) in batch}
        return list(found.values())

    async def _others_of(self, found: Found) -> list[lever.LeverOpportunity]:
        """The candidacies, beside those at hand, of the people at hand."""
        contacts = {key for one in found if (key := words.id_of(one.contact))}
        at_hand = {one.id for one in found}
        return [one for one in await self._candidacies_of(contacts) if one.id not in at_hand]

    async def _turns(
        self, groups: Mapping[str, Found], listings: Sequence[Listing]
    ) -> Mapping[str, str]:
        """Of who has several candidacies, the one that stands for the person in a walk through

        these lists: of those in the first list that has any, the oldest. That does not depend on
        the order of the list, and stays the same when one is added or changed during the walk.
        """
        several = {contact: group for contact, group in groups.items() if len(group) > 1}
        turns: dict[str, str] = {}
        for listing in listings:
            left = [contact for contact in several if contact not in turns]
            rows = await self._listed(left, several, listing)
            for one in reversed(people.newest_first(rows)):
                contact = words.id_of(one.contact) or ""
                if contact in left:
                    turns.setdefault(contact, one.id)
        return turns

    async def _listed(
        self, contacts: Collection[str], groups: Mapping[str, Found], listing: Listing
    ) -> list[lever.LeverOpportunity]:
        """Which of these people's candidacies a list holds: Lever's own filters know best."""
        if all(value is None for value in {**listing, **BARE}.values()):
            return [one for contact in contacts for one in groups[contact]]
        return await self._candidacies_of(contacts, {**listing, "expand": None})

    async def _resumes_of(self, found: Found) -> dict[str, list[lever.LeverResume]]:
        resumes: dict[str, list[lever.LeverResume]] = {}
        for batch in kit.chunks(found, AT_ONCE):
            read = await kit.gather(*(self._resumes(one.id) for one in batch))
            resumes |= {one.id: rows for one, rows in zip(batch, read, strict=True)}
        return resumes

    async def _place(self, contact_id: str) -> lever.LeverOpportunity:
        """Where something about a person goes: the newest candidacy that is open, else the newest.

        Lever keeps notes and tags on opportunities; a contact has no place for them.
        """
        found = await self._candidacies(contact_id)
        if not found:
            raise kit.ResourceNotFoundError("This candidate has no opportunity in Lever")
        return next((one for one in found if one.archived is None), found[0])

    async def _below(self, opportunity_id: str, word: str, shape: type[S]) -> list[S]:
        path = kit.path(f"/opportunities/{{}}/{word}", opportunity_id)
        return await self.everything(path, shape)

    async def _resumes(self, opportunity_id: str) -> list[lever.LeverResume]:
        return await self._below(opportunity_id, "resumes", lever.LeverResume)
