"""Rule ``agreement``: a value that the other columns of its row contradict, because rows like it have another one.

The columns that settle others are found in ``votes``, what follows for an outvoted value in ``outvoted``. Columns made
up of others are found in ``derived``, and what follows where one is broken stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.damage import damage_mark, masked_on_purpose
from services.tasks.clean.rules.derived import HOLDS, Template, assembled, holds, part_within, plain_text, templates
from services.tasks.clean.rules.likeness import Likeness, likeness
from services.tasks.clean.rules.outvoted import Target, grouped, outvoted
from services.tasks.clean.rules.votes import LOOSE, coded, coded_table, dependencies
from services.tasks.clean.table import Column, Table
from services.text.similarity import differ_in_digits_only
from services.workbook.changes import reason
from services.workbook.grid import CellError, Scalar

_OFTEN = 3


class AgreementStep(Step):
    """Check ``column`` against others.

    ``by`` lists what settles it: each item is one or two columns that do so together. ``template`` says what it is
    made up of: columns in braces, and texts. ``damage`` is a character that stands for others, empty for none.
    """

    rule: Literal["agreement"] = "agreement"
    by: tuple[tuple[str, ...], ...] = ()
    template: tuple[str, ...] = ()
    damage: str = ""


def propose(table: Table) -> list[AgreementStep]:
    """A step for each column that others settle or make up."""
    mark = damage_mark(table)
    names = [column.name for column in table.columns]
    unnamed = {column.index for column in table.columns if table.column_named(column.name) is not column}
    by: dict[int, list[tuple[str, ...]]] = {}
    for dependency in dependencies(coded_table(table)):
        if unnamed.isdisjoint(dependency.keys):
            by.setdefault(dependency.target, []).append(tuple(names[key] for key in dependency.keys))
    made = {one.target: one for one in templates(table) if unnamed.isdisjoint(one.parts)}
    steps = []
    for column in table.columns:
        if column.index in unnamed:
            continue
        template = made.get(column.index)
        if column.index in by or template is not None:
            parts = () if template is None else _written(template, names)
            keys = tuple(by.get(column.index, ()))
            steps.append(AgreementStep(column=column.name, by=keys, template=parts, damage=mark))
    return steps


def run(step: AgreementStep, table: Table) -> Outcome:
    """Find the values of the step's column that its groups or its template contradict."""
    column = table.column_named(step.column)
    keys = [[table.column_named(name) for name in names] for names in step.by]
    template = _read(step.template, column, table)
    missing = [
        name
        for names, found in zip(step.by, keys, strict=True)
        for name, one in zip(names, found, strict=True)
        if not one
    ]
    if column is None or missing or (step.template and template is None):
        return Outcome(misfit=reason("agreement.gone", columns=", ".join(missing) or step.column))
    found: dict[tuple[int, int], Finding] = {}
    if template is not None and holds(template, table.columns) >= HOLDS:
        _check_template(template, table, step.damage, found)
    target = _target(column, step.damage, table)
    told = {one.name: _target(one, step.damage, table) for columns in keys for one in columns if one is not None}
    groups = [grouped(tuple(told[name] for name in names), target) for names in step.by]
    outcome = Outcome()
    if step.by and max(group.strength for group in groups) < LOOSE:
        outcome.misfit = reason("agreement.loose", columns=", ".join(group.name for group in groups))
    for row, finding in outvoted(target, [group for group in groups if group.strength >= LOOSE]):
        if isinstance(column.values[row], CellError):
            continue
        if template is not None and _fits(template, table, row):
            continue
        old = found.get((row, column.index))
        if old is None or (isinstance(finding, Proposal) and finding.safe):
            found[row, column.index] = finding
    outcome.cells.extend(
        (row, index, finding) for (row, index), finding in sorted(found.items(), key=lambda one: one[0])
    )
    return outcome


RULE = Rule(name="agreement", step_type=AgreementStep, propose=propose, run=run)


def _written(template: Template, names: Sequence[str]) -> tuple[str, ...]:
    texts = [template.joints[0]]
    for part, joint in zip(template.parts, template.joints[1:], strict=True):
        texts += [f"{{{names[part]}}}", joint]
    return tuple(text for text in texts if text)


def _read(texts: Sequence[str], column: Column | None, table: Table) -> Template | None:
    parts: list[int] = []
    joints = [""]
    for text in texts:
        if text.startswith("{") and text.endswith("}") and len(text) > 2:
            part = table.column_named(text[1:-1])
            if part is None:
                return None
            parts.append(part.index)
            joints.append("")
        else:
            joints[-1] += text
    if column is None or not parts:
        return None
    return Template(column.index, tuple(parts), tuple(joints))


def _target(column: Column, damage: str, table: Table) -> Target:
    mark = "" if damage and masked_on_purpose(column.texts, damage) else damage
    return Target(column.name, coded(column), mark, table.grid.date_system)


def _check_template(template: Template, table: Table, mark: str, found: dict[tuple[int, int], Finding]) -> None:
    """Rows in which the template is broken: the whole is mended from its parts, or one part from the whole."""
    whole_column = table.columns[template.target]
    parts = [table.columns[part] for part in template.parts]
    text = "".join(_written(template, [column.name for column in table.columns]))
    for row, (whole, *pieces) in enumerate(zip(whole_column.values, *(part.values for part in parts), strict=True)):
        made = assembled(template, pieces)
        if not made or not isinstance(whole, str) or made == whole:
            continue
        alike = likeness(whole, made, mark)
        sound = all(_count(part, piece) > 1 for part, piece in zip(parts, pieces, strict=True))
        mended = [
            (place, value)
            for place, part in enumerate(parts)
            if (value := part_within(template, whole, pieces, place)) and _count(part, value) > 1
        ]
        if not mended and sound and alike is not Likeness.OTHER:
            seen, as_made = whole_column.texts.get(whole, 0), whole_column.texts.get(made, 0)
            plain = alike in (Likeness.MARKED, Likeness.SLIP)
            often = as_made >= _OFTEN and alike is not Likeness.FORM and not differ_in_digits_only(whole, made)
            safe = seen == 1 and (plain or often)
            found[row, whole_column.index] = Proposal(made, reason("agreement.template", template=text), safe, 0.97)
        elif len(mended) == 1:
            place, value = mended[0]
            piece = pieces[place]
            alike = likeness(plain_text(piece), value, mark)
            once = _count(parts[place], piece) == 1
            if isinstance(piece, str) and alike in (Likeness.MARKED, Likeness.SLIP):
                found[row, parts[place].index] = Proposal(
                    value, reason("agreement.part", column=whole_column.name, template=text), once, 0.97
                )
            else:
                found[row, whole_column.index] = Doubt(reason("agreement.template_broken", template=text))


def _fits(template: Template, table: Table, row: int) -> bool:
    made = assembled(template, [table.columns[part].values[row] for part in template.parts])
    return bool(made) and made == plain_text(table.columns[template.target].values[row])


def _count(column: Column, value: Scalar) -> int:
    if isinstance(value, str):
        return column.texts.get(value, 0)
    return column.numbers.get(value, 0) if isinstance(value, (int, float)) else 0
