"""Answers that talk instead of answering: a lead-in is taken off, an excuse or a repeated instruction is noticed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.tasks.fill.kinds import plain

_LEAD_IN = re.compile(
    r"\s*(?:(?:sure|certainly|of course|okay|ok|absolutely)\b[^\n\w]{0,4})?"
    r"(?:here(?:'s| is| are)\b[^\n:：]{0,60}\b(?:text|version|translation|summary|answer|result|tags?)\b[^\n:：]{0,40}"
    r"|(?:the )?(?:answer|translation|summary|corrected text|rewritten text|polished text|result)(?: is)?)\s*[:：]\s*"
    r"|\s*(?:(?:好的|当然|没问题|可以)[，,。！!]\s*)?"
    r"(?:(?:以下|下面|这)(?:是|为)[^\n:：]{0,20}(?:译文|翻译|总结|摘要|版本|文本|文字|内容|结果)[^\n:：]{0,10}"
    r"|(?:答案|译文|翻译结果|翻译|总结|摘要|修改后|润色后|改写后|校对后)(?:的?(?:文本|文字|内容))?(?:是|为|如下)?)[:：]\s*",
    re.I,
)
_LABEL = re.compile(r"[^\n:：]{1,40}[:：]")
"""A source that begins with a label of its own keeps it."""
_FENCE = re.compile(r"\s*```[a-z]*\n(.*?)\n?```\s*", re.S)
_QUOTED = re.compile(r"\s*(?:\"([^\"]*)\"|“([^”]*)”|「([^」]*)」)\s*", re.S)
_EXCUSE = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|assistant)\b|\bI(?:'m| am) (?:an ai|sorry)\b"
    r"|\bI (?:can(?:no|')t|am unable to) (?:help|assist|provide|answer|comply|do that)\b|\blet me know if\b"
    r"|^\s*(?:sure|certainly|of course)[,!.]|^\s*(?:好的|当然|没问题)[，,！!。]"
    r"|作为(?:一个|一名)?(?:ai|人工智能|大?语言模型|智能助手)|抱歉，?我|我无法(?:回答|提供|完成|协助|帮助)"
    r"|希望(?:这|以上)[^。]{0,12}帮助|如有(?:其他|任何)(?:问题|需要)",
    re.I,
)
_POLITE = re.compile(
    r"sorry|apolog|sure|certainly|of course|can't|cannot|let (?:me|us) know|抱歉|对不起|好的|当然|没问题|无法|如有",
    re.I,
)
"""A source with one of these may be answered with the same."""
_LONG_ENOUGH = 24
"""Characters of an instruction that nobody writes by chance."""


def answer_alone(said: str, source: str) -> str:
    """What was said without a lead-in, a fence or quotes round the whole of it, where the source has none of these."""
    text = said.strip()
    fenced = _FENCE.fullmatch(text)
    if fenced and "```" not in source:
        text = fenced[1].strip()
    lead = _LEAD_IN.match(text)
    if lead and text[lead.end() :].strip() and not _LABEL.match(source.strip()):
        text = text[lead.end() :].strip()
    quoted = _QUOTED.fullmatch(text)
    if quoted and not _QUOTED.fullmatch(source.strip()):
        text = next(part for part in quoted.groups() if part is not None).strip()
    return text


def makes_excuses(said: str, source: str) -> bool:
    """Whether the model speaks of itself or to the reader, and the source does not."""
    return bool(_EXCUSE.search(said)) and not _EXCUSE.search(source) and not _POLITE.search(source)


def repeats(said: str, instructions: Sequence[str], source: str) -> bool:
    """Whether an answer holds a line of the instruction that the source doesn't hold."""
    answer, there = plain(said), plain(source)
    lines = (plain(line) for text in instructions for line in re.split(r"[\n。]|(?<=[a-z])\. ", text))
    return any(len(line) >= _LONG_ENOUGH and line in answer and line not in there for line in lines)
