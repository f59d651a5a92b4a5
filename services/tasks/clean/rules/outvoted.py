"""What follows for a value that the groups of its row outvote: a repair, a proposal, or a doubt.

A repair by itself only where the value is plainly a damaged form of the one that its group holds. Another value that
is right in itself is a contradiction between two columns, and which of them is wrong is never guessed. Not here: how
the groups are found (``votes``), and columns made up of others (``agreement``, ``derived``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from services.tasks.clean.rule import Doubt, Finding, Proposal
from services.tasks.clean.rules.derived import plain_text
from services.tasks.clean.rules.likeness import Likeness, likeness
from services.tasks.clean.rules.votes import EMPTY, LOOSE, STRONG, Coded, Vote, joined_codes, strength_of, votes_of
from services.text.similarity import Likes, mostly_the_same
from services.workbook.changes import reason
from services.workbook.grid import DateSystem
from services.workbook.rendering import text_of

_LEAST_VOTES, _SAFE_VOTES = 3, 4
"""Votes of a group that count at all, and that a safe repair needs."""
_SHARE, _SAFE_SHARE = 2 / 3, 0.8
"""Share of the group's other rows that have its value, to be told and to be safe."""
_FEW_VARY = 0.03
"""Share of rows with a value of their own up to which a group's value is a rule."""
_OFTEN = 3
"""Rows in which a value is no slip any more, but meant."""
_FREQUENT, _NEAR_TIMES = 5, 5
"""Cells of a text that another may be a slip of, and how many times as many as that one's."""
_FEWEST_LETTERS = 5
"""Length of such a text; shorter ones are near by chance."""

_PLAINNESS = {
    Likeness.MARKED: 3,
    Likeness.SLIP: 2,
    Likeness.SLIP_IN_NUMBER: 2,
    Likeness.FORM: 1,
    Likeness.CLOSE: 1,
}
"""How plainly a value is a damaged form of the one it is compared with, 0 where it is none."""

