"""A caller's own request never leaves the vendor's house."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.errors import RequestInvalidError
from hireloom.kit.message import Answer
from hireloom.kit.passthrough import (
    REFUSED_HEADERS,
    checked,
    request,
    resolve,
    shown_body,
    to_content,
)
from tests.kit.conftest import Way
from tests.kit.harbor import Harbor, Vendor, says

ADDRESSES = ("https://api.harbor.example/v2", "https://files.harbor.example")
ORIGINS = ("api.harbor.example", "files.harbor.example")

odd = st.sampled_from(
    [
        "..", ".", "/", "//", "\\", "%2e", "%2E%2e", "%252e", "%2f", "%255c", "%5c", "@", ":", "?",
        "#", "%23", "%3f", "https://evil.example", "evil.example", "..;", ";", "%00", "%0d%0a",
        "\t", "\n", "%c0%ae", "．．", "%ef%bc%8e", "v2", "users", "{", "%", "%zz", "é", "\u2028",
    ]
)  # fmt: skip
paths = st.lists(odd | st.text(max_size=4), max_size=10).map("".join)


def segments(path: str) -> list[str]:
    """A path as the laxest server reads it."""
    for _ in range(20):
        path = unquote(path)
    return path.replace("\\", "/").split("/")


@given(paths, st.sampled_from([None, *ADDRESSES, "https://api.harbor.example/v2/deep"]))
def test_whatever_the_path_is_the_call_stays_below_the_base(path: str, base: str | None) -> None:
    try:
        url, _ = resolve(ADDRESSES, base, path)
    except RequestInvalidError:
        return

    expected = urlsplit(base or ADDRESSES[0])
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("https", expected.netloc)
    assert f"{parts.path}/".startswith(f"{expected.path}/".replace("//", "/"))
    assert not {".", ".."} & {segment.partition(";")[0] for segment in segments(parts.path)}
    assert not parts.fragment
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url


@given(st.text(max_size=40) | paths)
def test_whatever_the_base_is_it_is_the_vendor_s(base: str) -> None:
    for candidate in (base, f"https://api.harbor.example{base}", f"https://{base}"):
        try:
            url, _ = resolve(ADDRESSES, candidate, "/users")
        except RequestInvalidError:
            continue
        assert urlsplit(url).scheme == "https"
        assert urlsplit(url).netloc in ORIGINS


@pytest.mark.parametrize(
    "base",
    [
        "https://evil.example",
        "https://api.harbor.example.evil.example",
        "https://api.harbor.example@evil.example",
        "https://evil.example#https://api.harbor.example",
        "https://user:word@api.harbor.example",
        "https://api.harbor.example:8443",
        "http://api.harbor.example",
        "//api.harbor.example",
        "api.harbor.example",
        "https://api.harbor.example/../admin",
        "https://api.harbor.example?x=1",
        "https://[::1",
        "https://api.harbor.example:port",
        "file:///etc/passwd",
    ],
)
def test_a_foreign_base_address_is_refused(base: str) -> None:
    with pytest.raises(RequestInvalidError, match="baseUrl"):
        resolve(ADDRESSES, base, "/users")


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        (None, "/users", "https://api.harbor.example/v2/users"),
        (None, "users", "https://api.harbor.example/v2/users"),
        (None, "/v2/users", "https://api.harbor.example/v2/users"),
        (None, "/v20/users", "https://api.harbor.example/v2/v20/users"),
        (None, "", "https://api.harbor.example/v2/"),
        (None, "/a%20b/ü", "https://api.harbor.example/v2/a%20b/%C3%BC"),
        (None, "/files/a.b..c", "https://api.harbor.example/v2/files/a.b..c"),
        ("https://files.harbor.example/", "/1", "https://files.harbor.example/1"),
        ("https://API.harbor.example:443/v3", "/1", "https://api.harbor.example/v3/1"),
    ],
)
def test_an_honest_path_is_found(base: str | None, path: str, url: str) -> None:
    assert resolve(ADDRESSES, base, path)[0] == url


def test_a_query_in_the_path_is_a_query() -> None:
    assert resolve(ADDRESSES, None, "/users?a=1&b=&a=2")[1] == (("a", "1"), ("b", ""), ("a", "2"))


@pytest.mark.parametrize("name", sorted({*REFUSED_HEADERS, "Proxy-Foo"}))
def test_headers_of_the_connection_and_credentials_are_refused(name: str) -> None:
    for spelling in (name, name.upper(), name.title()):
        with pytest.raises(RequestInvalidError, match="headers"):
            checked({spelling: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A\r\nHost", "x"), ("X-A\n", "x"), ("X A", "x"), ("", "x"), ("X-Ä", "x"), ("X:A", "x"),
        ("Host ", "x"), (" Host", "x"), ("X-A", "x\r\nHost: evil"), ("X-A", "x\0"), ("X-A", "\x01"),
    ],
)  # fmt: skip
def test_a_header_that_is_none_is_refused(name: str, value: str) -> None:
    with pytest.raises(RequestInvalidError, match="headers"):
        checked({name: value})


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=3))
def test_what_passes_is_a_header(headers: dict[str, str]) -> None:
    try:
        passed = checked(headers)
    except RequestInvalidError:
        return

    assert not {name.lower() for name in passed} & REFUSED_HEADERS
    assert all(name.isascii() and name.strip() == name != "" for name in passed)
    assert not any(mark in value for value in passed.values() for mark in "\r\n\0")


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "", "GET /", "BREW"])
def test_an_unknown_method_is_refused(method: str) -> None:
    with pytest.raises(RequestInvalidError, match="method"):
        ask(method=method)


def ask(**changes: object) -> object:
    wanted = {
        "method": "POST", "path": "/users", "base_url": None, "params": {}, "headers": {},
        "body": {"a": 1}, "content_type": "application/json",
    } | changes  # fmt: skip
    return request(ADDRESSES, {"Accept": "application/json"}, **wanted)  # type: ignore[arg-type]  # any of these


async def test_the_call_arrives_as_it_was_described(way: Way, vendor: Vendor) -> None:
    harbor = way.to(Harbor)
    vendor.script(says({"made": True}, 201))
    asked = request(
        harbor.addresses,
        harbor.headers,
        method="post",
        path="/boats/ü%2F1?dry=1",
        base_url=None,
        params={"tag": ["a", "b"], "none": None, "yes": True},
        headers={"accept": "text/plain", "content-type": "text/csv", "X-Trace": "t"},
        body="a;b",
        content_type="application/json",
    )

    answer = await harbor.channel.send(asked)

    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (201, b'{"made": true}')
    (call,) = vendor.calls
    assert call.target == "/v2/boats/%C3%BC%2F1?dry=1&tag=a&tag=b&yes=true"
    assert (call.method, call.body) == ("POST", b"a;b")
    assert (call.headers["content-type"], call.headers["accept"]) == ("text/csv", "text/plain")
    assert call.headers["authorization"] == "Bearer key-of-harbor"


@pytest.mark.parametrize(
    ("body", "content_type", "content"),
    [
        ({"a": [1, "ü"]}, "application/json", '{"a":[1,"ü"]}'),
        ("as it is", "text/plain", "as it is"),
        ({"a": "x y", "b": [1, 2]}, "application/x-www-form-urlencoded", "a=x+y&b=1&b=2"),
    ],
)
def test_a_body_is_sent_as_its_type_says(body: object, content_type: str, content: str) -> None:
    assert to_content(body, content_type) == content.encode()


@pytest.mark.parametrize(
    ("content", "content_type", "shown"),
    [
        (b'{"a":1}', "application/json", ({"a": 1}, None)),
        (b'{"a":1}', "application/hal+json", ({"a": 1}, None)),
        (b'{"a":', "application/json", ('{"a":', None)),
        (b'{"a":"\xff"}', "application/json", ('{"a":"\ufffd"}', None)),
        (b"<a/>", "application/xml", ("<a/>", None)),
        (b"%PDF", "application/pdf", (b"%PDF", "base64")),
        (b"", "application/pdf", (None, None)),
    ],
)
def test_a_body_is_shown_as_what_it_is(
    content: bytes, content_type: str, shown: tuple[object, str | None]
) -> None:
    assert shown_body(content, content_type) == shown
