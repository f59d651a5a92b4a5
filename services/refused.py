"""Why a value was refused by a pydantic model, in the reader's language as far as values of ours can be wrong."""

from __future__ import annotations

import re
from typing import Any

from services.errors import Phrase


def why_refused(found: Any) -> Phrase | str:
    """The reason of one of ``ValidationError.errors()``, to be an error's parameter ``detail``.

    The kinds are those of pydantic's list of validation errors (docs.pydantic.dev/latest/errors/validation_errors).
    """
    kind, context = found["type"], found.get("ctx", {})
    if kind == "literal_error":
        choices = ", ".join(re.findall("'([^']*)'", context["expected"]))
        return Phrase("refused.one_of", (("choices", choices),))
    if found["loc"] and found["loc"][-1] == "region":
        return Phrase("refused.region")
    if kind in ("int_parsing", "int_type", "int_from_float"):
        return Phrase("refused.whole_number")
    if kind in ("float_parsing", "float_type", "finite_number"):
        return Phrase("refused.number")
    if kind in ("bool_parsing", "bool_type"):
        return Phrase("refused.yes_no")
    if kind == "greater_than_equal":
        return Phrase("refused.at_least", (("least", _figure(context["ge"])),))
    if kind == "greater_than":
        return Phrase("refused.more_than", (("bound", _figure(context["gt"])),))
    if kind == "less_than_equal":
        return Phrase("refused.at_most", (("most", _figure(context["le"])),))
    if kind == "string_too_long":
        return Phrase("refused.too_long", (("most", context["max_length"]),))
    return str(context.get("error", found["msg"]))


def _figure(bound: float) -> str:
    return str(bound).removesuffix(".0")
