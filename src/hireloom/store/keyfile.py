"""Where the master key comes from: the environment, or a file that the first start makes.

`master.key` holds the current key, base64, mode 0600. While the key is being rotated,
`master.key.previous` lies beside it; it goes when the last data key is wrapped anew.
"""

import base64
import binascii
import contextlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from hireloom.settings import Settings
from hireloom.store.problems import MasterKeyError
from hireloom.store.seal import KEY_BYTES, Key, Vault

CURRENT = "master.key"
PREVIOUS = "master.key.previous"


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; makes the key file if there is none yet."""
    if settings.master_keys:
        given = tuple(Key(raw) for raw in settings.master_keys)
        return Vault(lambda: given)
    return Vault(lambda: held(settings.home))


def held(home: Path) -> Sequence[Key]:
    """The keys in the files under home, current first; the first start makes one."""
    path = home / CURRENT
    try:
        keys = [read(path)]
    except FileNotFoundError:
        write(path, secrets.token_bytes(KEY_BYTES))
        keys = [read(path)]
    # Gone between two looks: the rotation has ended meanwhile.
    with contextlib.suppress(FileNotFoundError):
        keys.append(read(home / PREVIOUS))
    return keys


def read(path: Path) -> Key:
    """The key in a file; raises FileNotFoundError, MasterKeyError."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
        raw = base64.b64decode(text.strip(), validate=True)
    except FileNotFoundError:
        raise
    except OSError as error:
        what = f"The master key file {path} cannot be read ({error.strerror})."
        raise MasterKeyError(what, "Run Hireloom as the user who owns it.") from error
    except (UnicodeDecodeError, binascii.Error) as error:
        raise damaged(path) from error
    if len(raw) != KEY_BYTES:
        raise damaged(path)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = f"The master key file {path} can be read by others than its owner."
        raise MasterKeyError(what, f"Run: chmod 600 {path}")
    return Key(raw)


def damaged(path: Path) -> MasterKeyError:
    what = f"The master key file {path} does not hold a key of 32 bytes in base64."
    return MasterKeyError(what, "Restore it from your backup; without it credentials are lost.")


def write(path: Path, raw: bytes, *, replace: bool = False) -> None:
    """Put a key into a file, whole or not at all.

    Unless it replaces the file, whoever comes second leaves what the first has written: a link
    fails where the name exists, even when two processes start in the same instant.
    """
    own = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        what = f"The master key file {path} cannot be written ({error.strerror})."
        raise MasterKeyError(what, "Make HIRELOOM_HOME writable for this user.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(raw) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if replace:
            own.replace(path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(own, path)
    finally:
        own.unlink(missing_ok=True)


def begin_rotation(home: Path) -> None:
    """Put a new key in front; where a rotation was interrupted, its new key is kept."""
    current, previous = home / CURRENT, home / PREVIOUS
    if previous.exists() and read(previous).id != read(current).id:
        return
    # The old key first: a crash in between leaves the same key twice, which harms nobody.
    write(previous, base64.b64decode(current.read_text("ascii")), replace=True)
    write(current, secrets.token_bytes(KEY_BYTES), replace=True)


def end_rotation(home: Path) -> None:
    (home / PREVIOUS).unlink(missing_ok=True)
