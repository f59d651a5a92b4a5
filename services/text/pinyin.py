"""Chinese words that sound alike or look alike: the two ways in which typing goes wrong in Chinese.

Not here: what is done about it, and Latin letters.
"""

from __future__ import annotations

import re
from functools import cache

_HAN = re.compile(r"[㐀-䶿一-鿿]")

# Characters that are taken for one another by eye or by a scanner; each word is one set of look-alikes.
_LOOK_ALIKES = (
    "己已巳 未末 士土 千干于 日曰目 人入八 大太犬 天夫 王玉主 刀力 乌鸟 免兔 戊戌戍 侯候 岛鸟 住往佳 拆折析 "
    "晴睛 请清情 幕慕墓暮 治冶 冷泠 准淮 历厉 环坏 买卖 微徽 崇祟 荼茶 今令 贝见 师帅 使便 仑仓 处外 "
    "白百自 田由甲申 末朱 木本术 氏民 市币 勾匀句 竟竞 洒酒 拔拨 泊伯 陵陡 廷延 赢羸 蓝篮 辩辨辫 杭抗 "
    "杨扬 汤场 宁宇 字宇 学字 刑邢 皿血 萧肃 柳抑 圆园"
)


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAN.search(text) is not None


def sound(text: str) -> tuple[str, ...]:
    """The syllables of a text without tones, with the pairs that speakers mix up (zh and z, ing and in ...) as one."""
    return tuple(_folded(character) for character in text)


def confusable(a: str, b: str) -> bool:
    """Whether two texts of equal length differ in exactly one Chinese character, and those two sound or look alike."""
    if len(a) != len(b):
        return False
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(pairs) != 1 or not all(has_han(character) for character in pairs[0]):
        return False
    x, y = pairs[0]
    return _folded(x) == _folded(y) or any(x in alike and y in alike for alike in _LOOK_ALIKES.split())


@cache
def _folded(character: str) -> str:
    if not has_han(character):
        return character
    # Imported late: its dictionaries take a noticeable time to load, and most tables hold no such pair.
    from pypinyin import Style, lazy_pinyin

    syllable = lazy_pinyin(character, style=Style.NORMAL)[0]
    for many, one in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in")):
        syllable = syllable.replace(many, one)
    return syllable
