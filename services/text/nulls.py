"""Words that stand for "no value" (N/A, NULL, 暂无, -), in two tiers by the word alone. The column decides the rest."""

from typing import Literal

NullTier = Literal["certain", "possible"]


def null_word(text: str) -> NullTier | None:
    """How sure it is that a text means "no value"; case, outer spaces and width don't matter. None for anything else.

    'certain' words mean nothing in any column. 'possible' words are values in some columns: NA is Namibia, 无 answers a
    question, None is a kind of benefit. White space alone is 'certain'; the empty text isn't a word and gives None.
    """
    if len(text) > _LONGEST:
        if text.isspace():
            return "certain"
        text = text.strip()
        if len(text) > _LONGEST:
            return None
    word = text.strip().translate(_FOLD).casefold()
    if not word:
        return "certain" if text else None
    return _TIERS.get(word)


# Full-width forms to ASCII, the dashes and the Chinese middle dot lines to a hyphen.
_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(
    (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x30FC), ord("-")
)

# Sources: the defaults of pandas.read_csv (na_values), Excel and database exports, Chinese and German office forms.
_CERTAIN = """
#n/a|#n/a n/a|n/a|n.a.|n.a|<na>|<n/a>|(n/a)|[n/a]|null|(null)|<null>|[null]|nan|-nan|#null!|\\n|nil|<nil>
(blank)|<blank>|(empty)|<empty>|[empty]|1.#ind|-1.#ind|1.#qnan|-1.#qnan|undefined|<undefined>
not available|not applicable|no data|k.a.|k. a.|keine angabe
暂无|暂无数据|无数据|暂缺|空值|(空)|(空白)|(无)|未填|未填写|不适用|没有数据|尚未提供
"""
_POSSIBLE = """
none|na|nat|-|--|---|----|?|??|???|.|..|...|/|\\|*|xx|xxx|_|__|empty|blank|unknown|unk|missing
tbd|tba|tbc|to be determined|n/k|nk|not known|not provided|not specified|not given|unspecified|pending|void
无|空|空白|未知|不详|不明|待定|待补|待填|待补充|没有|未提供|未录入|缺|缺失|略
0000-00-00|0000/00/00|00/00/0000|0000-00-00 00:00:00|1900-01-00|1900/1/0|-999|-9999
"""


def _words(listing: str) -> list[str]:
    return [word for line in listing.split("\n") for word in line.split("|") if word]


_TIERS: dict[str, NullTier] = {
    **dict.fromkeys(_words(_POSSIBLE), "possible"),
    **dict.fromkeys(_words(_CERTAIN), "certain"),
}
_LONGEST = max(map(len, _TIERS))
