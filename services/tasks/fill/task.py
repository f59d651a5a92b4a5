"""The task ``fill``: its run and estimate, which put plan, answers and changes together, and its options."""

from __future__ import annotations

from services.errors import InputError
from services.llm.question import Estimate, Model
from services.messages import message
from services.tasks.context import TaskContext
from services.tasks.fill.answers import Nothing, Outcome
from services.tasks.fill.asking import question_of
from services.tasks.fill.by_lists import by_lists, looked_up
from services.tasks.fill.by_model import by_model, items_of
from services.tasks.fill.changes import FillTable, tables_of
from services.tasks.fill.items import Asked, distinct
from services.tasks.fill.kept import dump, load
from services.tasks.fill.plan import Plan, planned
from services.tasks.fill.request import FillRequest
from services.tasks.fill.result import FillResult
from services.tasks.fill.wanted import chosen_template
from services.tasks.registry import Option, Task
from services.tasks.source import CellSource


def estimate(request: FillRequest, source: CellSource, context: TaskContext) -> Estimate:
    """What a run would cost; asks nothing. Raises what ``run`` raises."""
    _check_possible(request, context)
    return _cost(planned(request, source, context), request, context.model)


def run(request: FillRequest, source: CellSource, context: TaskContext) -> FillResult:
    """Fill the new columns of every table that is meant; touches no file.

    Raises ``InputError`` (``fill-needs-model``) before anything is done where no model can be asked and the template
    needs one, what ``planned`` raises, and ``Cancelled``.
    """
    _check_possible(request, context)
    plan = planned(request, source, context)
    asked, places = distinct(plan)
    outcomes, engine = _answered(plan, request, asked, context)
    tables: list[FillTable] = []
    for number in range(len(plan.tables)):

        def outcome(row: int, number: int = number) -> Outcome:
            return outcomes[places[number, row]]

        before = sum(table.grid.row_count * table.grid.column_count for table in tables)
        separator = message("fill.separator", request.language)
        tables += tables_of(plan, number, outcome, separator, request.overwrite, before)
    cost = None
    if plan.left:
        everything = request.model_copy(update={"preview": None})
        cost = _cost(planned(everything, source, context), everything, context.model)
    return FillResult(
        tables=tuple(tables),
        engine=engine,
        gaps=sum(isinstance(one, Nothing) and one.is_gap for one in (outcomes[at] for at in places.values())),
        filled=len(places),
        left=plan.left,
        estimate=cost,
    )


def _check_possible(request: FillRequest, context: TaskContext) -> None:
    one = chosen_template(request, context.prompts)
    if context.model is None and not one.settings.rules:
        raise InputError("fill-needs-model", template=one.title)


def _cost(plan: Plan, request: FillRequest, model: Model | None) -> Estimate:
    if model is None:
        return Estimate()
    asked = [one for one in distinct(plan)[0] if _known(plan, one) is None]
    if not asked:
        return Estimate()
    return model.estimate(question_of(plan, overwrite=request.overwrite), items_of(plan, asked))


def _answered(plan: Plan, request: FillRequest, asked: list[Asked], context: TaskContext) -> tuple[list[Outcome], str]:
    """What is known of each distinct input, and what found it out."""
    if context.model is None:
        return [by_lists(plan, one.texts) for one in asked], "rules"
    found = [_known(plan, one) for one in asked]
    open_ones = [one for one, known in zip(asked, found, strict=True) if known is None]
    if not open_ones:
        return [known for known in found if known is not None], "rules" if asked else "model"
    question = question_of(plan, overwrite=request.overwrite)
    answers = iter(by_model(plan, question, open_ones, context.model, context))
    return [next(answers) if known is None else known for known in found], "model"


def _known(plan: Plan, one: Asked) -> Outcome | None:
    """What needs no model even where there is one: an entry of a list that is the value but for its form."""
    return looked_up(plan, " ".join(one.texts)) if plan.template.settings.rules == "lookup" else None


FILL = Task(
    name="fill",
    source="cells",
    request_type=FillRequest,
    result_type=FillResult,
    estimate=estimate,
    run=run,
    dump=dump,
    load=load,
    options=(
        Option("template", ("--template",), metavar="NAME"),
        Option("prompt", ("--prompt",), metavar="TEXT"),
        Option("into", ("--into",), "repeated", metavar="TITLE"),
        Option("type", ("--type",), metavar="TYPE"),
        Option("columns", ("--columns",), "list", metavar="NAMES"),
        Option("values", ("--set",), "repeated", metavar="NAME=VALUE"),
        Option("choices", ("--choices",), "list", metavar="A,B,C"),
        Option("entries", ("--list",), "file", metavar="FILE"),
        Option("rows", ("--rows",), metavar="2-100,105"),
        Option("preview", ("--preview",), "number", metavar="N"),
        Option("overwrite", ("--overwrite",), "flag"),
        Option("sheet", ("--sheet",), metavar="NAME"),
        Option("cells", ("--range",), metavar="A1:D20"),
        Option("visible_only", ("--visible-only",), "flag"),
    ),
)
