"""What would be sent of a score, with nothing sent, and the layouts that say how it is shown."""

import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from hireloom.api.score_layouts import TEMPLATE
from tests.scores.pushing import (
    CODING,
    VENDORS,
    Json,
    candidates,
    connected,
    lines,
    page,
    push,
    refused,
    someone,
    whole_page,
    written,
)
from tests.service import Service

READS = re.compile(r"\.(list|info|search)$|^/token$")
TEST = {**CODING, "assessment": {"name": "Technical Coding Assessment", "type": "coding"}}


def writes(service: Service, vendor: str) -> list[tuple[str, str]]:
    """Method and path of all writes that reached the vendor."""
    return [
        (one["method"], one["path"])
        for one in written(service, vendor)
        if not READS.search(one["path"])
    ]


def aims(requests: list[Json]) -> list[tuple[str, str]]:
    return [(one["method"], urlsplit(one["url"]).path) for one in requests]


async def preview(service: Service, integration: str, **score: Any) -> Json:
    answer = await service.post("ats.application.score.preview", integration, score)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["data"]
    return found


async def dry_run(service: Service, integration: str, **score: Any) -> Json:
    answer = await service.post(
        "ats.application.score.create", integration, {**score, "dryRun": True}
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["data"]
    return found


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_preview_shows_what_is_then_sent_and_sends_nothing(
    service: Service, vendor: str
) -> None:
    integration = await connected(service, vendor)
    people = await candidates(service, vendor, integration)
    users = (await service.get("ats.user.list", integration)).json()["data"]["users"]
    email = next(one["email"] for one in users if one["active"])
    score = {**TEST, "evaluator": {"name": "Vera Stone", "email": email}}
    if vendor == "lever":  # its own form is made once, whoever comes first
        await push(service, integration, **people[-1], **score)
    before = writes(service, vendor)
    pages = [whole_page(service, vendor, one) for one in people[:6]]

    usual = await preview(service, integration, **score, **people[0])
    order = [one["channel"] for one in usual["channels"]]
    asked = await preview(service, integration, **score, **people[0], channels=order)
    dry = {
        one["channel"]: await dry_run(
            service, integration, **score, **whom, channels=[one["channel"]]
        )
        for one, whom in zip(asked["channels"], people, strict=False)
        if one["available"]
    }
    plans = {
        one["channel"]: await preview(
            service, integration, **score, **whom, channels=[one["channel"]]
        )
        for one, whom in zip(asked["channels"], people, strict=False)
    }

    assert writes(service, vendor) == before
    assert [whole_page(service, vendor, one) for one in people[:6]] == pages
    assert "89/100" in usual["plain"]
    assert "89/100" in usual["html"]
    for one, whom in zip(asked["channels"], people, strict=False):
        channel = one["channel"]
        (plan,) = plans[channel]["channels"]
        assert plan["available"] == one["available"], channel
        if not plan["available"]:
            assert plan["reason"]
            assert plan["requests"] == []
            continue
        done = len(writes(service, vendor))
        await push(service, integration, **score, **whom, channels=[channel])
        assert aims(plan["requests"]) == writes(service, vendor)[done:], channel
        assert aims(dry[channel]["requests"]) == aims(plan["requests"])
        assert "89" in str(plan["requests"])
        assert (plan["text"] or "89/100") == (usual["plain"] if plan["text"] else "89/100")
        assert (plan["text"] is None) == (not channel.endswith("_NOTE"))


async def put_layout(service: Service, integration: str = "", **layout: Any) -> Json:
    answer = await service.post("score.layout.put", integration, layout)
    found: Json = answer.json()
    return found


async def test_the_nearest_layout_counts_and_none_of_another_account(service: Service) -> None:
    lever = await service.connect_for_writes("lever")
    greenhouse = await service.connect("greenhouse")
    whom = await someone(service, greenhouse)
    about = {**whom, **CODING, "assessment": {"name": "Typing", "type": "coding"}}
    other_type = {**about, "assessment": {"name": "Typing", "type": "language"}}

    async def shown(score: Json) -> str:
        found: str = (await preview(service, greenhouse, **score))["plain"]
        return found

    await put_layout(service, lever, assessmentType="coding", template="Of Lever")
    await put_layout(service, lever, template="Of Lever")
    seen = [await shown(about)]
    for integration, kind, text in (
        ("", "", "All, other types"),
        ("", "coding", "All, coding"),
        (greenhouse, "", "Own, other types"),
        (greenhouse, "coding", "Own, coding"),
    ):
        template = f"<p>{text}: {{{{ assessment.name }}}} {{{{ score }}}}</p>"
        made = await put_layout(service, integration, assessmentType=kind, template=template)
        assert made["success"], made
        seen.append(await shown(about))
    unlike = await shown(other_type)
    receipt = await push(service, greenhouse, **about, channels=["APPLICATION_NOTE"])
    gone = await service.post("score.layout.delete", greenhouse, {"assessmentType": "coding"})
    after = await shown(about)

    assert "Overall Score: 89/100" in seen[0]
    assert seen[1:] == [
        f"{text}: Typing 89/100"
        for text in ("All, other types", "All, coding", "Own, other types", "Own, coding")
    ]
    assert unlike == "Own, other types: Typing 89/100"
    assert receipt["fieldsWritten"] == ["assessment", "score"]
    assert {one["field"] for one in receipt["fieldsDropped"]} >= {"breakdown", "notes"}
    feed = page(service, "greenhouse", whom["applicationId"])["Activity Feed"]
    assert lines(feed).splitlines()[-1] == "Own, coding: Typing 89/100"
    assert gone.json()["data"]["deleted"] is True
    assert after == "Own, other types: Typing 89/100"


async def test_the_layout_that_the_documentation_shows_is_one(service: Service) -> None:
    integration = await service.connect("greenhouse")
    whom = await someone(service, integration)

    made = await put_layout(service, assessmentType="coding", template=TEMPLATE)

    assert made["success"], made
    assert (await preview(service, integration, **whom, **CODING))["plain"] == (
        "Typing and Logic: 89/100"
    )


async def test_a_bad_template_is_refused_with_its_line_and_nothing_is_put(
    service: Service,
) -> None:
    integration = await service.connect("greenhouse")
    whom = await someone(service, integration)
    templates = {
        "<p>one</p>\n<p>{{ score.value </p>": "line 2",
        "<p>one</p>\n\n{{ scores.value }}": "line 3",
        "{% for x in breakdown %}\n{{ x.label.__class__ }}{% endfor %}": "line 2",
        "<p></p>": "line 1",
    }

    errors = {one: (await put_layout(service, integration, template=one)) for one in templates}
    general = await put_layout(service, customFields={"score": "1"})
    unknown = await put_layout(service, integration, customFields={"points": "1"})

    for template, line in templates.items():
        assert errors[template]["error"]["code"] == "request.invalid"
        assert line in errors[template]["error"]["msg"]
    assert general["error"]["fields"][0]["path"] == "X-Integration-Id"
    assert unknown["error"]["fields"][0]["path"] == "customFields.points"
    assert "89/100" in (await preview(service, integration, **whom, **CODING))["plain"]


# What of a score each laid down field then shows, by the field's name.
LAID_DOWN = {
    "greenhouse": {"assessment": "Assessment name", "score": "Assessment score"},
    "ashby": {"reportUrl": "Assessment report", "score": "Assessment score"},
    "lever": {"reportUrl": "Assessment report", "score": "Assessment score"},
}
VALUES = {"assessment": "Typing and Logic", "score": "89", "reportUrl": CODING["reportUrl"]}
TABS = {"greenhouse": "Details", "ashby": "Custom Fields", "lever": "Profile Forms"}


def fields_of_forms(service: Service) -> dict[str, str]:
    """Lever's profile forms, which is where its customers look up the ids of their fields."""
    url = service.sandbox.origins["https://api.lever.co"]
    key = service.sandbox.vendor("lever").credentials["apiKey"]
    answer = httpx.get(
        f"{url}/v1/form_templates", auth=(key, ""), params={"include": "fields"}, timeout=120
    )
    fields = [field for form in answer.json()["data"] for field in form["fields"]]
    return {field["text"]: field["id"] for field in fields}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_fields_that_are_laid_down_are_filled_unasked_and_no_others(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)
    listed = (await service.get("ats.customField.list", integration)).json()["data"]
    owned = [one for one in listed["customFields"] if one["owner"] == "APPLICATION"]
    ids = {one["label"]: one["id"] for one in owned} or fields_of_forms(service)
    chosen = {part: ids[label] for part, label in LAID_DOWN[vendor].items()}
    await put_layout(service, integration, assessmentType="coding", customFields=chosen)
    if vendor == "lever":  # else feedback comes first
        forbidden = {"kind": "status", "status": 403, "vendor": vendor, "path": "*/feedback*"}
        service.faults(forbidden)
    before = page(service, vendor, whom["applicationId"])[TABS[vendor]]

    receipt = await push(service, integration, **whom, **CODING)
    error = await refused(
        service, integration, **{**whom, **CODING, "assessment": {"name": "Nobody's"}},
        channels=["NATIVE_ASSESSMENT"],
    )  # fmt: skip

    after = page(service, vendor, whom["applicationId"])[TABS[vendor]]
    new = lines([one for one in after if one not in before])
    assert receipt["channel"] == "CUSTOM_FIELD"
    assert set(receipt["fieldsWritten"]) == set(chosen)
    assert {one["field"] for one in receipt["fieldsDropped"]} == {
        "assessment", "completedAt", "score", "breakdown", "result", "reportUrl", "notes",
    } - set(chosen)  # fmt: skip
    assert [part for part in chosen if VALUES[part] not in new] == []
    assert "Pass" not in new
    assert error["code"] == "operation.not_supported"
