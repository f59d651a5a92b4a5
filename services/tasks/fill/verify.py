"""Whether an answer can be trusted on its row: figures, names, wording, script and length are compared by code.

``doubt`` gives the reason why a person should look, or None. What many answers together betray is in ``crowd``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from services.tasks.fill.details import asks_for_a_name, could_be
from services.tasks.fill.kinds import Kind, date_of, number_of, plain
from services.tasks.fill.spoken import makes_excuses, repeats
from services.tasks.fill.wanted import Wanted
from services.text.chinese_names import chinese_names_missing
from services.text.figures import Figure, Meaning, figures_in, figures_missing
from services.text.latin_names import latin_words, names_in, names_missing
from services.text.negations import negations
from services.text.typos import typos_in
from services.text.widths import has_chinese
from services.workbook.changes import Reason, reason

_CHINESE = re.compile("[\u3400-\u9fff]")
_CHINESE_NAMES = ("chinese", "mandarin", "cantonese", "中文", "汉", "简体", "繁", "国语", "华语", "粤", "文言")
_NEIGHBOURS = ("japanese", "日", "korean", "韩")
_CHINESE_RUN = re.compile("[\u3007\u3400-\u9fff]+")
_FORMULA = re.compile(r"[=@]|[+-](?![\d\s().,/+-]*$)")
"""How a formula begins; a telephone number or a negative number does not."""
_LONG = 12
"""Characters of a text that is more than one detail."""
_JOINED = re.compile(r"[\s\-_.,，。、·'’\"“”()（）/:：]+")


@dataclass(frozen=True, slots=True)
class Row:
    """What an answer is checked against: its row's source values as one text, and the instruction's own words.

    ``target`` is the language that a translation was asked into, as the person wrote it, ``asked`` an instruction of
    the person's own.
    """

    source: str
    instructions: Sequence[str] = ()
    target: str = ""
    asked: str = ""


def doubt(column: Wanted, said: str | Sequence[str], row: Row) -> Reason | None:
    """Why an answer that is of its kind should be looked at, or None where all that can be checked holds."""
    if not isinstance(said, str):
        return next((why for entry in said if (why := doubt(column, entry, row)) is not None), None)
    if makes_excuses(said, row.source) or repeats(said, row.instructions, row.source):
        return reason("fill.talks")
    if column.kind.name in ("text", "list") and _FORMULA.match(said) and not _FORMULA.match(row.source):
        return reason("fill.formula-like")
    if column.check == "none":
        return None
    if column.kind.name in ("number", "date"):
        return _typed(column.kind, said, row.source)
    if column.kind.name == "choice":
        return _akin(said, row.source) if column.check == "akin" else None
    if column.check == "found":
        return _taken_from(column, said, row.source)
    if column.check == "within":
        return _invented(said, row.source) or _unknown_name(column, said, row)
    if column.check == "summary":
        return _invented(said, row.source) or _too_long(said, row.source)
    if column.check == "translation":
        return _translated(said, row)
    return _reworded(said, row.source, strict=column.check == "correction")


def _taken_from(column: Wanted, said: str, source: str) -> Reason | None:
    """A detail stands in its row, is less than the whole of a long text, and could be what its name says."""
    if not _stands_in(said, source):
        return reason("fill.not-in-row", value=said[:80])
    if len(said) > _LONG and plain(said) == plain(source):
        return reason("fill.whole-text")
    if column.kind.name == "text" and not could_be(said, f"{column.title} {column.hint}"):
        return reason("fill.no-such-detail", value=said[:80], column=column.title)
    return None


def _typed(kind: Kind, said: str, source: str) -> Reason | None:
    """A number or date has to stand in the row, whole: as a figure of it, or as all that a cell says."""
    meant = _meant(kind, said)
    if meant is not None and any(_meant(kind, cell) == meant for cell in source.splitlines()):
        return None
    figure = Figure(said, frozenset(() if meant is None else (meant,)))
    return reason("fill.not-in-row", value=said[:80]) if figures_missing([figure], figures_in(source)) else None


def _meant(kind: Kind, text: str) -> Meaning | None:
    """What a text means as a number or date, None where it is no such thing as a whole."""
    if kind.name == "number" and (number := number_of(text)) is not None:
        return ("number", number[0].normalize())
    if kind.name == "date" and (date := date_of(text)) is not None:
        return ("date", (date.year, date.month, date.day))
    return None


def _invented(said: str, source: str) -> Reason | None:
    """Figures and names of the answer that the row does not hold."""
    lost = figures_missing(figures_in(said), _figures_of(source))
    if lost:
        return reason("fill.number-not-there", value=lost[0].text[:80])
    return _names_invented(said, source)


def _figures_of(source: str) -> list[Figure]:
    """The figures of a row, and what a cell that is nothing but a number or date means as a whole: 3万5."""
    cells = [(cell, _meant(Kind(name), cell)) for cell in source.splitlines() for name in ("number", "date")]
    return [*figures_in(source), *(Figure(cell, frozenset((meant,))) for cell, meant in cells if meant is not None)]


def _unknown_name(column: Wanted, said: str, row: Row) -> Reason | None:
    """The name that a Chinese question asks for stands in the row."""
    if not has_chinese(said) or len(said) > _LONG or _stands_in(said, row.source):
        return None
    asked = asks_for_a_name(f"{column.title}\n{row.asked}")
    return reason("fill.name-not-there", value=said) if asked else None


def _names_invented(said: str, source: str) -> Reason | None:
    """Names that the row does not hold: in Latin letters, and Chinese ones where the row is Chinese as well."""
    why = _latin_invented(said, source)
    if why is None and has_chinese(said) and has_chinese(source):
        new = chinese_names_missing(said, source)
        why = reason("fill.name-not-there", value=new[0][:80]) if new else None
    return why


def _latin_invented(said: str, source: str) -> Reason | None:
    """Names in Latin letters that the row does not hold. From Chinese into English they are translated: not judged."""
    if has_chinese(said):
        new = names_missing(latin_words(said), source)
    else:
        new = [] if has_chinese(source) else names_missing(names_in(said), source)
    return reason("fill.name-not-there", value=new[0][:80]) if new else None


def _figures_differ(said: str, source: str) -> Reason | None:
    """Figures have to be the same set on both sides."""
    there, here = figures_in(source), figures_in(said)
    new = figures_missing(here, _figures_of(source))
    if new:
        return reason("fill.number-not-there", value=new[0].text[:80])
    lost = figures_missing(there, here)
    return reason("fill.number-lost", value=lost[0].text[:80]) if lost else None


def _reworded(said: str, source: str, *, strict: bool) -> Reason | None:
    """A text in other words: figures and names stay, and so does most of the text; of a correction nearly all."""
    why = _figures_differ(said, source) or _names_invented(said, source)
    if why is not None:
        return why
    lost = [] if strict else [*names_missing(names_in(source), said), *chinese_names_missing(source, said)]
    if lost:
        return reason("fill.name-lost", value=lost[0][:80])
    if has_chinese(source) != has_chinese(said):
        return reason("fill.wrong-language")
    ratio = _weight(said) / max(1, _weight(source))
    if strict and fuzz.ratio(plain(said), plain(source)) < 75:
        return reason("fill.much-changed")
    if strict and (slips := [slip for slip in typos_in(said) if slip.kind in ("listed", "doubtful")]):
        return reason("fill.slip-left", slips=", ".join(f"{slip.wrong} → {slip.right}" for slip in slips[:8]))
    if not 0.4 <= ratio <= 2.5 and abs(_weight(said) - _weight(source)) > 12:
        return reason("fill.much-lost" if ratio < 1 else "fill.much-added")
    return reason("fill.denies") if negations(source) != negations(said) else None


def _translated(said: str, row: Row) -> Reason | None:
    why = _figures_differ(said, row.source) or _wrong_script(said, row)
    if why is not None or not has_chinese(said):
        return why
    if has_chinese(row.source) and not _wants_cjk(row.target):
        return reason("fill.untranslated", value=_CHINESE_RUN.findall(said)[0][:80])
    return _latin_invented(said, row.source)


def _wants_cjk(target: str) -> bool:
    """Whether a translation may be in Chinese characters."""
    return not target or any(word in target.casefold() for word in (*_CHINESE_NAMES, *_NEIGHBOURS))


def _wrong_script(said: str, row: Row) -> Reason | None:
    """A translation in the script of its target, and of a length that it can have."""
    target, letters = row.target.casefold(), re.sub(r"[\W\d_]+", "", row.source)
    wants_chinese = any(word in target for word in _CHINESE_NAMES)
    cjk = any(word in target for word in _NEIGHBOURS)
    if letters and len(letters) > 3 and not cjk:
        if wants_chinese and not has_chinese(said):
            return reason("fill.wrong-language")
        if not wants_chinese and target and len(_CHINESE.findall(said)) * 4 > len(said):
            return reason("fill.wrong-language")
    here, there = _weight(said), _weight(row.source)
    if max(here, there) > 20 and not there / 4 <= here <= there * 4:
        return reason("fill.much-lost" if here < there else "fill.much-added")
    return None


def _too_long(said: str, source: str) -> Reason | None:
    return reason("fill.longer") if _weight(said) > max(30, _weight(source) * 1.2) else None


def _akin(said: str, source: str) -> Reason | None:
    """An entry of a list that shares neither a word nor most of its letters with the row is a guess."""
    if fuzz.partial_ratio(plain(said), plain(source)) >= 60 or fuzz.token_set_ratio(plain(said), plain(source)) >= 60:
        return None
    return reason("fill.unlike", value=said[:80])


def _stands_in(said: str, source: str) -> bool:
    """Whether a text stands in the row but for width, case, spaces and marks."""
    wanted = _JOINED.sub("", plain(said))
    return not wanted or wanted in _JOINED.sub("", plain(source))


def _weight(text: str) -> float:
    """How much a text says, so that scripts compare: a Chinese character counts for about three Latin letters."""
    chinese = len(_CHINESE.findall(text))
    return chinese * 3 + (len(text) - chinese)
