"""E-mail and web addresses: reading one, its canonical form, what is wrong with it, and a likely typo's correction.

Syntax only; whether a mailbox or a site exists isn't asked. Canonical forms change nothing that addresses may differ
in: the local part of an e-mail and the path of a URL keep their case. Faults are flagged; corrections are suggestions.
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

Flag = Literal[
    "no-domain", "double-dot", "edge-dot", "spaces", "bad-characters", "bad-host", "too-long", "several", "domain-typo",
    "no-scheme",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Email:
    """`canonical`: without mailto:, spaces around and sentence punctuation behind, domain in lower case.

    `valid` is whether that is a sound address. `suggestion` is another address that may be meant (gmial.com), or None.
    """

    canonical: str
    valid: bool
    flags: tuple[Flag, ...]
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Url:
    """`canonical`: scheme and host in lower case, no spaces around; 'no-scheme' is a flag but no fault."""

    canonical: str
    valid: bool
    flags: tuple[Flag, ...]


def parse_email(text: str) -> Email | None:
    """The e-mail address in a text, sound or not; None where the text has no '@' or is plainly something else."""
    if not 3 <= len(text) <= _LONGEST or ("@" not in text and "\uff20" not in text):
        return None
    bare = _MAILTO.sub("", text.translate(_FOLD).strip()).strip()
    if bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1].strip()
    if len(_ADDRESS_LIKE.findall(bare)) > 1:
        return Email(text, False, ("several",))
    trimmed = bare.rstrip(",;:!\u3002\uff0c\u3001 ")
    trimmed = trimmed[:-1] if trimmed.endswith(".") and not trimmed.endswith("..") else trimmed
    local, _, domain = trimmed.rpartition("@")
    if not local or len(re.findall(r"\s", trimmed)) > 2:
        return None
    domain = domain.lower()
    canonical = f"{local}@{domain}"
    flags = _email_flags(local, domain)
    suggestion = None
    if not flags and (meant := _meant(domain)):
        suggestion = f"{local}@{meant}"
        return Email(canonical, True, ("domain-typo",), suggestion)
    if flags:
        repaired = _DOTS.sub(".", re.sub(r"\s", "", canonical)).replace(".@", "@").strip(".")
        if repaired != canonical and not _email_flags(*repaired.rsplit("@", 1)):
            suggestion = repaired
    return Email(canonical, not flags, flags, suggestion)


def parse_url(text: str) -> Url | None:
    """The web address in a text (http, https, ftp, or beginning with www.), sound or not; None for anything else."""
    if not 4 <= len(text) <= _LONGEST * 8:
        return None
    trimmed = text.strip().strip("<>").strip()
    match = _URL_START.match(trimmed)
    if match is None:
        return None
    flags: list[Flag] = []
    if match["scheme"] is None:
        flags.append("no-scheme")
    if re.search(r"\s", trimmed):
        return Url(trimmed, False, (*flags, "spaces"))
    try:
        parts = urlsplit(trimmed if match["scheme"] else "//" + trimmed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Url(trimmed, False, (*flags, "bad-host"))
    if not _HOST.fullmatch(host) and not _IP.fullmatch(host) and host != "localhost":
        return Url(trimmed, False, (*flags, "bad-host"))
    host = f"[{host}]" if ":" in host else host
    user, at, _ = parts.netloc.rpartition("@")
    netloc = user + at + host + (f":{port}" if port is not None else "")
    canonical = urlunsplit(SplitResult(parts.scheme, netloc, parts.path, parts.query, parts.fragment))
    if match["scheme"] is None:
        canonical = canonical.removeprefix("//")
    if trimmed.endswith("#") and not canonical.endswith("#"):
        canonical += "#"
    return Url(canonical, True, tuple(flags))


_LONGEST = 254
"""Characters of an e-mail address (RFC 5321, 4.5.3.1.3)."""
_MAILTO = re.compile(r"^(?:mailto:|e-?mail\s*[:\uff1a]|\u90ae\u7bb1\s*[:\uff1a])\s*", re.IGNORECASE)
# Full-width digits and letters and the signs of an address to ASCII; odd spaces to plain ones.
_FOLD: dict[int, str | None] = {
    **{0xFEE0 + code: chr(code) for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))},
    **{0xFEE0 + ord(sign): sign for sign in "@.-_+"},
    **{0xA0: " ", 0x3000: " ", 0x200B: None, 0xFEFF: None},
}
_ADDRESS_LIKE = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+")
_HOST = re.compile(
    r"(?=.{4,253}$)(?:[\w](?:[\w-]{0,61}[\w])?\.)+(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{2,59})\.?", re.IGNORECASE
)
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:.]+", re.IGNORECASE)
_URL_START = re.compile(r"(?:(?P<scheme>https?|ftp)://|www\d?\.)\S", re.IGNORECASE)
_DOTS = re.compile(r"\.{2,}")

# The most used mail hosts; a host one typing slip away from one of them, and none itself, is a likely typo.
_MAIL_HOSTS = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "live.com", "msn.com", "aol.com", "proton.me",
    "protonmail.com", "qq.com", "163.com", "126.com", "sina.com", "sina.cn", "sohu.com", "foxmail.com", "aliyun.com",
    "139.com", "189.cn", "yeah.net", "yahoo.co.uk", "gmx.de", "gmx.net", "web.de", "mail.ru", "yahoo.co.jp", "me.com",
)  # fmt: skip
# Hosts one slip away from those that exist in their own right.
_OWN_HOSTS = frozenset(("mail.com", "ymail.com", "gmx.com", "mac.com", "email.com", "aim.com", "live.cn", "live.ca"))
_SLIPPED_ENDINGS = {".con": ".com", ".cmo": ".com", ".ocm": ".com", ".vom": ".com", ".comm": ".com", ".coom": ".com"}


def _email_flags(local: str, domain: str) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if re.search(r"\s", local + domain):
        flags.append("spaces")
    if ".." in local or ".." in domain:
        flags.append("double-dot")
    if local.startswith(".") or local.endswith(".") or domain.startswith(".") or domain.endswith("."):
        flags.append("edge-dot")
    if not domain or "." not in domain:
        flags.append("no-domain")
    elif not flags and not _HOST.fullmatch(domain):
        flags.append("bad-host")
    if not flags and not _LOCAL.fullmatch(local):
        flags.append("bad-characters")
    if len(local) > 64:
        flags.append("too-long")
    return tuple(flags)


def _meant(domain: str) -> str | None:
    """The well-known mail host that a domain is one slip (a missing, extra, wrong or swapped letter) away from."""
    if domain in _MAIL_HOSTS or domain in _OWN_HOSTS:
        return None
    for wrong, right in _SLIPPED_ENDINGS.items():
        if domain.endswith(wrong):
            return domain.removesuffix(wrong) + right
    near = [host for host in _MAIL_HOSTS if len(host) >= 8 and _one_slip(domain, host)]
    return near[0] if len(near) == 1 else None


def _one_slip(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
