"""SpreadsheetML (.xlsx, .xlsm, .xltx, .xltm): reading sheets as Grids, and patching cells so that nothing else changes.

The parts, from the outside in: ``package`` the zip, ``markup`` XML by byte offsets, ``parts`` which part is what,
``styles`` and ``strings`` the two shared tables, ``walk`` the one sheet walker, ``read`` and ``patch`` on top of it.
"""

from services.workbook.spreadsheetml.addsheet import Link, NewSheet
from services.workbook.spreadsheetml.patch import CellWrite, patch_workbook
from services.workbook.spreadsheetml.read import read_sheets, sheet_names

__all__ = ["CellWrite", "Link", "NewSheet", "patch_workbook", "read_sheets", "sheet_names"]
