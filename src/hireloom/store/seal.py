"""The vault: AES-256-GCM under one data key per integration, wrapped by the master key.

A sealed value is `version (1 byte) | key id (8) | nonce (12) | ciphertext and tag`. Its associated
data are the version, the key id, the integration and the purpose (table, column and row), so a
value that is moved to another row or another integration does not open, and neither does one with
a changed byte. Nonces are random; NIST SP 800-38D allows 2**32 of them per key.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
KEY_BYTES = 32
KEY_ID_BYTES = 8
NONCE_BYTES = 12
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES + NONCE_BYTES
TAG_BYTES = 16
KEYS_IN_MEMORY = 4096

OURS = ""  # stands for an integration's id where a value belongs to the installation itself


class SealBrokenError(Exception):
    """A sealed value does not open: altered, moved to another row, or under another key."""


class UnknownKeyError(SealBrokenError):
    """A value is sealed under a key that this process does not hold."""


def derive(raw: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose, by HKDF-SHA256 (RFC 5869)."""
    info = b"hireloom " + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(raw)


class Key:
    """A key with its fingerprint: the master key, or the data key of one integration."""

    __slots__ = ("_cipher", "_raw", "_subkeys", "id")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._raw = raw
        self._cipher = AESGCM(derive(raw, "seal"))
        self._subkeys: dict[str, bytes] = {}
        self.id = derive(raw, "key id")[:KEY_ID_BYTES]

    def __repr__(self) -> str:
        return f"Key({self.id.hex()})"

    def seal(self, integration_id: str, purpose: str, plaintext: bytes) -> bytes:
        start = VERSION + self.id
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = associated(start, integration_id, purpose)
        return start + nonce + self._cipher.encrypt(nonce, plaintext, bound)

    def open(self, integration_id: str, purpose: str, sealed: bytes) -> bytes:
        if key_id_of(sealed) != self.id:
            raise UnknownKeyError(f"{purpose}: sealed under another key")
        start = sealed[: len(VERSION) + KEY_ID_BYTES]
        nonce = sealed[len(start) : HEADER_BYTES]
        bound = associated(start, integration_id, purpose)
        try:
            return self._cipher.decrypt(nonce, sealed[HEADER_BYTES:], bound)
        except InvalidTag as error:
            raise SealBrokenError(f"{purpose}: does not open") from error

    def derive(self, purpose: str) -> bytes:
        """32 bytes that only the holder of this key can compute, the same every time."""
        if purpose not in self._subkeys:
            self._subkeys[purpose] = derive(self._raw, purpose)
        return self._subkeys[purpose]

    def fingerprint(self, purpose: str, content: bytes) -> bytes:
        """16 bytes that tell equal content from different, and nobody else what it was."""
        return hashlib.blake2b(content, key=self.derive(purpose), digest_size=16).digest()

    def wrap(self, integration_id: str, data_key: "Key") -> bytes:
        return self.seal(integration_id, "integration_keys", data_key._raw)  # noqa: SLF001 - its own kind

    def unwrap(self, integration_id: str, wrapped: bytes) -> "Key":
        return Key(self.open(integration_id, "integration_keys", wrapped))


def new_key() -> Key:
    return Key(secrets.token_bytes(KEY_BYTES))


def associated(start: bytes, integration_id: str, purpose: str) -> bytes:
    """The length in front keeps ("ab", "c") apart from ("a", "bc")."""
    name = integration_id.encode()
    return b"%b%d:%b%b" % (start, len(name), name, purpose.encode())


def key_id_of(sealed: bytes) -> bytes:
    """The fingerprint of the key that a value is sealed under; raises SealBrokenError."""
    if len(sealed) < HEADER_BYTES + TAG_BYTES or sealed[:1] != VERSION:
        raise SealBrokenError("not a sealed value of a version that is known here")
    return sealed[1 : 1 + KEY_ID_BYTES]


class Vault:
    """Holds the master keys (current first) and, for a while, data keys that were unwrapped.

    `load` is asked again when a key turns up that is not held: another process may have rotated
    the master key file since.
    """

    def __init__(self, load: Callable[[], Sequence[Key]]) -> None:
        self._load = load
        self._masters: tuple[Key, ...] = ()
        self._opened: OrderedDict[tuple[str, bytes], Key] = OrderedDict()
        self.reload()

    def reload(self) -> None:
        self._masters = tuple(self._load())

    @property
    def master(self) -> Key:
        return self._masters[0]

    @property
    def masters(self) -> tuple[Key, ...]:
        return self._masters

    def new_data_key(self) -> Key:
        return new_key()

    def seal(self, integration_id: str, purpose: str, plaintext: bytes, data_key: Key) -> bytes:
        return data_key.seal(integration_id, purpose, plaintext)

    def open(self, integration_id: str, purpose: str, sealed: bytes, data_key: Key) -> bytes:
        return data_key.open(integration_id, purpose, sealed)

    def wrap(self, integration_id: str, data_key: Key) -> bytes:
        return self.master.wrap(integration_id, data_key)

    def unwrap(self, integration_id: str, wrapped: bytes) -> Key:
        """The data key of an integration; raises UnknownKeyError, SealBrokenError."""
        place = (integration_id, bytes(wrapped))
        if (known := self._opened.get(place)) is not None:
            self._opened.move_to_end(place)
            return known
        data_key = self._holder(key_id_of(wrapped)).unwrap(integration_id, wrapped)
        self._opened[place] = data_key
        if len(self._opened) > KEYS_IN_MEMORY:
            self._opened.popitem(last=False)
        return data_key

    def forget(self, integration_id: str) -> None:
        """Drop the keys in memory of an integration that was deleted."""
        for place in [place for place in self._opened if place[0] == integration_id]:
            del self._opened[place]

    def derive(self, purpose: str) -> bytes:
        """32 bytes for the whole installation, such as the key that seals page tokens.

        They change with the master key; `derived` has those of the previous one as well.
        """
        return self.master.derive(purpose)

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """What `derive` gives under each master key that is held, the current one first."""
        return tuple(master.derive(purpose) for master in self._masters)

    def holds(self, key_id: bytes) -> bool:
        return any(master.id == key_id for master in self._masters)

    def _holder(self, key_id: bytes) -> Key:
        if not self.holds(key_id):
            self.reload()
        for master in self._masters:
            if master.id == key_id:
                return master
        raise UnknownKeyError(f"master key {key_id.hex()} is not held by this process")
