"""The command ``undo``: takes back what Deskhand wrote into a result, whole or change by change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from services.cli.language import language_option
from services.cli.outcome import write_json
from services.errors import NotFound
from services.messages import Language, message
from services.workbook.grid import column_number
from services.workbook.journal import FileJournal, read_journal
from services.workbook.rendering import text_of
from services.workbook.undoing import undo_output

_ADDRESS = re.compile(r"(?:(?P<sheet>.+)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9][0-9]{0,6})")


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
        expected = text_of(conflict.expected, None, days) or "∅"
        text = message(f"conflict.{conflict.code}", language, cell=cell, expected=expected)
        console.print(message("show.left_alone", language, why=text), markup=False)
    console.print(message("show.undone", language, count=undone.entries + undone.rows, file=output), markup=False)
    if undone.backup is not None:
        console.print(message("show.backup", language, file=undone.backup), markup=False, soft_wrap=True)


def meant_by(history: FileJournal, wanted: Sequence[str]) -> list[str]:
    """The ids of changes that a person means by ids or by cells such as ``B7`` and ``Orders!B7``.

    Raises ``NotFound`` (``cell-not-changed``) for a cell that no change was carried out on.
    """
    ids: list[str] = []
    for word in wanted:
        address = _ADDRESS.fullmatch(word)
        found = _ids_at(history, address) if address else [word]
        if not found:
            raise NotFound("cell-not-changed", cell=word)
        ids.extend(found)
    return ids


def _ids_at(history: FileJournal, address: re.Match[str]) -> list[str]:
    row, column, sheet = int(address["row"]), column_number(address["column"].upper()), _title(address["sheet"])
    for session in reversed(history.sessions):
        found = [
            entry.id
            for table in session.tables
            if sheet is None or table.sheet.casefold() == sheet
            for entry in table.journal.entries
            if (table.first_row + entry.row, table.first_column + entry.column) == (row, column)
            and entry.id not in table.journal.undone
        ]
        if found:
            return found
    return []


def _title(written: str | None) -> str | None:
    """The sheet's title in an address, without the quotes that Excel puts around it, to compare in any case."""
    if written is None:
        return None
    if len(written) > 1 and written[0] == written[-1] == "'":
        written = written[1:-1].replace("''", "'")
    return written.casefold()
