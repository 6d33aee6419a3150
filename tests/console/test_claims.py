"""Which role the claims of a provider give."""

from typing import Any

import pytest

from hireloom.console.claims import lacks, role_of
from hireloom.settings import some_roles

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
