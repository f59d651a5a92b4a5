"""What a person asks of ``fill``. What is made of it is in ``plan``."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.messages import Language


class FillRequest(BaseModel):
    """What to fill and how: a ``template`` by its name, or a ``prompt`` of the person's own that names columns.

    ``into`` are the titles of the new columns, ``type`` what they hold (``text``, ``number``, ``date``, ``list``,
    ``choice`` or ``choice:a,b,c``), ``choices`` what can be chosen. ``columns`` are the columns to read, ``values`` are
    ``name=value`` for the variables of a template. ``entries`` is the text of a list to look up in, an entry a line.
    ``rows`` are row numbers of the sheet (``2-100,105``); with ``preview`` only so many rows that need an answer are
    filled. With ``visible_only`` hidden rows stay as they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: str = ""
    prompt: str = ""
    into: tuple[str, ...] = ()
    type: str = "text"
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    entries: str | None = None
    rows: str = ""
    preview: int | None = Field(None, ge=1)
    sheet: str | None = None
    cells: str | None = None
    overwrite: bool = False
    visible_only: bool = False
    language: Language = "en"

    @field_validator("choices")
    @classmethod
    def _parted(cls, choices: tuple[str, ...]) -> tuple[str, ...]:
        """Chinese keyboards type another comma."""
        return tuple(word.strip() for choice in choices for word in choice.split("，") if word.strip())
