"""The result of the task ``fill``. How it is made is in ``task``, how it is kept in ``kept``."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SkipValidation

from services.llm.question import Estimate
from services.messages import Language, message
from services.tasks.fill.changes import FillTable


class FillResult(BaseModel):
    """What comes into the new columns; nothing has been written. ``engine`` says what made it.

    ``filled`` counts the rows that were to be answered, ``gaps`` those without an answer that another run may bring,
    ``left`` those that a preview did not fill; ``estimate`` is then what all of them would cost.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    tables: SkipValidation[tuple[FillTable, ...]]
    engine: str = "model"
    gaps: int = 0
    filled: int = 0
    left: int = 0
    estimate: Estimate | None = None

    def note(self, language: Language) -> str:
        """What a preview says of the rest; empty where nothing is left."""
        if not self.left:
            return ""
        cost = self.estimate or Estimate()
        return message(
            "fill.preview_note",
            language,
            filled=self.filled,
            left=self.left,
            calls=cost.model_calls,
            tokens=cost.tokens_in + cost.tokens_out,
        )
