"""Rule ``agreement``: a value that the other columns of its row contradict, because rows like it have another one.

The columns that settle others are found in ``votes``, those made up of others in ``derived``. A contradiction is
repaired by itself only where the outvoted value is plainly a damaged form of the one that its group holds; another
value that is right in itself is for a person to decide, and which of two columns is wrong is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.tasks.clean.rule import Doubt, Finding, Outcome, Proposal, Rule, Step
from services.tasks.clean.rules.damage import damage_mark, masked_on_purpose
from services.tasks.clean.rules.derived import HOLDS, Template, assembled, holds, part_within, plain_text, templates
from services.tasks.clean.rules.likeness import Likeness, likeness
from services.tasks.clean.rules.votes import (
    EMPTY,
    LOOSE,
    STRONG,
    Coded,
    Vote,
    coded,
    coded_table,
    dependencies,
    joined_codes,
    strength_of,
    votes_of,
)
from services.tasks.clean.table import Column, Table
from services.text.similarity import differ_in_digits_only
from services.workbook.changes import reason
from services.workbook.grid import DateSystem, Scalar
from services.workbook.rendering import text_of

_LEAST_VOTES = 3
_SAFE_VOTES = 4
_SAFE_SHARE = 0.8
_SHARE = 2 / 3
_FEW_VARY = 0.03
_SOME_VARY = 0.05
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


@dataclass(frozen=True, slots=True)
class _Group:
    """One way of grouping the rows: the key of each row, the votes of each group, and how well they settle the target.

    ``varying`` is the share of the grouped rows whose value is neither the group's nor a damaged form of it.
    """

    name: str
    keys: list[int]
    votes: dict[int, Vote]
    pairs: dict[tuple[int, int], int]
    strength: float
    varying: float


@dataclass(frozen=True, slots=True)
class _Target:
    """The column that is checked, with what is needed to compare its values and to show them."""

    cells: Coded
    mark: str
    date_system: DateSystem
    known: dict[tuple[int, int], Likeness] = field(default_factory=dict)

    def alike(self, value: int, winner: int) -> Likeness:
        """How the value with one code looks beside that with another."""
        pair = value, winner
        if pair not in self.known:
            values = self.cells.values
            self.known[pair] = likeness(plain_text(values[value]), plain_text(values[winner]), self.mark)
        return self.known[pair]

    def told(self, group: _Group, vote: Vote) -> dict[str, object]:
        """What a person is told of a vote."""
        common = text_of(self.cells.values[vote.winner], None, self.date_system)
        return {"by": group.name, "common": common, "count": vote.count, "total": vote.total}


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
    mark = "" if step.damage and masked_on_purpose(column.texts, step.damage) else step.damage
    target = _Target(coded(column), mark, table.grid.date_system)
    groups = []
    for names, columns in zip(step.by, keys, strict=True):
        codes = joined_codes([coded(one) for one in columns if one is not None])
        groups.append(_grouped(" + ".join(names), codes, target))
    outcome = Outcome()
    if step.by and max(group.strength for group in groups) < LOOSE:
        outcome.misfit = reason("agreement.loose", columns=", ".join(group.name for group in groups))
    for row, finding in _outvoted(target, [group for group in groups if group.strength >= LOOSE]):
        if column.values[row] is not None and target.cells.codes[row] == EMPTY:
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


def _grouped(name: str, keys: list[int], target: _Target) -> _Group:
    votes, pairs = votes_of(keys, target.cells)
    odd = seen = 0
    for (key, value), count in pairs.items():
        vote = votes.get(key)
        if key < 0 or value < 0 or vote is None or vote.total <= _LEAST_VOTES:
            continue
        seen += count
        if value != vote.winner and target.alike(value, vote.winner) is Likeness.OTHER:
            odd += count
    return _Group(name, keys, votes, pairs, strength_of(keys, target.cells), odd / seen if seen else 1.0)


def _outvoted(target: _Target, groups: Sequence[_Group]) -> Iterator[tuple[int, Finding]]:
    codes = target.cells.codes
    mostly_filled = 2 * target.cells.filled > len(codes)
    suspects: set[int] = set()
    for group in groups:
        odd = {
            (key, value)
            for key, value in group.pairs
            if key in group.votes and value != group.votes[key].winner and group.votes[key].count >= _LEAST_VOTES
        }
        if odd:
            suspects.update(row for row, pair in enumerate(zip(group.keys, codes, strict=True)) if pair in odd)
    for row in sorted(suspects):
        code = codes[row]
        if code == EMPTY:
            filling = _filling(row, target, groups) if mostly_filled else None
            if filling is not None:
                yield row, filling
            continue
        against: list[tuple[_Group, int, Vote]] = []
        for group in groups:
            key = group.keys[row]
            vote = group.votes.get(key)
            if vote is None or vote.total < 2:
                continue
            if vote.winner == code and vote.count >= 2:
                against = []
                break
            if vote.winner != code and vote.count >= _LEAST_VOTES:
                against.append((group, key, vote))
        winners = {vote.winner for _, _, vote in against}
        if len(winners) == 1:
            finding = _judged(code, winners.pop(), target, against)
            if finding is not None:
                yield row, finding


def _judged(code: int, winner: int, target: _Target, against: Sequence[tuple[_Group, int, Vote]]) -> Finding | None:
    """What to do with a value that no group supports, and all groups that say anything have one other value for."""
    group, _, vote = max(against, key=lambda one: (one[0].strength, one[2].count))
    others = vote.total - 1
    share = vote.count / others if others else 0.0
    alike = target.alike(code, winner)
    if alike is Likeness.PART:
        return None
    seen = target.cells.counts[code]
    after = target.cells.values[winner]
    told = target.told(group, vote)
    overwhelming = vote.count >= _SAFE_VOTES and share >= _SAFE_SHARE and group.strength >= STRONG
    settled = overwhelming and group.varying <= _FEW_VARY
    if alike is Likeness.MARKED and settled:
        return Proposal(after, reason("agreement.damage", **told), True, 0.99)
    if alike is Likeness.SLIP and settled and 5 * seen <= vote.count:
        return Proposal(after, reason("agreement.slip", **told), True, 0.98)
    if alike is Likeness.SLIP_IN_NUMBER and settled and seen == 1 and len(against) > 1:
        return Proposal(after, reason("agreement.slip", **told), True, 0.96)
    if alike is not Likeness.OTHER and share >= _SHARE and group.strength >= STRONG:
        return Proposal(after, reason("agreement.slip", **told), False, min(0.95, share))
    if any(one.pairs[key, code] >= _OFTEN for one, key, _ in against):
        return None
    if seen >= _OFTEN and group.strength >= STRONG and group.varying <= _SOME_VARY and share >= _SAFE_SHARE:
        return Doubt(reason("agreement.conflict", **told))
    number = not any(map(str.isalpha, plain_text(after))) and ":" not in plain_text(after)
    if share >= _SHARE and vote.total >= 5 and (settled or not number):
        return Proposal(after, reason("agreement.outvoted", **told), False, 0.9 * share * group.strength)
    return None


def _filling(row: int, target: _Target, groups: Sequence[_Group]) -> Finding | None:
    """A proposal for an empty cell, where all groups it is in hold one value only."""
    votes = [
        (group, group.votes[group.keys[row]])
        for group in groups
        if group.keys[row] in group.votes and group.strength >= STRONG
    ]
    if not votes or len({vote.winner for _, vote in votes}) > 1:
        return None
    group, vote = max(votes, key=lambda pair: pair[1].count)
    if vote.count < _LEAST_VOTES or vote.count < vote.total:
        return None
    value = target.cells.values[vote.winner]
    return Proposal(value, reason("agreement.fill", **target.told(group, vote)), False, 0.9 * group.strength)


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
            safe = seen == 1 and (plain or (as_made >= _OFTEN and not differ_in_digits_only(whole, made)))
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
