"""Reading from the simulated Lever, over real HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.lever_client import API_KEY, Caller, Json, basic

SIZE = 230


@pytest.fixture(scope="module")
def sandbox() -> Iterator[app.Running]:
    with app.Running(size=SIZE, vendors=["lever"], limits=False) as running:
        yield running


@pytest.fixture
def lever(sandbox: app.Running) -> Iterator[Caller]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    caller = Caller(sandbox)
    with caller.http:
        yield caller


def test_a_walk_by_token_meets_every_opportunity_once_newest_first(lever: Caller) -> None:
    rows = list(lever.walk("/opportunities", limit=40, confidentiality="all"))

    assert len({row["id"] for row in rows}) == len(rows) == SIZE
    times = [row["createdAt"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert times[-1] > 1_700_000_000_000  # milliseconds, not seconds


def test_a_token_is_percent_encoded_text_and_must_come_back_verbatim(lever: Caller) -> None:
    token = lever.get("/users", limit=1).json()["next"]

    assert token.startswith("%5B")
    assert lever.get("/users", limit=1, offset=token).status_code == 200
    decoded_once_too_often = lever.http.get(f"/users?limit=1&offset={token}")
    assert decoded_once_too_often.status_code == 400
    assert "Invalid offset token" in decoded_once_too_often.json()["message"]


def test_a_stale_or_foreign_token_is_refused(lever: Caller) -> None:
    token = lever.get("/opportunities", limit=2).json()["next"]

    assert lever.get("/postings", offset=token).status_code == 400
    lever.change("expire_offsets")
    refused = lever.get("/opportunities", limit=2, offset=token)

    assert refused.status_code == 400
    assert refused.json() == {"code": "BadRequestError", "message": "Invalid offset token"}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten"])
def test_a_page_size_outside_1_to_100_is_refused(lever: Caller, limit: str) -> None:
    assert lever.get("/opportunities", limit=limit).status_code == 400


def test_without_a_page_size_a_page_has_100_rows(lever: Caller) -> None:
    page = lever.get("/opportunities").json()

    assert (len(page["data"]), page["hasNext"]) == (100, True)


def test_status_can_be_told_only_by_the_type_of_the_archive_reason(lever: Caller) -> None:
    types = {row["id"]: row["type"] for row in lever.data("/archive_reasons")}
    rows = list(lever.walk("/opportunities", confidentiality="all"))

    found = {types[row["archived"]["reason"]] for row in rows if row["archived"]}
    assert found == {"hired", "non-hired"}
    assert all(row["stage"] for row in rows if row["archived"])
    assert not any("status" in row for row in rows)


def test_one_archive_reason_is_inactive(lever: Caller) -> None:
    reasons = lever.data("/archive_reasons")

    assert [row["status"] for row in reasons].count("inactive") == 1
    hired = lever.data("/archive_reasons", type="hired")
    assert [row["text"] for row in hired] == ["Hired"]


def test_default_stages_have_slugs_and_one_pipeline_serves_the_account(lever: Caller) -> None:
    stages = lever.data("/stages")
    ranked = lever.data("/disposition_stages")["stages"]

    assert {"lead-new", "applicant-new", "offer"} < {row["id"] for row in stages}
    assert any(len(row["id"]) == 36 for row in stages)
    assert [row["id"] for row in stages] == [row["id"] for row in ranked]
    assert [row["rank"] for row in ranked] == sorted(row["rank"] for row in ranked)
    assert lever.data("/stages/offer") == {"id": "offer", "text": "Offer"}


def test_each_filter_of_opportunities_keeps_what_it_says(lever: Caller) -> None:
    rows = list(lever.walk("/opportunities", confidentiality="all"))
    some = next(row for row in rows if row["archived"] and row["emails"] and row["applications"])
    reason = some["archived"]["reason"]
    wanted: dict[str, tuple[Any, Callable[[Json], bool]]] = {
        "tag": (some["tags"][0], lambda row: some["tags"][0] in row["tags"]),
        "email": (some["emails"][0], lambda row: row["contact"] == some["contact"]),
        "origin": (some["origin"], lambda row: row["origin"] == some["origin"]),
        "source": (some["sources"][0], lambda row: row["sources"] == some["sources"]),
        "stage_id": (some["stage"], lambda row: row["stage"] == some["stage"]),
        "contact_id": (some["contact"], lambda row: row["contact"] == some["contact"]),
        "archived": ("true", lambda row: row["archived"] is not None),
        "snoozed": ("true", lambda row: row["snoozedUntil"] is not None),
        "archive_reason_id": (reason, lambda row: (row["archived"] or {}).get("reason") == reason),
        "created_at_start": (some["createdAt"], lambda row: row["createdAt"] >= some["createdAt"]),
        "updated_at_start": (some["updatedAt"], lambda row: row["updatedAt"] >= some["updatedAt"]),
        "updated_at_end": (some["updatedAt"], lambda row: row["updatedAt"] <= some["updatedAt"]),
        "advanced_at_end": (
            some["lastAdvancedAt"],
            lambda row: row["lastAdvancedAt"] <= some["lastAdvancedAt"],
        ),
        "archived_at_start": (
            some["archived"]["archivedAt"],
            lambda row: (
                (row["archived"] or {}).get("archivedAt", 0) >= some["archived"]["archivedAt"]
            ),
        ),
        "confidentiality": ("confidential", lambda row: row["confidentiality"] == "confidential"),
    }
    for name, (value, fits) in wanted.items():
        query = {"confidentiality": "all", name: value}
        found = [row["id"] for row in lever.walk("/opportunities", **query)]

        assert found == [row["id"] for row in rows if fits(row)], name
        assert 0 < len(found) < SIZE, name


def test_a_posting_filter_reads_the_application_not_the_opportunity(lever: Caller) -> None:
    plain = lever.walk("/opportunities", archived="true", expand="applications")
    posting = next(row for row in plain if row["applications"])["applications"][0]["posting"]

    of_posting = list(
        lever.walk("/opportunities", posting_id=posting, expand="applications", limit=7)
    )
    assert {row["applications"][0]["posting"] for row in of_posting} == {posting}
    rejected = list(lever.walk("/opportunities", archived_posting_id=posting))
    assert {row["id"] for row in rejected} == {row["id"] for row in of_posting if row["archived"]}


def test_a_malformed_filter_is_refused(lever: Caller) -> None:
    assert lever.get("/opportunities", updated_at_start="2026-11-01").status_code == 400
    assert lever.get("/opportunities", archived="yes").status_code == 400
    assert lever.get("/opportunities", confidentiality="secret").status_code == 400


def test_expand_puts_objects_where_ids_were(lever: Caller) -> None:
    expand = ["applications", "stage", "owner", "contact", "followers"]
    plain = next(row for row in lever.walk("/opportunities") if row["applications"])
    whole = lever.data(f"/opportunities/{plain['id']}", expand=expand)

    assert whole["stage"]["id"] == plain["stage"]
    assert whole["owner"] == lever.data(f"/users/{plain['owner']}")
    assert whole["followers"] == [whole["owner"]]
    assert whole["contact"]["location"] == {"name": plain["location"]}
    assert whole["applications"][0]["candidateId"] == plain["id"]


def test_a_lead_has_no_application(lever: Caller) -> None:
    lead = next(row for row in lever.walk("/opportunities") if not row["applications"])

    assert lead["stage"].startswith("lead-")
    assert lever.data(f"/opportunities/{lead['id']}/applications") == []


def test_postings_show_their_content_in_lists_only_when_asked(lever: Caller) -> None:
    bare = lever.data("/postings", limit=1)[0]
    whole = lever.data("/postings", limit=1, include="content")[0]

    assert "content" not in bare
    assert whole["content"]["descriptionHtml"].startswith("<p>")
    assert lever.data(f"/postings/{bare['id']}") == whole
    published = list(lever.walk("/postings", state="published"))
    assert {row["state"] for row in published} == {"published"}


def test_the_form_of_a_posting_names_the_fields_that_an_application_must_send(
    lever: Caller,
) -> None:
    posting = lever.data("/postings", limit=1)[0]

    form = lever.data(f"/postings/{posting['id']}/apply")

    required = [field["name"] for field in form["personalInformation"] if field["required"]]
    assert required == ["fullName", "email"]
    assert form["customQuestions"][0]["fields"][0]["required"] is True
    team = lever.get(f"/postings/{posting['id']}/users").json()
    assert team["posting"]["id"] == posting["id"]
    assert posting["owner"] in [user["id"] for user in team["users"]]


def test_a_headcount_may_be_the_word_unlimited(lever: Caller) -> None:
    rows = list(lever.walk("/requisitions", confidentiality="all"))

    unlimited = [row for row in rows if row["headcountTotal"] == "unlimited"]
    assert unlimited
    assert all(row["headcountInfinite"] for row in unlimited)
    assert all(isinstance(row["headcountTotal"], int) for row in rows if row not in unlimited)


def test_deactivated_users_are_shown_only_on_demand(lever: Caller) -> None:
    shown = list(lever.walk("/users"))
    everyone = list(lever.walk("/users", includeDeactivated="true"))

    assert all(row["deactivatedAt"] is None for row in shown)
    assert len(everyone) > len(shown)
    one = everyone[0]
    assert lever.data("/users", email=shown[0]["email"]) == [shown[0]]
    assert lever.data(f"/users/{one['id']}") == one


def test_what_hangs_on_an_opportunity_can_be_listed_and_fetched(lever: Caller) -> None:
    kinds = ["interviews", "panels", "feedback", "forms", "offers", "resumes", "files", "notes"]
    seen = set()
    for row in lever.walk("/opportunities", confidentiality="all"):
        for kind in [*kinds, "referrals"]:
            path = f"/opportunities/{row['id']}/{kind}"
            for record in lever.data(path)[:1] if kind not in seen else []:
                assert lever.data(f"{path}/{record['id']}") == record
                seen.add(kind)
        if len(seen) == len(kinds) + 1:
            break

    assert seen == {*kinds, "referrals"}


def test_feedback_belongs_to_its_interview_panel_and_template(lever: Caller) -> None:
    templates = {row["id"]: row for row in lever.data("/feedback_templates")}
    for row in lever.walk("/opportunities"):
        forms = lever.data(f"/opportunities/{row['id']}/feedback")
        if not forms:
            continue
        form = forms[0]
        break

    interview = lever.data(f"/opportunities/{row['id']}/interviews/{form['interview']}")
    panel = lever.data(f"/opportunities/{row['id']}/panels/{form['panel']}")
    assert form["id"] in interview["feedbackForms"]
    assert [one["id"] for one in panel["interviews"]] == [interview["id"]]
    assert form["user"] in [one["id"] for one in interview["interviewers"]]
    fields = templates[form["baseTemplateId"]]["fields"]
    assert [field["id"] for field in form["fields"]] == [field["id"] for field in fields]
    assert panel["end"] == interview["date"] + interview["duration"] * 60_000


def test_documents_are_real_and_need_the_key(lever: Caller) -> None:
    for row in lever.walk("/opportunities"):
        resumes = lever.data(f"/opportunities/{row['id']}/resumes")
        offers = lever.data(f"/opportunities/{row['id']}/offers")
        signed = [offer for offer in offers if offer["signedDocument"]]
        if resumes and signed:
            break
    url = resumes[0]["file"]["downloadUrl"]
    assert url.startswith("https://api.lever.co/v1/opportunities/")
    path = url.removeprefix("https://api.lever.co/v1")

    document = lever.get(path)

    assert document.content.startswith(b"%PDF-")
    assert document.headers["content-type"] == "application/pdf"
    assert len(document.content) == resumes[0]["file"]["size"]
    assert httpx.get(f"{lever.http.base_url}{path[1:]}", timeout=120).status_code == 401
    offer = signed[0]["signedDocument"]["downloadUrl"].removeprefix("https://api.lever.co/v1")
    assert lever.http.get(offer).content.startswith(b"%PDF-")


def test_a_file_that_is_not_processed_yet_is_a_422(lever: Caller) -> None:
    row = next(
        r for r in lever.walk("/opportunities") if lever.data(f"/opportunities/{r['id']}/resumes")
    )
    path = f"/opportunities/{row['id']}/resumes"
    resume = lever.data(path)[0]

    lever.change("unprocess_file", file=resume["id"])

    assert lever.get(f"{path}/{resume['id']}/download").status_code == 422
    assert lever.data(path)[0]["file"]["status"] == "processing"
    lever.change("slow_files", slow=False)
    assert lever.get(f"{path}/{resume['id']}/download").status_code == 200


def test_survey_rows_lead_to_nobody_unless_personal_data_may_be_read(lever: Caller) -> None:
    anonymous = lever.data("/eeo/responses", limit=5)
    personal = lever.data("/eeo/responses/pii", limit=5)

    assert not {"contact", "opportunityId", "id"} & set(anonymous[0])
    assert [row["appliedAt"] for row in anonymous] == [row["appliedAt"] for row in personal]
    assert lever.get(f"/contacts/{personal[0]['contact']}").status_code == 200


def test_tags_and_sources_are_counted_texts_without_ids(lever: Caller) -> None:
    rows = list(lever.walk("/opportunities", confidentiality="all"))

    for row in lever.walk("/sources", limit=3):
        assert row["count"] == sum(row["text"] in each["sources"] for each in rows)
    tag = lever.data("/tags", limit=1)[0]
    assert set(tag) == {"text", "count"}
    assert tag["count"] == sum(tag["text"] in each["tags"] for each in rows)


def test_what_does_not_exist_is_a_404_with_levers_body(lever: Caller) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    for path in ("/opportunities", "/postings", "/users", "/contacts", "/stages"):
        answer = lever.get(f"{path}/{unknown}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NotFoundError"), path
    assert lever.get("/nothing").status_code == 404


def test_the_same_seed_gives_the_same_account(lever: Caller) -> None:
    before = lever.get("/opportunities", limit=5, expand="applications").content
    with app.Running(size=SIZE, vendors=["lever"], limits=False) as other:
        caller = Caller(other)
        with caller.http:
            after = caller.get("/opportunities", limit=5, expand="applications").content

    assert after == before


async def test_bursts_are_allowed_and_then_refused() -> None:
    async with app.Running(size=20, vendors=["lever"]) as limited:
        limited.vendor("lever").limiter._clock = lambda: 100.0
        url = limited.origins["https://api.lever.co"] + "/v1/stages"
        header = {"authorization": basic(API_KEY)}
        async with httpx.AsyncClient(headers=header, timeout=120) as client:
            answers = await asyncio.gather(*(client.get(url) for _ in range(60)))

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) - len(refused) >= 20
    assert refused
    assert refused[0].json()["code"] == "TooManyRequestsError"
    assert limited.vendor("lever").limiter.refused == len(refused)
