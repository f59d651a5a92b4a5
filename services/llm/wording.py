"""A question in words: the messages that ask it of a batch of items, with the data between markers.

The texts that are added to a person's prompt stand in ``templates/prompts/{zh,en}/_contract.toml``.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel

from services.llm.question import Item, Question
from services.llm.schema import fields_told, reply_schema
from services.llm.tokens import PER_MESSAGE, estimated_tokens
from services.messages import Language

_CHINESE = re.compile("[\u4e00-\u9fff]")

Wording = tuple[str, str]
"""The system text and the user's text of a call."""


@dataclass(frozen=True, slots=True)
class Told:
    """A question that is ready to be asked of any items: its texts, variables filled.

    ``done`` are items that people have answered themselves, as JSON: data like the items, and before them.
    """

    system: str
    body: str
    contract: Mapping[str, str]
    schema: str
    done: str = ""

    def messages(self, items: Sequence[tuple[str, Item]], with_schema: bool) -> Wording:
        """The texts that ask about these items, each given with its id."""
        system = self.system
        if with_schema:
            system += "\n\n" + self.contract["schema"].strip().replace("{schema}", self.schema)
        parts = [self.body]
        if self.done:
            parts.append(f"{self.contract['done']}\n{_marked(self.done)}")
        parts.append(f"{self.contract['data']}\n{_marked(self.data(items))}")
        return system, "\n\n".join(parts)

    @staticmethod
    def data(items: Sequence[tuple[str, Item]]) -> str:
        """The items as a JSON list, one a line."""
        return "[\n" + ",\n".join(as_json(_numbered(number, item)) for number, item in items) + "\n]"

    @property
    def frame_tokens(self) -> int:
        """About how many tokens everything but the items takes, the schema in words included."""
        texts = (self.system, self.contract["schema"], self.schema, self.body, self.contract["data"], self.done)
        return sum(map(estimated_tokens, texts)) + 2 * PER_MESSAGE + 20


def told(question: Question[Any]) -> Told:
    """The question with its variables filled. Raises ``InputError`` (``prompt-variable``)."""
    prompt = question.prompt
    system, body = prompt.filled(question.variables)
    contract = _contract(prompt.language or _language(system + body))
    answer: type[BaseModel] = question.answer
    parts = [
        system.strip(),
        contract["guard"].strip(),
        contract["reply"].strip().replace("{fields}", fields_told(answer)),
    ]
    if prompt.examples:
        lines = [contract["examples"]]
        for item, right in prompt.examples:
            lines.append(contract["item"].replace("{item}", as_json(item)))
            lines.append(contract["answer"].replace("{answer}", as_json(right)))
        parts.append("\n".join(lines))
    return Told("\n\n".join(parts), body.strip(), contract, as_json(reply_schema(answer)), _done(question))


def as_json(value: Any) -> str:
    """JSON in one line, as a model reads it best: no escapes but those that must be."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()  # half a surrogate pair can't be sent


def _numbered(number: str, item: Item) -> dict[str, Any]:
    """The item with its id; one that has a field of that name already goes as a whole beside it."""
    return {"id": number, "item": dict(item)} if "id" in item else {"id": number, **item}


@cache
def _contract(language: Language) -> Mapping[str, str]:
    file = resources.files("templates") / "prompts" / language / "_contract.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _language(text: str) -> Language:
    return "zh" if len(_CHINESE.findall(text)) * 4 > len(text) else "en"


def _done(question: Question[Any]) -> str:
    """What people have answered themselves, as a JSON list, or no text at all."""
    lines = [as_json({"item": item, "answer": answer}) for item, answer in question.examples]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else ""


def _marked(data: str) -> str:
    """The data between two lines that end with a word that it can't hold, so that no text in it can end it."""
    mark = hashlib.sha256(data.encode()).hexdigest()
    length = 8
    while mark[:length] in data:
        length += 1
    return f"<data {mark[:length]}>\n{data}\n</data {mark[:length]}>"
