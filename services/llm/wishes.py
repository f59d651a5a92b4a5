"""What a person wishes of the model for one job, beside the settings: ModelWishes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ModelWishes(BaseModel):
    """Wishes of one job; what is None is as the settings say.

    ``no_model`` asks none. ``fresh`` uses no answers from before the job. A budget holds for one run of the job: what
    a person takes up again may spend as much anew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    no_model: bool = False
    model: str | None = Field(default=None, min_length=1, max_length=200)
    budget_tokens: int | None = Field(default=None, ge=1)
    budget_money: float | None = Field(default=None, gt=0)
    fresh: bool = False
