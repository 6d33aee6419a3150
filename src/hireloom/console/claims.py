"""What an ID token proves, after every check of OpenID Connect Core 1.0, section 3.1.3.7."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import (
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import JWKRegistry, Key
from joserfc.jwt import decode

from hireloom.console.provider import ASK_AN_ADMIN, LoginError, said
from hireloom.login_rules import ConsoleRole, Oidc, RoleRule

# Signed with a key that only the provider has. HMAC is not among them: its key would be one that
# others know too; neither is `none`.
ALGORITHMS = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA",
    "PS256": "RSA", "PS384": "RSA", "PS512": "RSA",
    "ES256": "EC", "ES384": "EC", "ES512": "EC",
    "Ed25519": "OKP",
}  # fmt: skip
SKEW = 60  # seconds
LONGEST_SUBJECT = 255
LARGEST_HEADER = 16 * 1024  # bytes

AGAIN = "Log in once more."
CLOCKS = "The clocks of this machine and of the provider have to agree. Then log in once more."


def proven(
    token: str, keys: Sequence[Mapping[str, Any]], oidc: Oidc, nonce: str, access_token: str
) -> dict[str, Any]:
    """The claims of a token that this provider made for this client and this login.

    Raises LoginError, which says what is wrong with it.
    """
    header = _header(token)
    key = _key(header, keys)
    try:
        found = decode(token, key, registry=_registry())
    except (JoseError, ValueError):
        raise LoginError(
            "bad_signature", "The provider's token is not signed by the provider.", ASK_AN_ADMIN
        ) from None
    claims = CodeIDToken(
        found.claims,
        found.header,
        {
            "iss": {"essential": True, "value": oidc.issuer},
            "aud": {"essential": True, "value": oidc.client_id},
        },
        {"nonce": nonce, "client_id": oidc.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(time.time()), leeway=SKEW)
    except ExpiredTokenError:
        raise LoginError("expired", "The provider's token has expired.", CLOCKS) from None
    except (InvalidClaimError, MissingClaimError) as error:
        raise _wrong(error) from None
    except (JoseError, TypeError, ValueError):
        raise _unread() from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _wrong(InvalidClaimError("sub"))
    return dict(claims)


def _registry() -> jws.JWSRegistry:
    """Our algorithms; headers as they come: some carry a certificate, which nobody looks at."""
    registry = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    registry.max_header_length = LARGEST_HEADER
    return registry


def _header(token: str) -> Mapping[str, Any]:
    """The header, whose algorithm is one of ours; nothing in it is believed yet."""
    try:
        header = jws.extract_compact(token.encode(), registry=_registry()).protected
    except (JoseError, ValueError):
        raise _unread() from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        named = said(str(algorithm))
        raise LoginError(
            "bad_algorithm",
            f"The provider's token is signed by {named}, which proves nothing here.",
            "Let the provider sign tokens of this client with RS256 or ES256.",
        )
    return header


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Key:
    """The provider's key that the token names; without a name there must be one that it can be."""
    algorithm, kid = header["alg"], header.get("kid")
    fit = [
        key
        for key in keys
        if key.get("kty") == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and kid in (None, key.get("kid"))
    ]
    if kid is None and len(fit) > 1:
        what = "The provider's token does not say by which of its keys it is signed (kid)."
        raise LoginError("no_kid", what, ASK_AN_ADMIN)
    if not fit:
        what = "The provider's token is signed by a key that the provider does not publish."
        raise LoginError("unknown_key", what, ASK_AN_ADMIN)
    try:
        return JWKRegistry.import_key(dict(fit[0]))
    except (JoseError, ValueError, TypeError):
        what = "The key that the provider publishes cannot be read."
        raise LoginError("bad_key", what, ASK_AN_ADMIN, 502) from None


def _wrong(error: InvalidClaimError | MissingClaimError) -> LoginError:
    named = said(error.claim)
    what, todo = f"The claim {named} is missing.", ASK_AN_ADMIN
    if isinstance(error, InvalidClaimError):
        what, todo = WRONG_CLAIMS.get(named, (f"The claim {named} is wrong.", ASK_AN_ADMIN))
    return LoginError(f"wrong_{named}", f"The provider's token cannot be used. {what}", todo)


WRONG_CLAIMS = {
    "iss": ("Another issuer made it.", "HIRELOOM_OIDC_ISSUER has to be the one that makes them."),
    "aud": ("It is meant for another client.", "Look at HIRELOOM_OIDC_CLIENT_ID."),
    "azp": ("It was given to another client.", "Look at HIRELOOM_OIDC_CLIENT_ID."),
    "nonce": ("It belongs to another login.", AGAIN),
    "iat": ("It was made in the future.", CLOCKS),
    "nbf": ("It is not good yet.", CLOCKS),
    "at_hash": ("It came with another access token.", AGAIN),
}


def _unread() -> LoginError:
    return LoginError("bad_token", "The provider's token cannot be read.", ASK_AN_ADMIN)


def claim_of(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by a path with dots (`realm_access.roles`) where none is named so."""
    found: Any = claims
    if name in claims:
        return claims[name]
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def lacks(claims: Mapping[str, Any], rules: Sequence[RoleRule]) -> bool:
    """Whether a claim that decides about roles is not there."""
    needed = {rule.claim for rule in rules}
    if "email" in needed:
        needed.add("email_verified")
    return any(claim_of(claims, name) is None for name in needed)


def role_of(claims: Mapping[str, Any], rules: Sequence[RoleRule]) -> ConsoleRole | None:
    """The highest role that a rule gives, or None."""
    held = {rule.role for rule in rules if _is_held(claims, rule)}
    return "admin" if "admin" in held else "support" if "support" in held else None


def _is_held(claims: Mapping[str, Any], rule: RoleRule) -> bool:
    found = claim_of(claims, rule.claim)
    values = found if isinstance(found, list) else [found]
    fits: Callable[[str], bool] = rule.value.__eq__
    if rule.claim == "email":
        # Whoever may write any address into their profile is not who reads mail there.
        if claims.get("email_verified") not in (True, "true"):
            return False
        fits = _same_mail(rule.value.casefold())
    return any(isinstance(value, str) and fits(value) for value in values)


def _same_mail(wanted: str) -> Callable[[str], bool]:
    def fits(address: str) -> bool:
        folded = address.casefold()
        domain = f"@{folded.rpartition('@')[2]}"
        return folded == wanted or (wanted.startswith("@") and domain == wanted)

    return fits