_CODES = {
    Likeness.MARKED: "agreement.damage",
    Likeness.SLIP: "agreement.slip",
    Likeness.SLIP_IN_NUMBER: "agreement.slip",
    Likeness.FORM: "agreement.form",
    Likeness.CLOSE: "agreement.close",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A column with what is needed to compare its values and to show them."""

    name: str
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

    def shown(self, code: int) -> str:
        """The value with a code as a person reads it."""
        return text_of(self.cells.values[code], None, self.date_system)


@dataclass(frozen=True, slots=True)
class Group:
    """One way of grouping the rows: the key of each row, the votes of each group, and how well they settle the target.

    ``varying`` is the share of the grouped rows whose value is neither the group's nor a damaged form of it.
    """

    columns: tuple[Target, ...]
    keys: list[int]
    votes: dict[int, Vote]
    pairs: dict[tuple[int, int], int]
    strength: float
    varying: float

    @property
    def name(self) -> str:
        """The names of the columns whose values make the groups."""
        return " + ".join(column.name for column in self.columns)


def grouped(columns: tuple[Target, ...], target: Target) -> Group:
    """The rows grouped by the values of one or two columns, and what each group says of ``target``."""
    keys = joined_codes([column.cells for column in columns])
    votes, pairs = votes_of(keys, target.cells)
    odd = seen = 0
    for (key, value), count in pairs.items():
        vote = votes.get(key)
        if key < 0 or value < 0 or vote is None or vote.total <= _LEAST_VOTES:
            continue
        seen += count
        if value != vote.winner and target.alike(value, vote.winner) is Likeness.OTHER:
            odd += count
    return Group(columns, keys, votes, pairs, strength_of(keys, target.cells), odd / seen if seen else 1.0)


def outvoted(target: Target, groups: Sequence[Group]) -> Iterator[tuple[int, Finding]]:
    """Pairs (row, finding) for the cells of ``target`` that the groups contradict, and the empty ones they fill."""
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
    held = {vote.winner for group in groups for vote in group.votes.values() if vote.count >= _LEAST_VOTES}
    trial = _Trial(target, held)
    for row in sorted(suspects):
        code = codes[row]
        if code == EMPTY:
            filling = _filling(row, target, groups) if mostly_filled else None
            if filling is not None:
                yield row, filling
            continue
        against: list[_Against] = []
        for group in groups:
            key = group.keys[row]
            vote = group.votes.get(key)
            if vote is None or vote.total < 2:
                continue
            if vote.winner == code and vote.count >= 2:
                against = []
                break
            if vote.winner != code and vote.count >= _LEAST_VOTES:
                against.append(_Against(group, key, vote))
        winners = {one.vote.winner for one in against}
        if len(winners) == 1:
            finding = trial.judged(row, winners.pop(), against)
            if finding is not None:
                yield row, finding


@dataclass(frozen=True, slots=True)
class _Against:
    """A group that says a row's value is another one: its key in this row, and its vote."""

    group: Group
    key: int
    vote: Vote


@dataclass(slots=True)
class _Trial:
    """The cells of one column on trial, the values that groups ``held`` as theirs, and what was looked up before."""

    target: Target
    held: set[int]
    turned: dict[tuple[str, ...], tuple[list[int], dict[int, Vote]]] = field(default_factory=dict)
    apart: dict[tuple[str, str], bool] = field(default_factory=dict)
    frequent: dict[str, int] = field(default_factory=dict)
    likes: Likes | None = None

    def judged(self, row: int, winner: int, against: Sequence[_Against]) -> Finding | None:
        """What to do with a value that no group supports, and all that say anything have one other value for."""
        target = self.target
        code = target.cells.codes[row]
        best = max(against, key=lambda one: (one.group.strength, one.vote.count))
        group, vote = best.group, best.vote
        share = vote.count / (vote.total - 1) if vote.total > 1 else 0.0
        alike = target.alike(code, winner)
        if alike is Likeness.PART:
            return None
        plain = _PLAINNESS.get(alike, 0)
        seen = target.cells.counts[code]
        after = target.cells.values[winner]
        told: dict[str, object] = {
            "by": group.name,
            "common": target.shown(winner),
            "count": vote.count,
            "total": vote.total,
        }
        convincing = share >= _SHARE and group.strength >= STRONG
        doubt = Doubt(reason("agreement.conflict", column=target.name, **told))
        if self._contested(row, against, plain):
            return doubt if convincing and vote.total > _SAFE_VOTES else None
        settled = convincing and vote.count >= _SAFE_VOTES and share >= _SAFE_SHARE and group.varying <= _FEW_VARY
        if alike is Likeness.MARKED and settled:
            return Proposal(after, reason("agreement.damage", **told), True, 0.99)
        if alike is Likeness.SLIP and settled and 5 * seen <= vote.count:
            return Proposal(after, reason("agreement.slip", **told), True, 0.98)
        if alike is Likeness.SLIP_IN_NUMBER and settled and seen == 1 and len(against) > 1:
            return Proposal(after, reason("agreement.slip", **told), True, 0.96)
        a_value_itself = alike is Likeness.CLOSE and seen >= _OFTEN and code in self.held
        if plain and not a_value_itself and convincing:
            return Proposal(after, reason(_CODES[alike], **told), False, min(0.95, share))
        rows_like_it = max(one.group.pairs[one.key, code] for one in against)
        if share < _SHARE or vote.total <= _SAFE_VOTES or rows_like_it >= _OFTEN:
            return None
        near = self._near(code)
        if near:
            return Proposal(near, reason("agreement.near", near=near, **told), False, 0.6)
        if not convincing:
            return None
        if seen == 1 and mostly_the_same(plain_text(target.cells.values[code]), plain_text(after)):
            return Proposal(after, reason("agreement.close", **told), False, 0.9 * share)
        if settled and self._independent([one.group for one in against]):
            return Proposal(after, reason("agreement.outvoted", **told), False, 0.9 * share * group.strength)
        number = not any(map(str.isalpha, plain_text(after))) and ":" not in plain_text(after)
        return doubt if settled or not number else None

    def _contested(self, row: int, against: Sequence[_Against], plain: int) -> bool:
        """Whether the row's value in turn outvotes a value that speaks against it, which is damaged no less plainly."""
        for one in against:
            for partner in one.group.columns:
                rest = tuple(column for column in one.group.columns if column is not partner)
                for columns in ((self.target,), (self.target, *rest))[: 1 + len(rest)]:
                    keys, votes = self._turned(partner, columns)
                    vote, held = votes.get(keys[row]), partner.cells.codes[row]
                    if vote is None or held == EMPTY or vote.winner == held or vote.count < _LEAST_VOTES:
                        continue
                    likeness_there = partner.alike(held, vote.winner)
                    if vote.count >= _SHARE * (vote.total - 1) and _PLAINNESS.get(likeness_there, 0) >= plain:
                        return True
        return False

    def _turned(self, partner: Target, columns: tuple[Target, ...]) -> tuple[list[int], dict[int, Vote]]:
        """The rows grouped the other way round: what ``columns`` say of a column that speaks of the target."""
        names = partner.name, *(column.name for column in columns)
        if names not in self.turned:
            keys = joined_codes([column.cells for column in columns])
            self.turned[names] = keys, votes_of(keys, partner.cells)[0]
        return self.turned[names]

    def _near(self, code: int) -> str:
        """The text of the column, far more frequent than a rare one, that is spelt nearly like it; empty for none."""
        text, cells = self.target.cells.values[code], self.target.cells
        if not isinstance(text, str) or cells.counts[code] >= _OFTEN:
            return ""
        if self.likes is None:
            together = zip(cells.values, cells.counts, strict=True)
            self.frequent.update((one, n) for one, n in together if isinstance(one, str) and n >= _FREQUENT)
            self.likes = Likes(self.frequent)
        near = max(self.likes.of(text), key=lambda one: (self.frequent[one], one), default="")
        if len(near) < _FEWEST_LETTERS or self.frequent[near] < _NEAR_TIMES * cells.counts[code]:
            return ""
        return near if near.replace(" ", "").isalpha() and likeness(text, near, "") is not Likeness.PART else ""

    def _independent(self, groups: Sequence[Group]) -> bool:
        """Whether two of the columns that speak against a value do so each for itself, neither settling the other."""
        single = [group for group in groups if len(group.columns) == 1 and group.varying <= _FEW_VARY]
        for one, two in combinations(single, 2):
            names = one.name, two.name
            if names not in self.apart:
                there = strength_of(one.keys, two.columns[0].cells)
                back = strength_of(two.keys, one.columns[0].cells)
                self.apart[names] = max(there, back) < LOOSE
            if self.apart[names]:
                return True
        return False


def _filling(row: int, target: Target, groups: Sequence[Group]) -> Finding | None:
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
    why = reason("agreement.fill", by=group.name, common=target.shown(vote.winner), count=vote.count, total=vote.total)
    return Proposal(target.cells.values[vote.winner], why, False, 0.9 * group.strength)
