"""What tokens prove, and which role their claims give."""

import contextlib
import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from hireloom.console.claims import lacks, proven, role_of
from hireloom.console.provider import LoginError
from hireloom.login_rules import Oidc
from hireloom.settings import some_roles
from tests.console.provider import by_hmac

GROUPS = "groups:/hireloom admins=admin,cn=help%2Cou=eu=support"


@pytest.mark.parametrize(
    ("rules", "claims", "role"),
    [
        (GROUPS, {"groups": ["x", "/hireloom admins", "cn=help,ou=eu"]}, "admin"),
        (GROUPS, {"groups": ["cn=help,ou=eu"]}, "support"),
        (GROUPS, {"groups": "/hireloom admins"}, "admin"),
        (GROUPS, {"groups": ["/HIRELOOM ADMINS"]}, None),
        (GROUPS, {"groups": ["/hireloom admins of another"]}, None),
        (GROUPS, {"groups": [5, None, {"/hireloom admins": 1}]}, None),
        (GROUPS, {"groups": {"/hireloom admins": 1}}, None),
        (GROUPS, {}, None),
        ("realm_access.roles:ops=admin", {"realm_access": {"roles": ["ops"]}}, "admin"),
        ("realm_access.roles:ops=admin", {"realm_access": ["ops"]}, None),
        ("https://x.example/roles:ops=admin", {"https://x.example/roles": ["ops"]}, "admin"),
        ("hd:x.example=support;email:a@x.example=admin", {"hd": "x.example"}, "support"),
        (
            "hd:x.example=support;email:a@x.example=admin",
            {"hd": "x.example", "email": "a@x.example", "email_verified": True},
            "admin",
        ),
        ("email:a@x.example=admin", {"email": "a@x.example"}, None),
        ("email:a@x.example=admin", {"email": "a@x.example", "email_verified": "false"}, None),
        ("email:@x.example=admin", {"email": "a@x.example", "email_verified": "true"}, "admin"),
        ("email:@x.example=admin", {"email": "a@y.x.example", "email_verified": True}, None),
        ("email:@x.example=admin", {"email": "a@x.example@y", "email_verified": True}, None),
    ],
)
def test_a_role_follows_from_a_claim_and_its_values(
    rules: str, claims: dict[str, Any], role: str | None
) -> None:
    assert role_of(claims, some_roles("", rules)) == role


def test_a_claim_that_is_not_there_is_noticed_and_an_empty_one_is_not() -> None:
    rules = some_roles("", "groups:a=admin")

    assert lacks({"sub": "1"}, rules)
    assert not lacks({"groups": []}, rules)


def test_a_verified_address_needs_the_word_that_it_is_verified() -> None:
    rules = some_roles("", "email:a@x.example=admin")

    assert lacks({"email": "a@x.example"}, rules)
    assert not lacks({"email": "a@x.example", "email_verified": False}, rules)


KEY = ECKey.generate_key("P-256", {"kid": "one"})
OIDC = Oidc(issuer="https://x.example", client_id="us", client_secret="word", rules=())
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("us"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
CLAIMS = ("iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "amr", "auth_time")


def signed(header: dict[str, Any], claims: bytes) -> str:
    return jws.serialize_compact({"alg": "ES256", "kid": "one", **header}, claims, KEY)


def good() -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": OIDC.issuer, "sub": "1", "aud": "us", "nonce": "n", "iat": now, "exp": now + 60,
    }  # fmt: skip


def test_a_token_as_it_should_be_proves_its_claims() -> None:
    token = signed({}, msgspec.json.encode(good()))

    assert proven(token, [KEY.as_dict(private=False)], OIDC, "n", "a")["sub"] == "1"


@given(st.dictionaries(st.sampled_from(CLAIMS), ANYTHING), st.binary(max_size=20))
def test_whatever_a_token_holds_it_is_refused_or_proven(
    claims: dict[str, Any], garbage: bytes
) -> None:
    for content in (msgspec.json.encode(good() | claims), garbage):
        with contextlib.suppress(LoginError):
            found = proven(signed({}, content), [KEY.as_dict(private=False)], OIDC, "n", "a")
            assert (found["iss"], found["nonce"]) == (OIDC.issuer, "n")
            assert found["aud"] == "us" or "us" in found["aud"]


@given(ANYTHING, ANYTHING, st.text(max_size=40))
def test_whatever_a_header_or_a_key_holds_it_is_refused(
    kid: Any, algorithm: Any, text: str
) -> None:
    keys: list[dict[str, Any]] = [{"kty": "EC", "kid": kid, "x": algorithm}, {"kty": kid}, {}]
    for token in (by_hmac({"alg": algorithm, "kid": kid}, good(), b"k"), text, f"{text}.{text}."):
        with pytest.raises(LoginError):
            proven(token, [*keys, KEY.as_dict(private=False)], OIDC, "n", "a")
    with pytest.raises(LoginError):
        proven(signed({}, msgspec.json.encode(good())), keys, OIDC, "n", "a")
