"""The command ``undo``: takes back what Deskhand wrote into a result, whole or change by change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from services.cli.hints import command
from services.cli.language import language_option
from services.cli.outcome import write_json
from services.errors import NotFound
from services.messages import Language, message
from services.workbook.addresses import Place, parse_place
from services.workbook.journal import FileJournal, ids_at, read_journal
from services.workbook.rendering import text_of
from services.workbook.report import conflict_text
from services.workbook.undoing import undo_output


def build(language: Language) -> click.Command:
    """The command, its help in ``language``."""

    def callback(output: Path, change: Sequence[str], as_json: bool) -> None:
        run_undo(output, change, language, as_json=as_json)

    return click.Command(
        "undo",
        params=[
            click.Argument(["output"], type=click.Path(path_type=Path, readable=False)),
            click.Option(
                ["--change"],
                multiple=True,
                metavar="ID|CELL",
                help=message("options.common.change", language),
            ),
            click.Option(["--json", "as_json"], is_flag=True, help=message("options.common.json", language)),
            language_option(language),
        ],
        callback=callback,
        help=message("commands.undo.help", language),
    )


def run_undo(output: Path, wanted: Sequence[str], language: Language, *, as_json: bool) -> None:
    """Take changes back and say which cells were left alone. Raises ``DeskhandError``; the file is as it was then."""
    if not output.exists():
        raise NotFound("file-missing", file=output.name)
    ids = meant_by(read_journal(output), wanted) if wanted else None
    undone = undo_output(output, ids)
    if as_json:
        write_json(
            {
                "output": str(output),
                "undone": undone.entries,
                "rows": undone.rows,
                "conflicts": [
                    {
                        "id": conflict.id,
                        "cell": cell,
                        "code": conflict.code,
                        "expected": text_of(conflict.expected, None, days),
                        "found": text_of(conflict.found, None, days),
                    }
                    for cell, conflict, days in undone.conflicts
                ],
                "backup": None if undone.backup is None else str(undone.backup),
            }
        )
        return
    console = Console(highlight=False)
    for cell, conflict, days in undone.conflicts:
        text = conflict_text(conflict.code, cell, conflict.expected, days, language)
        console.print(message("show.left_alone", language, why=text), markup=False)
    console.print(
        message("show.undone", language, count=undone.entries + undone.rows, file=output), markup=False, soft_wrap=True
    )
    if undone.backup is not None:
        console.print(message("show.backup", language, file=undone.backup), markup=False, soft_wrap=True)
    if ids is None and not undone.conflicts and _something_stands(read_journal(output)):
        console.print(message("show.earlier", language, undo=command("undo", output)), markup=False, soft_wrap=True)


def meant_by(history: FileJournal, wanted: Sequence[str]) -> list[str]:
    """The ids of changes that a person means by ids or by cells such as ``B7`` and ``Orders!B7``.

    Raises ``NotFound`` (``cell-not-changed``) for a cell that no change was carried out on.
    """
    ids: list[str] = []
    for word in wanted:
        place = parse_place(word)
        found = [word] if place is None else _standing_at(history, place)
        if not found:
            raise NotFound("cell-not-changed", cell=word)
        ids.extend(found)
    return ids


def _standing_at(history: FileJournal, place: Place) -> list[str]:
    """The ids of the changes in a cell by the last session that has any."""
    return next(filter(None, (ids_at(session.tables, place) for session in reversed(history.sessions))), [])


def _something_stands(history: FileJournal) -> bool:
    return any(
        entry.id not in table.journal.undone
        for session in history.sessions
        for table in session.tables
        for entry in table.journal.entries
    )
