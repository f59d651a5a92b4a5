"""The workbook that ``deskhand demo`` cleans: invented orders of an exporting company, as messy as real ones."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from services.errors import OutputError
from services.workbook.placing import backup, placed

NAME = "orders.xlsx"


def copy_demo(folder: Path) -> Path:
    """Put a fresh copy of the demo workbook into ``folder`` (made where missing), and say where it is.

    A workbook of that name that is not the demo's is kept as a backup. Raises ``OutputError``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("output-failed", file=str(folder)) from error
    target = folder / NAME
    shipped = (resources.files(__name__) / NAME).read_bytes()
    if target.exists() and target.read_bytes() != shipped:
        backup(target)
    with placed(target) as draft:
        draft.write_bytes(shipped)
    return target
