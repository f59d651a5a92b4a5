"""A value that a model refuses is explained in the reader's language."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from services.errors import InputError
from services.refused import why_refused


class Wishes(BaseModel):
    language: Literal["zh", "en"] = "en"
    port: int = Field(8421, ge=1, le=65535)
    seconds: float = Field(1.0, gt=0, le=2)
    visible_only: bool = False


@pytest.mark.parametrize(
    ("wish", "english", "chinese"),
    [
        ({"language": "fr"}, "it can be zh, en", "可以是 zh, en"),
        ({"port": "abc"}, "it is a whole number", "应为整数"),
        ({"port": 0}, "it is 1 or more", "应不小于 1"),
        ({"port": 70000}, "it is 65535 or less", "应不大于 65535"),
        ({"seconds": 0}, "it is more than 0", "应大于 0"),
        ({"seconds": 9}, "it is 2 or less", "应不大于 2"),
        ({"seconds": "soon"}, "it is a number", "应为数字"),
        ({"visible_only": "perhaps"}, "it is true or false", "应为 true 或 false"),
    ],
)
def test_a_refused_value_is_told_in_the_readers_language(wish: dict[str, object], english: str, chinese: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Wishes.model_validate(wish)
    (key, value), *_ = wish.items()

    error = InputError("setting-value", key=key, value=value, detail=why_refused(refused.value.errors()[0]))

    assert error.what("en") == f"The setting {key} can't be {value}: {english}."
    assert error.what("zh") == f"设置 {key} 不能是 {value}：{chinese}。"
