"""The vault: what opens, and all that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.store import seal
from hireloom.store.seal import Key, SealBrokenError, UnknownKeyError, Vault, new_key


def vault_of(*masters: Key) -> Vault:
    return Vault(lambda: masters)


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_again(plaintext: bytes) -> None:
    vault = vault_of(new_key())
    data_key = vault.new_data_key()

    sealed = vault.seal("int_1", "outbox 7", plaintext, data_key)

    assert vault.open("int_1", "outbox 7", sealed, data_key) == plaintext


def test_the_same_plaintext_never_looks_the_same() -> None:
    key = new_key()

    assert key.seal("int_1", "x", b"same") != key.seal("int_1", "x", b"same")


@pytest.mark.parametrize(
    ("integration_id", "purpose"),
    [("int_2", "outbox 7"), ("int_1", "outbox 8"), ("int_1o", "utbox 7"), ("", "int_1outbox 7")],
)
def test_a_value_moved_to_another_row_does_not_open(integration_id: str, purpose: str) -> None:
    key = new_key()
    sealed = key.seal("int_1", "outbox 7", b"Ada")

    with pytest.raises(SealBrokenError):
        key.open(integration_id, purpose, sealed)


def test_no_byte_can_be_changed() -> None:
    key = new_key()
    sealed = key.seal("int_1", "outbox 7", b"Ada")

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            key.open("int_1", "outbox 7", bytes(changed))


@pytest.mark.parametrize("length", [0, 1, 9, 21, 36])
def test_a_value_that_was_cut_short_does_not_open(length: int) -> None:
    key = new_key()
    sealed = key.seal("int_1", "outbox 7", b"")

    with pytest.raises(SealBrokenError):
        key.open("int_1", "outbox 7", sealed[:length])


def test_another_key_does_not_open_it() -> None:
    sealed = new_key().seal("int_1", "outbox 7", b"Ada")

    with pytest.raises(UnknownKeyError):
        new_key().open("int_1", "outbox 7", sealed)


def test_a_key_does_not_show_itself() -> None:
    raw = bytes(range(32))
    key = Key(raw)

    assert repr(key) == f"Key({key.id.hex()})"
    assert key.id not in raw


def test_a_data_key_is_unwrapped_for_its_integration_only() -> None:
    vault = vault_of(new_key())
    data_key = vault.new_data_key()
    wrapped = vault.wrap("int_1", data_key)

    assert vault.unwrap("int_1", wrapped).id == data_key.id
    with pytest.raises(SealBrokenError):
        vault.unwrap("int_2", wrapped)


def test_a_vault_with_both_keys_opens_what_the_previous_one_wrapped() -> None:
    old, new = new_key(), new_key()
    data_key = new_key()

    wrapped = vault_of(old).wrap("int_1", data_key)

    assert vault_of(new, old).unwrap("int_1", wrapped).id == data_key.id
    with pytest.raises(UnknownKeyError):
        vault_of(new).unwrap("int_1", wrapped)


def test_a_vault_asks_again_for_keys_when_one_is_not_held() -> None:
    old, new = new_key(), new_key()
    held = [old]
    vault = Vault(lambda: held)
    wrapped = vault_of(new).wrap("int_1", new_key())

    held[:] = [new, old]

    assert vault.unwrap("int_1", wrapped).id
    assert vault.master.id == new.id


def test_the_keys_in_memory_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "KEYS_IN_MEMORY", 3)
    vault = vault_of(new_key())
    wrapped = {name: vault.wrap(name, new_key()) for name in "abcde"}

    first = vault.unwrap("a", wrapped["a"])
    assert vault.unwrap("a", wrapped["a"]) is first  # kept
    for name, value in wrapped.items():
        vault.unwrap(name, value)

    assert vault.unwrap("e", wrapped["e"]) is vault.unwrap("e", wrapped["e"])
    assert vault.unwrap("a", wrapped["a"]) is not first  # had to make room


def test_a_deleted_integration_leaves_no_key_in_memory() -> None:
    vault = vault_of(new_key())
    wrapped = vault.wrap("int_1", new_key())
    first = vault.unwrap("int_1", wrapped)

    vault.forget("int_1")

    assert vault.unwrap("int_1", wrapped) is not first


def test_derived_keys_differ_by_purpose_and_stay_the_same() -> None:
    master, previous = new_key(), new_key()
    vault = vault_of(master, previous)

    assert vault.derive("page token") == vault_of(master).derive("page token")
    assert vault.derive("page token") != vault.derive("cookie")
    assert vault.derived("cookie") == (master.derive("cookie"), previous.derive("cookie"))
    assert len(vault.derive("cookie")) == 32


def test_a_fingerprint_tells_content_apart_and_needs_the_key() -> None:
    key = new_key()

    assert key.fingerprint("jobs", b"a") == key.fingerprint("jobs", b"a")
    assert key.fingerprint("jobs", b"a") != key.fingerprint("jobs", b"b")
    assert key.fingerprint("jobs", b"a") != key.fingerprint("candidates", b"a")
    assert key.fingerprint("jobs", b"a") != new_key().fingerprint("jobs", b"a")
