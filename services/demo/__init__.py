"""The workbook that ``deskhand demo`` cleans: invented orders of an exporting company, as messy as real ones."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

from services.workbook.placing import placed

NAME = "orders.xlsx"


def copy_demo(folder: Path) -> Path:
    """Put a fresh copy of the demo workbook into ``folder`` (made where missing), and say where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / NAME
    with resources.as_file(resources.files(__name__) / NAME) as shipped, placed(target) as draft:
        shutil.copyfile(shipped, draft)
    return target
