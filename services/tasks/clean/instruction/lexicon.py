"""Reading an instruction by rules: what its phrases ask for, by a small lexicon of English and Chinese.

Only plain wordings are read, and a phrase that forbids is never taken for one that asks. What is not understood is told
as it was written, for a model or a person. How phrases are found is in ``phrases``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from services.tasks.clean.instruction.choices import ALL, ANYWHERE, Choice, Kind, Wish, date_form, fitting
from services.tasks.clean.instruction.phrases import NAME, QUOTE, Phrase, Signs, phrases_of
from services.tasks.clean.rules.date_forms import form_of_example
from services.tasks.clean.table import Table
from services.text.durations import format_duration

_OFF = r"(?:去掉|去除|去|删除|删掉|删去|不要|不带|不含|清除)(?:[^，,]{0,4}?的)?"
_DROP = r"(?:no|without|remove|strip|drop|delete|omit)\s+(?:off\s+)?(?:the\s+|any\s+|all\s+)?"
_GONE = r"(?:都|全部|一律)?(?:去掉|去除|删除|删掉|删去|不要|清除)"
_WORD = rf"(?:{QUOTE}|[^\s，,;；:：将把的\ue000-\uf8ff]+)"
_CURRENCY = r"(?:[￥¥$€£]|(?:人民币|货币)(?:符号|单位)?|元字?(?!\w))"
_INTO = r"(?:改为|改成|变为|变成|换成|替换为|替换成|设为|视为|当作|→|->|=>)"

_PLAIN: tuple[tuple[Kind, str], ...] = (
    (
        "number",
        rf"\b(?:numbers?|digits?|figures?)\s+only\b|\bonly\s+(?:the\s+)?(?:numbers?|digits?)\b|{_DROP}(?:units?|currency"
        r"(?:\s+(?:signs?|symbols?))?|thousands?\s+separators?)\b|(?:只|仅)(?:保留|留下|留|要|取)?(?:纯)?数字|纯数字"
        rf"|{_OFF}(?:{_CURRENCY}|(?:计量)?(?:单位|货币符号|千分位|千位分隔符|千分号))|(?:单位|货币符号|千分位|千位分隔符){_GONE}",
    ),
    ("no-trailing-zero", r"(?<!\d)\.0(?!\d)|\btrailing\s+zeros?\b|(?:末尾|结尾|多余)的?(?:零|0)"),
    (
        "no-percent",
        rf"{_DROP}(?:%|per\s?cent(?:age)?)(?:\s*(?:signs?|symbols?))?|{_OFF}(?:百分号|%|％)|(?:百分号|%|％){_GONE}",
    ),
    ("fraction", r"\bdecimal\s+fractions?\b|\bas\s+(?:a\s+)?fractions?\b|小数形式|(?:化|转换?|改|写)(?:成|为)小数"),
    ("title", r"\btitle\s?-?case\b|\bcapitali[sz]e\b|\beach\s+word\s+capitali[sz]ed\b|首字母(?:都|均)?大写"),
    ("upper", r"\bupper\s?-?case\b|\ball\s+caps\b|\bin\s+capitals\b|(?<!首字母)(?<!首字母都)(?<!首字母均)大写"),
    ("lower", r"\blower\s?-?case\b|小写"),
    (
        "spaces",
        r"\b(?:extra|stray|double|leading|trailing|surplus|redundant|unnecessary|superfluous)\s+(?:and\s+trailing\s+)?"
        r"(?:white\s?)?spaces?\b|\btrim\b|\bcollapse\s+(?:white\s?)?spaces?\b|(?:多余|首尾|前后|两端)的?空格|"
        rf"{_OFF}空格|空格{_GONE}",
    ),
    (
        "restore",
        r"\brestor\w*|\brecover\w*|\bcorrupt\w*|\bgarbled\b|\bcorrect\s+values?\b.*\b(?:occur|elsewhere)|恢复|还原|误写|"
        r"错写|正确值",
    ),
)
_LONGEST = 200
"""Signs of a phrase, a name or a quotation being one. Longer ones are no plain wording, and take patterns too long."""

_LEAVE = re.compile(
    r"\b(?:don['’]?t|do\s+not|never)\s+(?:touch|change|modify|alter|edit)\b|\bleave\b.*\b(?:alone|as\s+(?:it|they)\s+"
    r"(?:is|are)|unchanged|untouched)\b|\bkeep\b.*\b(?:as\s+(?:it|they)\s+(?:is|are)|unchanged)\b|"
    r"(?:不要|不用|不必|不需要|无需|无须|不得|不能|不许|别|勿|不)(?:再|去|做|作)?(?:任何)?(?:修改|更改|调整|清洗|整理|改|动|变|碰|处理)|"
    r"保[持留](?:不变|原样)|维持(?:不变|原样)|照旧|原封不动",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:nothing|anything|everything)\s+else\b|\bthe\s+rest\b|\bother\s+(?:columns?|cells?|values?)\b|其他|其它|其余|别的|另外",
    re.IGNORECASE,
)
_NOTHING_ELSE = re.compile(r"\b(?:change|touch|modify|edit|alter)\s+nothing\s+else\b|\bnothing\s+else\b", re.IGNORECASE)
_FORBIDS = re.compile(
    r"\b(?:don['’]?t|do\s+not|never|not)\b.{0,12}\b(?:remove|strip|drop|delete|replace|change|convert|round|trim|make)|"
    r"(?:不要|不得|不能|不许|不应|别|勿)(?:再|把|将)?(?:去|删|改|换|动|转|清|保|留|写|加|统|取|四舍|显|变)|"
    r"(?:不用|不必|不需要|无需|无须)",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\bonly\s+(?:clean|change|touch|edit|fix|process|treat)\b|(?:只|仅)(?:清洗|处理|修改|改动|改|整理)", re.IGNORECASE
)
_CONDITION = re.compile(
    rf"(?:if|where|when)\s+(?:the\s+)?{NAME}\s+(?:is|are)\s+(?:missing|empty|blank)|"
    rf"{NAME}\s*(?:如果|若)?(?:缺失|为空|空缺)(?:时|的话)?",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(
    r"\beverywhere\b|\b(?:all|every)\s+columns?\b|(?:所有|全部|各|每一?)列|全表|整张表", re.IGNORECASE
)
_REST = re.compile(
    r"[\s\ue000-\uf8ff，,]|它们?|这(?:一)?列|该列|本列|列|都|请|\b(?:it|them|this|that|column|please|the|as)\b", re.I
)
_GREETING = re.compile(
    r"(?:please\s+)?(?:clean|tidy)(?:\s+up)?(?:\s+(?:the|this|my)\s+(?:table|data|file|sheet|columns?))?|请|"
    r"(?:请|帮我|帮忙)?(?:清洗|整理|清理)(?:一下)?(?:这个|这张|本)?(?:表格?|数据|文件)?|"
    r"(?:其他|其它|其余|别的)(?:的|[各的]?列|内容)?都?(?:照常|正常|按规则|自动)(?:清洗|处理|整理)(?:即可|就行)?",
    re.IGNORECASE,
)
_ONLY_NAMES = re.compile(
    rf"(?:\s|{NAME}|将|把|的|[两几这]?列|在|和|请|中|\b(?:the|columns?|in|of|for|from|to|both)\b)+", re.IGNORECASE
)
_SPOKEN = {"no": "0", "one": "1", "two": "2", "three": "3", "一": "1", "两": "2", "二": "2", "三": "3", "四": "4"}
_DECIMALS = re.compile(
    r"\b(\d{1,2}|no|one|two|three)\s+decimals?\b|\bround(?:ed)?\s+to\s+(\d{1,2})\b|([0-9一二两三四]{1,2})\s*位小数|"
    r"(?P<whole>保留整数|取整|\bwhole\s+numbers?\b)",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    rf"\bnot?\s+(?:contain|include|hold)\s+(?:the\s+)?({NAME})|\bwithout\s+(?:the\s+)?({NAME})|"
    rf"{_DROP}({NAME})(?:\s+from\s+(?:the\s+)?{NAME}|$)|不(?:得|能|应|该|要|可)?(?:包)?含(?:有)?\s*({NAME})|"
    rf"不(?:要)?带\s*({NAME})",
    re.IGNORECASE,
)
_WITHOUT_ANY = re.compile(r"不(?:得|能|应|该|要|可)?(?:包)?含(?:有)?\s*[\u4e00-\u9fff]{1,4}名?称?$")
_FROM = re.compile(
    rf"\b(?:take|get|fill|copy|derive|extract|use|missing|empty)\b.*\bfrom\s+(?:the\s+)?({NAME})|"
    rf"从\s*({NAME})\s*列?\s*(?:中|里)?\s*(?:取|提取|获取|补|填|找)|用\s*({NAME})\s*列?\s*(?:补|填)",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    rf"\b(?:empty|blank|nothing)\s+(?:instead\s+of|for|where|when)\s+({_WORD})|\b(?:replace|change|turn|treat|set)\s+"
    rf"({_WORD})\s+(?:in\s+(?:the\s+)?{NAME}\s+)?(?:with|to|into|as|by)\s+(?:an?\s+)?(?:empty|blank|nothing|missing)\b|({_WORD})\s*(?:→|->|=>|should\s+be|"
    rf"(?:is|are|means?))\s*(?:empty|blank)\b|({_WORD})\s*(?:都|全部|一律)?\s*{_INTO}\s*(?:空白|空值|空单元格|空)(?!\w)|"
    rf"清空\s*({_WORD})|({_WORD})\s*清空",
    re.IGNORECASE,
)
_REPLACE = re.compile(
    rf"\b(?:replace|change|turn)\s+({_WORD})\s+(?:in\s+(?:the\s+)?{NAME}\s+)?(?:with|by|to|into)\s+({_WORD})|({_WORD})\s*{_INTO}\s*({_WORD})",
    re.IGNORECASE,
)
_EDGE: tuple[tuple[Kind, str], ...] = (
    ("remove-start", rf"{_DROP}(?:prefix|leading|beginning)\s+({_WORD})|{_OFF}(?:前缀|开头的?|前面的?)\s*({_WORD})"),
    ("remove-end", rf"{_DROP}(?:suffix|ending|final)\s+({_WORD})|{_OFF}(?:后缀|结尾的?|末尾的?|后面的?)\s*({_WORD})"),
    ("remove-part", rf"{_DROP}({QUOTE})|{_OFF}\s*({QUOTE})"),
)
_DURATION = re.compile(
    r"(?<![A-Za-z])N+\s?(?:[A-Za-z]+\.?|[\u4e00-\u9fff]{1,2})(?:\s?N+\s?(?:[A-Za-z]+\.?|[\u4e00-\u9fff]{1,2}))*"
)
_MINUTES = re.compile(r"\b(?:in|as|to|total)\s+minutes\b|(?:以|按|换算成|统一为)分钟", re.IGNORECASE)
_DATE = re.compile(
    r"\bISO(?:\s?8601)?\b|yyyy年m{1,2}月d{1,2}日|年[-/.]?月[-/.]?日|\b(?:yyyy[-/.]mm?[-/.]dd?|yyyymmdd|dd?[-/.]mm?[-/.]yyyy|"
    r"mm?[-/.]dd?[-/.]yyyy)\b",
    re.IGNORECASE,
)

_EXAMPLE = re.compile(
    r"^\D*(?:[成为作按用如像]|\b(?:as|like|to|in))\s*"
    r"([0-9]{4}(?:([-/.])[0-9]{1,2}\2[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日))"
    r"\s*(?:(?:这种|这样|这类|那样|一样)?的?(?:格式|形式|样式|写法|样子)?)?(?:显示|来写)?$",
    re.IGNORECASE,
)
"""A notation shown by an example, with nothing before it that could be the date to be replaced."""


_STRANGER = re.compile(
    r"^\s*(?!(?:please|note|rules?|task|instructions?|in\s+all\s+columns)\b|请|要求|规则|说明|注意)[^\s:：][^:：]{0,39}[:：](?!//)\s*\S|"
    rf"(?:^|[\s将把请])(?![^\s的]*(?:有|部|切|何|个|些|中|里|内|表|列|格|处|值|类|样|是)的)[^\s的，,]+\s*的\s*{_WORD}\s*(?:都|全部|一律)?\s*{_INTO}\s*空",
    re.IGNORECASE,
)
"""A phrase about a column that is not there: ``price: ...``, ``price 的 ... 改为空`` in a table without one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an instruction asks of one table as rules read it, and the phrases they did not understand, as written."""

    wishes: tuple[Wish, ...]
    left: tuple[str, ...]


@dataclass(slots=True)
class _Sentence:
    """What the phrases so far of a sentence were about."""

    subjects: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    is_of_strangers: bool = False
    choices: list[Choice] = field(default_factory=list)


def read_instruction(instruction: str, table: Table) -> Reading:
    """Read an instruction for one table."""
    phrases, signs = phrases_of(instruction, table)
    wishes: dict[Wish, None] = {}
    left: list[str] = []
    sentence = _Sentence()
    for phrase in phrases:
        if phrase.starts:
            sentence = _Sentence(phrase.heads)
        found = _read(phrase, signs, sentence, table)
        if found is None:
            left.append(phrase.text)
        for choice in found or ():
            wishes[Wish(choice, "person")] = None
    return Reading(tuple(wishes), tuple(left))


def _read(phrase: Phrase, signs: Signs, sentence: _Sentence, table: Table) -> list[Choice] | None:
    """The choices of one phrase, none for one that only names columns or greets; None where it is not understood."""
    text = phrase.signs
    if len(text) > _LONGEST:
        return None
    named = signs.columns(text)
    if _GREETING.fullmatch(text):
        return []
    if named and _ONLY_NAMES.fullmatch(text):
        return _names_alone(named, sentence, table)
    if named and _CONDITION.fullmatch(text):
        sentence.pending = named
        return []
    forbidden = _forbidding(text, named, phrase.heads, sentence.pending)
    if forbidden is not None:
        if all(choice.kind == "leave" for choice in forbidden):
            sentence.choices, sentence.pending = forbidden, ()
        return forbidden
    if _FORBIDS.search(text):
        return None
    if named and _ONLY.search(text):
        sentence.choices = [Choice(column=name, kind="nothing-else") for name in named]
        return sentence.choices
    asked = _asked(text, signs, table)
    if not asked and sentence.choices and sentence.choices[-1].kind == "empty":
        last = sentence.choices[-1]
        asked = [last.model_copy(update={"text": signs.word(text)})] if _is_held(signs.word(text), last, table) else []
    if not asked and sentence.choices and sentence.choices[-1].kind == "number" and re.fullmatch(_CURRENCY, text):
        return []
    others = {choice.other for choice in asked if choice.kind in ("without-column", "from-column")}
    own = tuple(name for name in named if name not in others)
    subjects = tuple(dict.fromkeys((*sentence.pending, *own))) or tuple(n for n in sentence.subjects if n not in others)
    everywhere = _EVERYWHERE.search(text) and not own
    if everywhere:
        subjects = ()
    sentence.is_of_strangers |= not subjects and not everywhere and bool(_STRANGER.search(text))
    if sentence.is_of_strangers and not subjects and any(choice.kind in ("empty", "spaces") for choice in asked):
        return None
    found = [choice for one in asked for choice in _for_each(one, subjects)]
    fit = [choice for one in found if (choice := fitting(one, table)) is not None]
    if not fit or len(fit) < len(found):
        return None
    sentence.subjects, sentence.pending = subjects, ()
    sentence.choices = fit
    return fit


def _names_alone(named: tuple[str, ...], sentence: _Sentence, table: Table) -> list[Choice]:
    """``... from weight and height``: what was asked before is asked of these too; else it is still to come."""
    if not sentence.choices:
        sentence.pending += named
        return []
    again = [choice.model_copy(update={"column": name}) for choice in sentence.choices for name in named]
    return [choice for one in again if (choice := fitting(one, table)) is not None]


def _forbidding(
    text: str, named: tuple[str, ...], heads: tuple[str, ...], pending: tuple[str, ...]
) -> list[Choice] | None:
    """``Change nothing else``, ``don't touch the price``; None for a phrase that says nothing of the kind.

    ``pending`` are columns named just before, as in ``the note and the price stay unchanged``.
    """
    if _NOTHING_ELSE.search(text) or (_LEAVE.search(text) and _ELSE.search(text)):
        return [Choice(column=ALL, kind="nothing-else")]
    if _LEAVE.search(text) and not named and not _REST.sub("", _LEAVE.sub("", text)):
        named = heads
    if _LEAVE.search(text) and named:
        return [Choice(column=name, kind="leave") for name in dict.fromkeys((*pending, *named))]
    return None


def _for_each(choice: Choice, subjects: tuple[str, ...]) -> list[Choice]:
    if choice.kind == "restore" or (not subjects and choice.kind in ANYWHERE):
        return [choice.model_copy(update={"column": ALL})]
    return [choice.model_copy(update={"column": name}) for name in subjects if name != choice.other] or [choice]


def _asked(text: str, signs: Signs, table: Table) -> list[Choice]:
    """What a phrase asks for, its columns still open."""
    found: list[Choice] = []

    def add(kind: Kind, word: str = "", other: str = "") -> None:
        found.append(Choice(column="", kind=kind, text=word, other=other))

    if match := _WITHOUT.search(text):
        add("without-column", other=signs.column(_group(match)))
    elif _WITHOUT_ANY.search(text):
        add("without-column")
    if match := _FROM.search(text):
        add("from-column", other=signs.column(_group(match)))
    if match := _DECIMALS.search(text):
        said = "0" if match["whole"] else _group(match).casefold()
        add("decimals", _SPOKEN.get(said, said))
    if form := _duration_form(text, signs):
        add("duration", form)
    if form := _date_form(text, signs):
        add("date", form)
    if match := _EMPTY.search(text):
        add("empty", signs.word(_group(match)).removeprefix("的"))
    elif (match := _REPLACE.search(text)) and not found:
        old, new = (group for group in match.groups() if group is not None)
        if re.fullmatch(QUOTE, old) or _holds(signs.word(old), table):
            add("replace", signs.word(old), signs.word(new))
    plain: list[Kind] = [kind for kind, pattern in _PLAIN if re.search(pattern, text, re.IGNORECASE)]
    for kind in plain:
        add(kind)
    for kind, pattern in _EDGE:
        if not found and (match := re.search(pattern, text, re.IGNORECASE)):
            add(kind, signs.word(_group(match)))
    return found


def _group(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


def _duration_form(text: str, signs: Signs) -> str:
    """``N min``, ``N小时N分``, as it stands or between quotes; plain minutes as ``N min``."""
    for match in _DURATION.finditer(signs.unquoted(text)):
        if format_duration(Decimal(0), match[0]) is not None:
            return match[0]
    if minutes := _MINUTES.search(text):
        return "N min" if minutes[0].isascii() else "N分钟"
    return ""


def _date_form(text: str, signs: Signs) -> str:
    written = signs.unquoted(text)
    if match := _DATE.search(written):
        return date_form(match[0]) or ""
    example = _EXAMPLE.search(written)
    return (form_of_example(example[1]) or "") if example else ""


def _holds(word: str, table: Table) -> bool:
    """Whether some column holds the word as a value."""
    return any(word in column.texts for column in table.columns)


def _is_held(word: str, like: Choice, table: Table) -> bool:
    """Whether the column of an earlier choice holds the word as a value, or any column where it was of them all."""
    column = table.column_named(like.column)
    return word in column.texts if column is not None else _holds(word, table)
