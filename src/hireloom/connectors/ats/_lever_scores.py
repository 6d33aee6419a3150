"""Where Lever takes scores: feedback, profile forms, a link with a tag.

Lever has no partners that tests are ordered from. All of these are on an opportunity.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hireloom import kit
from hireloom.connectors.ats import _lever_score_forms as forms
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats._lever_lookups import LeverLookUps
from hireloom.models import Dropped, ScoreChannel, WrittenScore

TEMPLATES = "/feedback_templates"
NO_ROOM = "a link and a tag have no room for it"


class LeverScores(LeverLookUps):
    """The part of the Lever connector that writes scores."""

    async def create_scorecard(self, paper: kit.Paper) -> WrittenScore:
        """Feedback, by the form laid down, else one called like the assessment, else our own."""
        acting, place = self._author(), self._opportunity(paper)
        template = await self._template(paper)
        sent = forms.entries(paper, template.fields or [])
        forms.must_fill(template, sent)
        body = {
            "baseTemplateId": template.id,
            "fieldValues": [one.body for one in sent],
            "completedAt": kit.to_millis(paper.score.completed_at),
        }
        path = kit.path("/opportunities/{}/feedback", place)
        made = await self.post(path, body, forms.LeverFilledForm, params=acting)
        read = kit.path("/opportunities/{}/feedback/{}", place, made.id)
        values = await self._held(read, made, sent)
        return forms.receipt(paper, made.text or template.text, made.id, sent, values)

    async def update_scorecard(self, scorecard_id: str, paper: kit.Paper) -> WrittenScore:
        """The same feedback with all values of ours, those that are gone emptied."""
        acting, place = self._author(), self._opportunity(paper, before=True)
        path = kit.path("/opportunities/{}/feedback/{}", place, scorecard_id)
        before = await self.get(path, forms.LeverFilledForm)
        if before.deleted_at is not None:
            raise kit.ResourceNotFoundError("This feedback was deleted in Lever")
        fields = before.fields or []
        sent = forms.entries(paper, fields)
        forms.must_fill(before, sent)
        body = {
            "fieldValues": [*(one.body for one in sent), *forms.emptied(paper, fields, sent)],
            "completedAt": kit.to_millis(paper.score.completed_at),
        }
        made = await self.put(path, body, forms.LeverFilledForm, params=acting)
        values = await self._held(path, made, sent)
        return forms.receipt(paper, made.text or before.text, scorecard_id, sent, values)

    async def update_score_fields(self, paper: kit.Paper) -> WrittenScore:
        """A profile form, which is where Lever keeps fields of a customer's own.

        A form is never changed afterwards: a correction is a new one, and the newest counts.
        """
        acting, place = self._author(), self._opportunity(paper)
        template, sent = await self._profile_form(paper)
        forms.must_fill(template, sent)
        body = {"baseTemplateId": template.id, "fields": [one.body for one in sent]}
        path = kit.path("/opportunities/{}/forms", place)
        made = await self.post(path, body, forms.LeverFilledForm, params=acting)
        read = kit.path("/opportunities/{}/forms/{}", place, made.id)
        values = await self._held(read, made, sent)
        return forms.receipt(paper, made.text or template.text, made.id, sent, values)

    async def add_result_link(self, paper: kit.Paper) -> WrittenScore:
        """The report among the links, and a tag that says how the test ended."""
        link, tag = paper.score.report_url, forms.tag_of(paper)
        if not link:
            raise kit.NoPlaceError("a result link needs a reportUrl, and the score has none")
        acting, place = self._author(), self._opportunity(paper)
        if before := paper.replaces(ScoreChannel.RESULT_LINK):
            await self._unmark(before.application_id or place, before.remote_id, link, tag)
        path = kit.path("/opportunities/{}/addLinks", place)
        linked = await self.post(path, {"links": [link]}, lever.LeverOpportunity, params=acting)
        path = kit.path("/opportunities/{}/addTags", place)
        tagged = await self.post(path, {"tags": [tag]}, lever.LeverOpportunity, params=acting)
        links, tags = [link], [tag]
        if not kit.stands_in(tagged.id):
            links, tags = linked.links or [], tagged.tags or []
        if link not in links or tag not in tags:
            links, tags = await self._marks(place, links, tags)
        marked = ["reportUrl"] if link in links else []
        if tag in tags:
            marked += ["assessment", "score", "result"]  # kit.written keeps those that were given
        url = tagged.urls.show if tagged.urls else None
        made = kit.written(paper, forms.marks(link, tag), marked, NO_ROOM, url)
        details = [Dropped(field=one, reason=NO_ROOM) for one in forms.details(paper, marked, "")]
        return msgspec.structs.replace(made, fields_dropped=[*made.fields_dropped, *details])

    # Places.

    def _author(self) -> dict[str, str]:
        """Notes need no user to act, so a score still finds its way where none is set."""
        try:
            return self._acting()
        except kit.RequestInvalidError as error:
            raise kit.NoPlaceError(error.msg) from error

    def _opportunity(self, paper: kit.Paper, *, before: bool = False) -> str:
        place = paper.application_id
        if before and paper.previous and paper.previous.application_id:
            place = paper.previous.application_id
        if not place:
            raise kit.NoPlaceError("Lever keeps this on an application, and the score names none")
        return place

    async def _template(self, paper: kit.Paper) -> forms.LeverTemplate:
        if paper.form_id:
            path = kit.path("/feedback_templates/{}", paper.form_id)
            try:
                return await self.get(path, forms.LeverTemplate)
            except kit.ResourceNotFoundError:
                raise kit.NoPlaceError(
                    f"the feedback form {paper.form_id} that was laid down is not in Lever"
                ) from None
        found = await self._template_called(paper.title, forms.OWN_NAME)
        return found or await self._own_template()

    async def _template_called(self, *names: str) -> forms.LeverTemplate | None:
        templates = await self.everything(TEMPLATES, forms.LeverTemplate)
        return next((found for name in names if (found := forms.named(templates, name))), None)

    async def _own_template(self) -> forms.LeverTemplate:
        """Ours, made where it is missing. Who makes one at the same time takes the oldest, too."""
        async with self._references.learning(TEMPLATES):
            if found := await self._template_called(forms.OWN_NAME):
                return found
            made = await self.post(TEMPLATES, forms.own_template(), forms.LeverTemplate)
            return await self._template_called(forms.OWN_NAME) or forms.made_template(made)

    async def _profile_form(
        self, paper: kit.Paper
    ) -> tuple[forms.LeverTemplate, Sequence[forms.Entry]]:
        """The form that takes most of the score."""
        templates = await self.everything(
            "/form_templates", forms.LeverTemplate, params={"include": "fields"}
        )
        found: list[tuple[forms.LeverTemplate, list[forms.Entry]]] = []
        refused = kit.NoPlaceError("this Lever account has no profile forms")
        for one in templates:
            try:
                found.append((one, forms.valued(paper, one.fields or [])))
            except kit.NoPlaceError as error:
                refused = error
        if not found:
            raise refused
        return max(found, key=lambda pair: len(pair[1]))

    # What Lever then holds. The write stands whether or not it can be read, so a read that fails
    # is no failure: what it would have shown is not claimed.

    async def _held(
        self, path: str, made: forms.LeverFilledForm, sent: Iterable[forms.Entry]
    ) -> forms.Held:
        if kit.stands_in(made.id):  # a dry run
            return {one.field_id: one.value for one in sent}
        values = forms.held(made)
        if all(forms.arrived(one, values) for one in sent):
            return values
        try:
            return forms.held(await self.get(path, forms.LeverFilledForm))
        except kit.HireloomError:
            return values

    async def _marks(
        self, place: str, links: list[str], tags: list[str]
    ) -> tuple[list[str], list[str]]:
        try:
            path = kit.path("/opportunities/{}", place)
            found = await self.get(path, lever.LeverOpportunity)
        except kit.HireloomError:
            return links, tags
        return found.links or [], found.tags or []

    async def _unmark(self, place: str, remote_id: str, link: str, tag: str) -> None:
        """Remove the link and the tag of the score before, but for what stays the same."""
        acting = self._author()
        old_link, old_tag = forms.marks_of(remote_id)
        if old_link not in {"", link}:
            path = kit.path("/opportunities/{}/removeLinks", place)
            await self.post(path, {"links": [old_link]}, params=acting)
        if old_tag not in {"", tag}:
            path = kit.path("/opportunities/{}/removeTags", place)
            await self.post(path, {"tags": [old_tag]}, params=acting)
