"""The registry of tasks: a task is a name, a request, a result, an estimate and a run; surfaces are built from it.

Registering a task, a line in ``services.tasks``, gives it a command, and a route where the service runs. Nothing here
runs a task or knows a surface.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from services.llm.question import Estimate
from services.messages import Language
from services.tasks import TASKS
from services.tasks.context import TaskContext

RequestT = TypeVar("RequestT", bound=BaseModel)
ResultT = TypeVar("ResultT", bound=BaseModel)
SourceT = TypeVar("SourceT")


@dataclass(frozen=True, slots=True)
class Option:
    """How one field of a task's request is named on a command line; a ``file`` option takes a file and gives its text.

    The help stands in the messages under ``options.<task>.<field>``.
    """

    field: str
    flags: tuple[str, ...]
    kind: Literal["text", "file", "flag", "list", "choice", "number", "repeated"] = "text"
    metavar: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task(Generic[RequestT, SourceT, ResultT]):
    """One task. ``source`` says what it works on, so that a surface knows what to open and how to write the result.

    ``dump`` gives a result as JSON and ``load`` the same result again, so that it outlives the run; ``load`` raises
    ``ValueError`` for what ``dump`` did not write. ``recipe_text`` gives the text of a recipe that makes a result
    again, for tasks that have recipes.
    """

    name: str
    source: Literal["cells", "document", "documents"]
    request_type: type[RequestT]
    result_type: type[ResultT]
    estimate: Callable[[RequestT, SourceT, TaskContext], Estimate]
    run: Callable[[RequestT, SourceT, TaskContext], ResultT]
    dump: Callable[[ResultT], Any]
    load: Callable[[Any], ResultT]
    options: tuple[Option, ...]
    recipe_text: Callable[[ResultT, Language], str] | None = None


AnyTask = Task[Any, Any, Any]


def tasks() -> dict[str, AnyTask]:
    """All registered tasks by name. They are imported here, since that takes time."""
    return {name: resolve_name(place) for name, place in TASKS.items()}
