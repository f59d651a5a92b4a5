"""Rule ``contacts``: e-mail and web addresses in their canonical form; what is malformed is doubted.

Reading an address and what is wrong with it is in ``services.text.contacts``. The part of an address in which capitals
may count (before the @, after the host) is never touched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.first_look import share_of_first_texts
from services.tasks.clean.table import Column, Table
from services.text.contacts import Email, parse_email, parse_url
from services.text.nulls import null_word
from services.workbook.changes import Term, reason

MOSTLY = 0.6
"""Share of cells that must look like addresses for a column to be one of them."""

DOUBTING = 0.8
"""Share of cells that must be addresses before the others are doubted."""

Kind = Literal["email", "url"]


class ContactsStep(Step):
    """Check and write the e-mail or web addresses of a column."""

    rule: Literal["contacts"] = "contacts"
    kind: Kind


def propose(table: Table) -> list[ContactsStep]:
    """A step for each column of e-mail or web addresses."""
    steps = []
    for column in table.columns:
        if share_of_first_texts(column, _AT.search) >= MOSTLY:
            if share_of_first_texts(column, _looks_like_email) >= MOSTLY:
                steps.append(ContactsStep(column=column.name, kind="email"))
        elif share_of_first_texts(column, _WEB.match) >= MOSTLY:
            steps.append(ContactsStep(column=column.name, kind="url"))
    return steps


def run(step: ContactsStep, table: Table) -> Outcome:
    """Propose the canonical form of each address, doubt what is none."""
    outcome = Outcome()
    column = table.column_named(step.column)
    if column is None or not column.texts:
        return outcome
    looks: Callable[[str], object] = _looks_like_email if step.kind == "email" else _WEB.match
    texts = column.texts
    cells = sum(count for text, count in texts.items() if null_word(text) is None)
    good = sum(count for text, count in texts.items() if looks(text))
    if good < 0.5 * cells:
        outcome.misfit = reason("contacts.misfit", count=good, total=cells)
        return outcome
    find = _emails(column, good, cells) if step.kind == "email" else _urls(column, good, cells)
    for text in texts:
        finding = find(text)
        if finding is not None:
            outcome.values[text] = finding
    return outcome


RULE = Rule("contacts", ContactsStep, propose, run)

_AT = re.compile("[@＠]")
_WEB = re.compile(r"\s*<?(?:https?|ftp)://\S|\s*www\d?\.\S", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_BESIDE_SIGNS = re.compile(r"\s*([@.])\s*")
# The usual address, of which only the host needs a closer look, and that once.
_USUAL_EMAIL = re.compile(r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@([a-z0-9.-]+)")
_USUAL_URL = re.compile(r"((?:https?|ftp)://[a-z0-9.-]+)(?:[/?#][!-~]*)?")


def _looks_like_email(text: str) -> bool:
    if len(text) > 254:
        return False
    before, at, after = text.replace("＠", "@").strip().partition("@")
    return bool(before and at and after) and not _BLANK.search(before) and len(_BLANK.findall(after)) <= 2


def _emails(column: Column, good: int, cells: int) -> Callable[[str], Finding | None]:
    texts = column.texts
    hosts = Counter[str]()
    capital = 0
    for text, count in texts.items():
        host = text.rpartition("@")[2]
        hosts[host.strip().lower()] += count
        capital += count * (host != host.lower())
    shouted = capital >= 0.9 * good
    small = sum(count for text, count in texts.items() if text == text.lower()) >= 0.9 * good
    sound: dict[str, bool] = {}

    def find(text: str) -> Finding | None:
        usual = _USUAL_EMAIL.fullmatch(text)
        if usual is not None and len(text) < 64:
            host = usual[1]
            if host not in sound:
                sound[host] = _email(text, hosts, shouted, small) is None
            if sound[host]:
                return None
        if null_word(text) is not None:
            return None
        if parse_email(text) is None:
            return Doubt(reason("contacts.no_email", count=good, total=cells)) if good >= DOUBTING * cells else None
        return _email(text, hosts, shouted, small)

    return find


def _email(text: str, hosts: Counter[str], shouted: bool, small: bool) -> Finding | None:
    """What to do with one address, sound or not; ``shouted`` and ``small`` say how the column writes its letters."""
    email = parse_email(_unquoted(text))
    if email is None or "several" in email.flags:
        return None
    if not email.valid:
        return _faulty_email(email, text)
    host = email.canonical.rpartition("@")[2]
    if email.suggestion is not None:
        # A host that many share is theirs, however close it is to a well-known one.
        if hosts[host] >= 5 and hosts[host] * 50 >= hosts.total():
            return None
        why = reason("contacts.typo", host=host, meant=email.suggestion.rpartition("@")[2])
        return Proposal(email.suggestion, why, False, 0.8)
    if email.canonical == text or (shouted and email.canonical.casefold() == text.casefold()):
        return None
    if small and _recased(text):
        # The person before the @ got capitals with the host, and may be written small too.
        return Proposal(email.canonical.lower(), reason("contacts.email_small"), False, 0.7)
    return Proposal(email.canonical, reason("contacts.email"), True)


def _unquoted(text: str) -> str:
    """The text without quotes around all of it."""
    quoted = len(text) > 2 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted and text[0] not in text[1:-1] else text


def _faulty_email(email: Email, text: str) -> Finding:
    """A fault in the host's dots or blanks has one likely repair; one before the @ may hide any letter."""
    faults = tuple(map(Term, email.flags))
    closed = _BESIDE_SIGNS.sub(r"\1", text.strip()).casefold()
    if email.suggestion is not None and closed == email.suggestion.casefold():
        # Blanks beside the @ or a dot part nothing.
        return Proposal(email.suggestion, reason("contacts.email"), True)
    if email.suggestion is not None:
        before, _, _ = email.canonical.rpartition("@")
        after, _, _ = email.suggestion.rpartition("@")
        if before.strip() == after:
            return Proposal(email.suggestion, reason("contacts.email_repair", faults=faults), False, 0.6)
    return Doubt(reason("contacts.email_fault", faults=faults))


def _urls(column: Column, good: int, cells: int) -> Callable[[str], Finding | None]:
    sound: dict[str, bool] = {}

    def find(text: str) -> Finding | None:
        usual = _USUAL_URL.fullmatch(text)
        if usual is not None:
            host = usual[1]
            if host not in sound:
                sound[host] = _url(text) is None
            if sound[host]:
                return None
        if null_word(text) is not None:
            return None
        if parse_url(text) is None:
            return Doubt(reason("contacts.no_url", count=good, total=cells)) if good >= DOUBTING * cells else None
        return _url(text)

    return find


def _url(text: str) -> Finding | None:
    url = parse_url(text)
    if url is None:
        return None
    if not url.valid:
        faults = tuple(Term(flag) for flag in url.flags if flag != "no-scheme")
        return Doubt(reason("contacts.url_fault", faults=faults))
    return None if url.canonical == text else Proposal(url.canonical, reason("contacts.url"), not _recased(text))


def _recased(text: str) -> bool:
    """Whether capitals were put over the whole of an address, also where they may count."""
    return text.istitle() or text.isupper()
