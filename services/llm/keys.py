"""The endpoint's key: in the environment, in the system's place for secrets, or else in a file of the person's own.

A key belongs to a host and goes to no other one. That of the environment is for the endpoint that is set. No key is
ever in the settings, a log, an error or a job.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlsplit

from services.errors import InputError
from services.folder import private_folder
from services.llm.base_url import base_url
from services.llm.presets import PRESETS
from services.settings import Settings
from services.workbook.placing import placed

VARIABLE = "DESKHAND_API_KEY"
SERVICE = "Deskhand"
"""What the system's place for secrets shows the keys under."""

KeyPlace = Literal["environment", "keyring", "file"]

_FITS = re.compile(r"[\x21-\x7e]{1,4096}")
"""What may stand in a header (RFC 9110, 5.5), without spaces, which no vendor has in its keys."""


def api_key(settings: Settings) -> str | None:
    """The key for the endpoint that the settings name, or None where there is none."""
    return _found(settings)[0]


def key_place(settings: Settings) -> KeyPlace | None:
    """Where that key stands, or None where there is none."""
    return _found(settings)[1]


def check_key(key: str) -> str:
    """The key without what was copied round it. Raises ``InputError`` (``model-key-shape``) for what can't be one."""
    key = key.strip()
    if not _FITS.fullmatch(key):
        raise InputError("model-key-shape")
    return key


def keep_key(settings: Settings, key: str) -> KeyPlace:
    """Keep the key of the endpoint that the settings name, and say where it stands now.

    Raises ``InputError``: ``model-key-shape``, ``model-not-set``; and ``OutputError`` where the file can't be written.
    """
    key = check_key(key)
    host = _host(settings)
    if host is None:
        raise InputError("model-not-set")
    kept = _file(settings)
    if _kept_by_system(host, key):
        if host in kept:
            _write(settings, {name: value for name, value in kept.items() if name != host})
        return "keyring"
    _write(settings, {**kept, host: key})
    return "file"


def forget_key(settings: Settings) -> None:
    """Forget the key of the endpoint that the settings name. That of the environment is not ours to forget.

    Raises ``OutputError`` where the file can't be written.
    """
    host = _host(settings)
    if host is None:
        return
    kept = _file(settings)
    if host in kept:
        _write(settings, {name: value for name, value in kept.items() if name != host})
    _kept_by_system(host, None)


def _found(settings: Settings) -> tuple[str | None, KeyPlace | None]:
    """The key and where it stands. The file comes before the keyring, since it has only what that did not take."""
    host = _host(settings)
    if host is None:
        return None, None
    if given := os.environ.get(VARIABLE, "").strip():
        return given, "environment"
    if kept := _file(settings).get(host):
        return kept, "file"
    secret = _of_system(host)
    return (secret, "keyring") if secret else (None, None)


def _host(settings: Settings) -> str | None:
    """Scheme, host and port of the endpoint that the settings name; None where they name none that can be."""
    preset = PRESETS.get((settings.provider or "").strip().lower())
    address = settings.base_url or (preset.base_url if preset else "")
    if not address:
        return None
    try:
        split = urlsplit(base_url(address))
    except InputError:
        return None
    return f"{split.scheme}://{split.netloc}"


def _of_system(host: str) -> str | None:
    """The key in the system's place for secrets; None where there is no such place, or it is locked or fails."""
    with suppress(Exception):  # a back end is another's program, and raises what it likes
        found: str | None = _keyring().get_password(SERVICE, host)
        return found
    return None


def _kept_by_system(host: str, key: str | None) -> bool:
    """Keep the key in the system's place for secrets, None forgets it; whether it is there (is gone) then."""
    with suppress(Exception):
        keyring = _keyring()
        if key is not None:
            keyring.set_password(SERVICE, host, key)
        elif keyring.get_password(SERVICE, host) is not None:
            keyring.delete_password(SERVICE, host)
        return bool(keyring.get_password(SERVICE, host) == key)  # there is one that takes all and keeps nothing
    return False


def _keyring() -> Any:
    import keyring  # takes time to load, and looks for what the system has

    return keyring


def _file(settings: Settings) -> dict[str, str]:
    """The keys in the file by host; none where it can't be read."""
    try:
        kept = json.loads(settings.key_file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(host): key for host, key in kept.items() if isinstance(key, str)} if isinstance(kept, dict) else {}


def _write(settings: Settings, keys: Mapping[str, str]) -> None:
    """Write the file, which no other user may read at any time (0600); without keys it goes. Raises ``OutputError``."""
    file = settings.key_file
    if not keys:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        return
    with suppress(OSError):  # said by what writes the file
        private_folder(file.parent)
        file.touch(mode=0o600)
        file.chmod(0o600)  # the draft takes the permissions of what it replaces
    with placed(file) as draft:
        draft.write_text(json.dumps(keys, indent=1), "utf-8")
