"""Details that are known by their names, and what a text must have to be one: a telephone number has digits.

A small model that finds no telephone number gives a word of the text instead; this is where that shows.
"""

from __future__ import annotations

import re

_DETAILS = (
    (re.compile(r"e-?mail|邮箱|邮件地址|电邮", re.I), re.compile(r"[^\s@]+@[^\s@]+\.\w+")),
    (re.compile(r"\bphone|mobile|\btel\b|telephone|电话|手机|传真|\bfax\b", re.I), re.compile(r"(?:\d[^\d\w]*){5,}")),
    (re.compile(r"web ?site|\burl\b|网址|网站", re.I), re.compile(r"\w\.\w")),
    (
        re.compile(r"\bdate\b|日期|\btime\b|时间", re.I),
        re.compile(r"[\d〇零一二三四五六七八九十今昨明前后周]|day|week|month|morning|noon", re.I),
    ),
    (
        re.compile(r"amount|price|\bcost|total|金额|价格|单价|总价|费用", re.I),
        re.compile(r"[\d零一二两三四五六七八九十百千万亿半免]|free", re.I),
    ),
    (
        re.compile(r"[单编票证账款订]号|流水号|发票号|(?:order|invoice|document) (?:no\b|number)", re.I),
        re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,}"),
    ),
    (re.compile(r"post ?code|zip|邮编|邮政编码|身份证|卡号|\bid number", re.I), re.compile(r"\d")),
)
"""The name of a detail, and what such a detail always has in it."""

_WHOSE_NAME = re.compile(
    r"谁|哪位|哪家|姓名|名字|户名|开户行|(?:经手|经办|联系|负责|签收|收货|发货|付款|收款|报销|申请|审批)人|业务员|(?:公司|单位|客户|供应商|厂家)名称?"
)


def asks_for_a_name(wording: str) -> bool:
    """Whether a Chinese title or question asks who somebody is, which only the row can say.

    In Latin letters a name shows in how it is written; two Chinese characters could be any word.
    """
    return _WHOSE_NAME.search(wording) is not None


def could_be(said: str, name: str) -> bool:
    """Whether a text could be the detail of this name; where the name says nothing known, it could."""
    return all(look.search(said) for known, look in _DETAILS if known.search(name))
