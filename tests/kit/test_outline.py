"""What is kept of a body while calls are captured: its outline, and nobody and no secret in it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.kit.exchanges import outlined
from hireloom.kit.message import Part, Request
from hireloom.kit.outline import LARGEST, LONGEST, LONGEST_MESSAGE, MOST_ITEMS, Outline
from hireloom.kit.ports import Exchange

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
ID = "2659a99d-f735-48ac-891d-87a382df1199"
KEY = "8f96ef75cfc7413f85e250774377a649-3"


def outline(value: Any) -> Any:
    return json.loads(Outline().of_value(value))


def text(length: int) -> str:
    return f"‹text, {length} character{'s' if length > 1 else ''}›"


def test_names_and_structure_stay() -> None:
    body = {"candidates": [{"first_name": "Grace", "links": [], "extra": {}}], "next": None}

    assert outline(body) == {
        "candidates": [{"first_name": text(5), "links": [], "extra": {}}],
        "next": None,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", ID),
        ("id", 4000119),
        ("id", "284000011"),
        ("candidateId", "cnd_00000000000000000012"),
        ("application_ids", [1, 2]),
        ("jobIds", ["284000011"]),
        ("stageId", "lead-new"),
        ("appId", "lever"),
        ("createdAt", "2026-10-20T19:01:00.000Z"),
        ("updated_at", "2026-10-20T19:01:00+02:00"),
        ("status", "in_process"),
        ("state", "CREDENTIALS_INVALID"),
        ("employmentType", "FullTime"),
        ("visibility", "PRIVATE"),
        ("event", "application.created"),
        ("active", True),
        ("deletedAt", None),
        ("title", ""),
    ],
)
def test_what_tells_nothing_of_a_person_stays(name: str, value: object) -> None:
    assert outline({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Grace Candidate"),
        ("name", "active"),
        ("id", "grace@sea.example"),
        ("id", "Grace Candidate"),
        ("id", "grace"),
        ("id", "+49 151 23456789"),
        ("id", KEY),
        ("emailId", "12345"),
        ("nationalId", "12345678"),
        ("sessionId", "12345678"),
        ("keyId", ID),
        ("status", "spoke with her on Monday"),
        ("maritalStatus", "divorced"),
        ("veteran_status", "protected"),
        ("token", "active"),
        ("accessToken", ID),
        ("secretToken", "2026-10-20T19:01:00Z"),
        ("date_of_birth", "1990-01-01T00:00:00Z"),
        ("birthday", "1990-01-01"),
        ("startDate", "2020-01-01"),
        ("url", "https://grace.example/cv"),
        ("note", "in_process"),
    ],
)
def test_other_text_becomes_its_length(name: str, value: str) -> None:
    assert outline({name: value}) == {name: text(len(value))}


def test_numbers_under_other_names_are_not_told() -> None:
    assert outline({"salary": 90000, "score": 4.5, "phoneId": 4915123, "id": -1}) == {
        "salary": "‹number›",
        "score": "‹number›",
        "phoneId": "‹number›",
        "id": "‹number›",
    }


def test_below_a_sensitive_name_nothing_is_told() -> None:
    body = {"eeoc": {"type": "declined", "id": 12, "answers": [{"status": "yes", "veteran": True}]}}

    assert outline(body) == {
        "eeoc": {
            "type": text(8),
            "id": "‹number›",
            "answers": [{"status": text(3), "veteran": "‹yes or no›"}],
        }
    }


def test_the_state_of_an_address_is_no_word_of_a_list() -> None:
    assert outline({"address": {"state": "california"}}) == {"address": {"state": text(10)}}


def test_long_lists_are_cut_with_a_count() -> None:
    shown = outline({"ids": list(range(40))})["ids"]

    assert shown == [*range(MOST_ITEMS), f"‹and {40 - MOST_ITEMS} more›"]


def test_large_objects_and_deep_ones_are_cut() -> None:
    wide = outline({f"member_{number}": None for number in range(500)})
    deep: Any = "end"
    for _ in range(60):
        deep = {"below": deep}

    assert wide["‹and more›"] == "‹400 members›"
    assert "‹left out›" in json.dumps(outline(deep), ensure_ascii=False)


def test_an_outline_has_a_longest_length_and_says_what_is_cut() -> None:
    body = {f"member_{number}": {f"of_{n}": "x" * 40 for n in range(30)} for number in range(90)}

    shown = Outline().of_value(body)

    assert len(shown) < LONGEST + 60
    assert shown.endswith("more characters›")


@pytest.mark.parametrize(
    "name", ["grace@sea.example", "Grace Candidate", "+4915123456789", "Why us?", KEY, "491512345"]
)
def test_names_that_look_like_values_are_not_told(name: str) -> None:
    assert outline({name: None}) == {f"‹name, {len(name)} characters›": None}


def test_names_that_are_not_told_do_not_swallow_each_other() -> None:
    assert len(outline({"a@b.example": 1, "c@d.example": 2})) == 2


def test_a_body_that_is_no_json_is_told_by_type_and_size() -> None:
    told = Outline()

    assert told.of_body(b"<p>Grace</p>", "text/html; charset=utf-8") == "‹text/html, 12 bytes›"
    assert told.of_body(b"{not json", JSON) == "‹application/json, 9 bytes›"
    assert told.of_body(b"Grace", "Grace Candidate") == "‹unknown type, 5 bytes›"
    assert told.of_body(b'"' + b"x" * LARGEST + b'"', JSON) == "‹application/json, 1,048,578 bytes›"
    assert told.of_body(b"[" * 5000 + b"]" * 5000, JSON) == "‹application/json, 10,000 bytes›"
    assert told.of_body(b"", JSON) == ""


def test_of_a_form_only_names_and_the_grant_type_are_told() -> None:
    form = {"grant_type": "refresh_token", "client_id": "abc", "refresh_token": "r-1", "scope": ""}

    shown = Outline().of_body(urlencode(form).encode(), FORM)

    assert shown.split("\n") == [
        "grant_type=refresh_token",
        "client_id=‹left out›",
        "refresh_token=‹left out›",
        "scope=‹left out›",
    ]


def test_of_a_file_its_type_and_size_are_told() -> None:
    parts = (
        Part("file", b"%PDF", "Grace Candidate.pdf", "application/pdf"),
        Part("type", b"resume"),
    )

    shown = Outline().of_parts(parts)

    assert shown == "file: application/pdf, 4 bytes\ntype: unknown type, 6 bytes"


def test_of_a_query_names_stay_and_values_follow_the_same_rules() -> None:
    pairs = [
        ("job_ids", "1,22"),
        ("email", "grace@sea.example"),
        ("updated_at[gte]", "2026-01-01T00:00:00Z"),
        ("limit", "100"),
        ("private", "true"),
        ("cursor", "opaque"),
        ("api_key", "12"),
    ]

    assert Outline().of_query(pairs).split("&") == [
        "job_ids=1,22",
        f"email={text(17)}",
        "updated_at[gte]=2026-01-01T00:00:00Z",
        "limit=100",
        "private=true",
        f"cursor={text(6)}",
        f"api_key={text(2)}",
    ]


def exchange(
    answer: object,
    status: int = 200,
    *,
    sent: object = None,
    url: str = "https://api.harbor.example/v2/people/17",
    **request: Any,
) -> Exchange:
    given: dict[str, Any] = {
        "template": "/people/{}",
        "body": None if sent is None else json.dumps(sent).encode(),
        "content_type": None if sent is None else JSON,
        "headers": {"Authorization": f"Bearer {KEY}"},
    }
    return Exchange(
        integration_id="int_1",
        direction="out",
        execution_id="ex_1",
        operation="/people/{}",
        request=Request("POST", url, **(given | request)),
        status=status,
        headers={"content-type": JSON, "set-cookie": "a=b", "x-request-id": "r-1"},
        body=json.dumps(answer).encode(),
        code=None,
    )


def test_what_a_failed_call_says_is_told_without_what_was_sent() -> None:
    answer = {
        "error": {"code": "duplicate", "message": "Ada exists already: ada@sea.example"},
        "errors": ["first_name is too long", {"field": "phone", "message": "is taken"}],
        "fields": [{"path": "phone", "msg": "is taken"}],
        "candidate": {"reason": "a note about her", "error": "x"},
    }

    shown = json.loads(outlined(exchange(answer, 422, sent={"name": "Ada"})).answered)

    assert shown["error"] == {"code": "duplicate", "message": "[…] exists already: […]"}
    assert shown["errors"] == ["first_name is too long", {"field": "phone", "message": "is taken"}]
    assert shown["fields"] == [{"path": "phone", "msg": "is taken"}]
    assert shown["candidate"] == {"reason": text(16), "error": text(1)}


def test_what_a_call_says_that_went_well_is_not_told() -> None:
    shown = json.loads(outlined(exchange({"message": "Welcome, ada"})).answered)

    assert shown == {"message": text(12)}


def test_a_refusal_with_status_200_is_a_failed_call() -> None:
    answer = {"success": False, "errors": ["candidate_not_found"]}

    shown = json.loads(outlined(exchange(answer)).answered)

    assert shown["errors"] == ["candidate_not_found"]


@pytest.mark.parametrize(
    "words",
    [
        "the application of Grace Candidate is closed",
        "Grace Candidate applied before",
        "already there: Grace",
        "候选人 李雷 已存在",
    ],
)
def test_messages_name_nobody_though_nobody_was_sent(words: str) -> None:
    shown = outlined(exchange({"message": words}, 409)).answered

    assert not any(one in shown for one in ("Grace", "Candidate", "李雷"))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.harbor.example/v2/applications/1/eeoc",
        "https://api.harbor.example/v2/demographics/answers",
        "https://api.harbor.example/surveySubmission.list",
    ],
)
def test_answers_on_equality_keep_no_id_and_no_word(url: str) -> None:
    answer = {"results": [{"answer_option_id": 17, "type": "female", "declined": True}]}

    shown = json.loads(outlined(exchange(answer, url=url)).answered)

    assert shown == {
        "results": [
            {"answer_option_id": "‹number›", "type": text(6), "declined": "‹yes or no›"},
        ]
    }


def test_messages_are_cut() -> None:
    shown = json.loads(outlined(exchange({"message": "no " * 400}, 400)).answered)

    assert len(shown["message"]) <= LONGEST_MESSAGE


def test_headers_are_told_only_from_a_list() -> None:
    shown = outlined(exchange({}))

    assert shown.sent_headers == {}
    assert shown.answered_headers == {"content-type": JSON, "x-request-id": "r-1"}


def test_an_address_has_neither_ids_nor_keys_in_it() -> None:
    url = "https://user:pass@api.harbor.example:8443/people/17/ada?signature=s3cret"

    shown = outlined(exchange({}, url=url, params=(("email", "ada@sea.example"),)))

    assert shown.address == (
        f"https://api.harbor.example:8443/people/{{}}?signature={text(6)}&email={text(15)}"
    )


def test_a_link_out_of_data_is_told_without_its_host() -> None:
    link = exchange(
        {}, url="https://grace-candidate.example/cv.pdf?t=1", signed=False, reading=True,
        template="(link)", headers={},
    )  # fmt: skip

    assert outlined(link).address == f"(another host) (link)?t={text(1)}"


SECRETS = st.sampled_from(
    [
        KEY,
        "Grace Candidate",
        "grace.candidate@sea.example",
        "+49 151 2345-6789",
        "She spoke of moving to Kiel next spring",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "李雷 王",
        "grace candidate cv.pdf",
    ]
)
NAMES = st.sampled_from(
    [
        "id", "candidateId", "ids", "status", "type", "stage", "name", "value", "token", "event",
        "message", "error", "errors", "detail", "createdAt", "data", "text", "fileName", "x",
    ]
)  # fmt: skip
PLAIN = st.none() | st.booleans() | st.integers() | st.sampled_from(["active", ID, "x y"])


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, Any]:
    """A body with a secret somewhere in it: as a value, within one, or as a name."""
    secret = draw(SECRETS)
    around = draw(st.sampled_from(["{}", "see {} there", '{{"name": "{}"}}', "{}{}"]))
    planted: Any = around.format(secret, secret)
    for _ in range(draw(st.integers(1, 5))):
        beside = draw(st.dictionaries(NAMES, PLAIN, max_size=3))
        wrapped = [
            [planted],
            [draw(PLAIN), planted],
            {**beside, draw(NAMES): planted},
            {**beside, secret: planted},
        ]
        planted = draw(st.sampled_from(wrapped))
    return secret, planted


@given(bodies(), st.sampled_from([200, 400, 422, 500]))
def test_a_planted_secret_never_comes_out(body: tuple[str, Any], status: int) -> None:
    secret, planted = body
    # A vendor's message may hold what was sent; what was never sent is the next test's.
    sent = {"planted": secret}

    found = outlined(exchange(planted, status, sent=sent, params=(("q", secret), (secret, "1"))))
    asked = outlined(exchange({}, sent=planted))

    everything = repr((found, asked))
    assert secret not in everything
    assert json.dumps(secret)[1:-1] not in everything


@given(bodies(), st.sampled_from([200, 302]))
def test_a_secret_that_was_never_sent_never_comes_out(body: tuple[str, Any], status: int) -> None:
    secret, planted = body

    assert secret not in repr(outlined(exchange(planted, status)))


@given(bodies())
def test_the_key_of_the_account_never_comes_out_whatever_it_is_called(
    body: tuple[str, Any],
) -> None:
    _, planted = body
    short = "abc123"
    headers: Mapping[str, str] = {"X-Api-Token": short}

    shown = outlined(exchange({"id": short, "beside": planted, short: 1}, headers=headers))

    assert short not in repr(shown)
