"""The address of an endpoint as a person pastes it, made into the base URL that calls need."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from services.errors import InputError
from services.llm.presets import PRESETS
from services.text.widths import fold_width

_CALLS = re.compile(r"/(chat/completions|completions|responses|embeddings|models)/*$")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LABELLED = re.compile(r"^(?:[^:/]*[\u4e00-\u9fff][^:/]*|(?:base|api)[ _-]?(?:url|base))\s*:\s*", re.IGNORECASE)
"""``接口地址：`` or ``Base URL:`` as it comes along from a vendor's page."""
_MARKS = "\"'<>“”‘’「」《》。，、；\u200b\ufeff"

_VENDORS = {split.netloc: split.path for split in (urlsplit(preset.base_url) for preset in PRESETS.values())}


def base_url(pasted: str) -> str:
    """The base URL that was meant: without the path of a call, slash or query, with a scheme, and ``/v1`` if local.

    Of a known vendor's bare host the path is added, and what a Chinese keyboard makes of colons and slashes is read.
    A host without a scheme is https, a local or private one http. Raises ``InputError`` (``model-url``).
    """
    text = _LABELLED.sub("", fold_width(pasted.strip().strip(_MARKS))).strip().strip(_MARKS).strip()
    try:
        split = _split(text)
        host = _typed_elsewhere(split.hostname or "")
        _ = split.port  # raises where it is none
    except ValueError as error:
        raise InputError("model-url", url=pasted) from error
    if split.scheme not in ("http", "https") or not host or re.search(r"\s", text) or _is_prose(host):
        raise InputError("model-url", url=pasted)
    if split.username is not None:
        raise InputError("model-url-secret", host=host)
    place = _typed_elsewhere(split.netloc)
    if host in ("0.0.0.0", "::"):  # what a server listens on, not where it is reached
        place = f"127.0.0.1:{split.port}" if split.port else "127.0.0.1"
        host = "127.0.0.1"
    path = _CALLS.sub("", split.path.rstrip("/")).rstrip("/")
    if not path:
        path = "/v1" if is_loopback(host) else _VENDORS.get(place.lower(), "")
    return urlunsplit((split.scheme, place.lower(), path, "", ""))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, so that nothing that is sent there leaves it."""
    host = host.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _typed_elsewhere(host: str) -> str:
    """A host with the wide letters and dots of Chinese keyboards as everybody writes them, and as it is asked for."""
    return unicodedata.normalize("NFKC", host).replace("。", ".")


def _split(text: str) -> SplitResult:
    if _SCHEME.match(text):
        split = urlsplit(text)
        return split._replace(scheme=split.scheme.lower())
    split = urlsplit(f"//{text.lstrip('/')}")
    return split._replace(scheme="http" if _is_near(split.hostname or "") else "https")


def _is_near(host: str) -> bool:
    """Hosts that hardly ever have a certificate: this machine, addresses of a local network, names without a dot."""
    if is_loopback(host) or host in ("0.0.0.0", "::"):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


def _is_prose(host: str) -> bool:
    """Whether what should be a host is a word of another script: hosts of a local network have Latin names."""
    return not host.isascii() and "." not in host
