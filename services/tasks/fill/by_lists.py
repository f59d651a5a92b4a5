"""Answers without a model: tendency and slips by lists of words, and entries of a list that differ in form alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.tasks.fill.agreement import SURE
from services.tasks.fill.answers import Nothing, Outcome, Said
from services.tasks.fill.lookup import entry_inside, same_entry
from services.tasks.fill.plan import Plan
from services.tasks.fill.wanted import Wanted
from services.text.sentiment import judge
from services.text.typos import corrected, typos_in
from services.workbook.changes import Verdict, reason


def by_lists(plan: Plan, texts: Sequence[str]) -> Outcome:
    """What the lists say of one input, by the rules that the template names."""
    text = "\n".join(texts)
    if plan.template.settings.rules == "sentiment":
        return _sentiment(plan, text)
    if plan.template.settings.rules == "proofread":
        return _proofread(plan, text)
    return looked_up(plan, text) or _inside(plan, text) or Nothing(reason("fill.no-entry"))


def looked_up(plan: Plan, text: str) -> Outcome | None:
    """The entry that a text is but for its form, or None where only judgement could tell."""
    column = plan.asked[0]
    entry = same_entry(text, column.kind.choices)
    return None if entry is None else {column.key: Said(entry, "safe", reason("fill.same-entry"), "rule")}


def _inside(plan: Plan, text: str) -> Outcome | None:
    """The only entry that stands within the text, for a person to confirm: another could be meant."""
    column = plan.asked[0]
    entry = entry_inside(text, column.kind.choices)
    return None if entry is None else {column.key: Said(entry, "review", reason("fill.entry-inside"), "rule")}


def _sentiment(plan: Plan, text: str) -> Outcome:
    found = judge(text)
    columns = {column.key: column for column in plan.asked}
    words = reason("fill.words", words=tuple(found.words[:8])) if found.words else reason("fill.no-words")
    values: dict[str, str | list[str]] = {
        "tendency": _placed(columns, "tendency", ("positive", "neutral", "negative").index(found.tendency)),
        "strength": _placed(columns, "strength", ("weak", "medium", "strong").index(found.strength)),
        "keywords": list(found.words[:5]),
        "score": format(found.score, "g"),
    }
    verdict: Verdict = "safe" if found.sure and abs(found.score) >= SURE else "review"
    return {key: Said(value, verdict, words, "rule") for key, value in values.items() if key in columns and value}


def _placed(columns: Mapping[str, Wanted], key: str, place: int) -> str:
    """The word that the template has for a place in the order of its choices; nothing where it has other choices."""
    choices = columns[key].kind.choices if key in columns else ()
    return choices[place] if len(choices) == 3 else ""


def _proofread(plan: Plan, text: str) -> Outcome:
    typos = typos_in(text)
    if not typos:
        return {plan.asked[0].key: Said(text, "safe", reason("fill.no-slips"), "rule")}
    told = tuple(f"{typo.wrong} → {typo.right}" for typo in typos[:8])
    if all(typo.certain for typo in typos):
        said = Said(corrected(text, typos), "safe", reason("fill.slips", slips=told), "rule")
    else:
        said = Said(corrected(text, typos), "review", reason("fill.slips-doubtful", slips=told), "rule")
    return {plan.asked[0].key: said}
