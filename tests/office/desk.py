"""A table of orders for the stories, what becomes of it, and an Excel in which it stands. No test lives here."""

from __future__ import annotations

from typing import Any

from tests.office.interpreter import Excel, addin_modules
from tests.serving import Service

HEADER = ["Name", "City", "Ordered", "Code", "Amount"]
ORDERS: list[list[Any]] = [
    ["Ann Lee ", "Berlin", "2024-01-02", "00123", 10.5],
    ["Bob Ray", "Paris", "2024-01-03", "00124", 20.5],
    ["Cy Dunn", "Berlin", "2024-01-04", "00125", "40,5"],
    ["Dee Fox", "Paris", "2024-01-05", "00126", 12.5],
    ["Eve Orr", "Berlin", "2024-01-06", "00127", 13.5],
    [" Fay Poe", "Paris", "2024-01-07", "00128", 14.5],
    ["Gus Kay", "Berlin", "2024-01-08", "00129", 15.5],
    ["Hal Ives", "Paris", "2024-01-09", "00130", 16.5],
]
"""Two names with spaces to trim, dates that are texts, codes that have to keep their zeros, and an amount in doubt."""

CLEAN: list[list[Any]] = [
    [name.strip(), city, 45293.0 + number, code, amount] for number, (name, city, _, code, amount) in enumerate(ORDERS)
]
"""After everything that is safe: 45293 is 2 January 2024 in Excel's days. The amount is for a person to decide."""

CHANGES = {
    "A2": ("Ann Lee ", "Ann Lee"),
    "A7": (" Fay Poe", "Fay Poe"),
    **{f"C{row}": (f"2024-01-0{row}", f"2024-01-0{row}") for row in range(2, 10)},
}
"""The safe changes by cell: before and after as a list shows them."""

BEFORE_LIST = {
    "ScreenUpdating": True,
    "EnableEvents": True,
    "Calculation": -4105,
    "DisplayAlerts": True,
    "StatusBar": False,
    "CancelKey": 1,
    "Cursor": -4143,
}
"""How Excel is when nobody has touched it; every story ends with it."""

TOOLS = """
Sub RenameSheet(newName As String)
    ActiveSheet.Name = newName
End Sub
Sub AddSheet(newName As String)
    ActiveWorkbook.Worksheets.Add(After:=ActiveSheet).Name = newName
End Sub
Sub DeleteSheet(sheetName As String)
    Application.DisplayAlerts = False
    ActiveWorkbook.Worksheets(sheetName).Delete
    Application.DisplayAlerts = True
End Sub
Sub GoTo_(sheetName As String)
    ActiveWorkbook.Worksheets(sheetName).Activate
End Sub
Sub CloseBook(bookName As String)
    Workbooks(bookName).Close False
End Sub
Sub GoToBook(bookName As String)
    Workbooks(bookName).Activate
End Sub
Sub MakeTable(address As String, tableName As String)
    ActiveSheet.ListObjects.Add(1, Range(address), , 1).Name = tableName
End Sub
Sub ResizeTable(tableName As String, address As String)
    ActiveSheet.ListObjects(tableName).Resize Range(address)
End Sub
Sub FilterBy(address As String, field As Long, wanted As String)
    Range(address).AutoFilter field, wanted
End Sub
Sub Unlock_(address As String)
    Range(address).Locked = False
End Sub
Sub ProtectSheet()
    ActiveSheet.Protect
End Sub
Sub ProtectBook()
    ActiveWorkbook.Protect Structure:=True
End Sub
Sub PutFormula(address As String, text As String)
    Range(address).Formula = text
End Sub
Sub MergeCells_(address As String)
    Range(address).Merge
End Sub
Sub SortRows(address As String, key As String)
    Range(address).Sort Range(key), 2
End Sub
Sub InsertRows(address As String)
    Range(address).EntireRow.Insert
End Sub
Sub InsertColumn(address As String)
    Range(address).EntireColumn.Insert
End Sub
"""


def excel_on(service: Service, **options: Any) -> Excel:
    """Excel with the built add-in, and a workbook whose first sheet holds the orders, all selected."""
    excel = Excel(addin_modules(), folder=service.folder, **options)
    excel.app.add_module(TOOLS, name="TestTools")
    excel.new_workbook("Orders.xlsx")
    excel.put("A1", [HEADER, *ORDERS])
    excel.select("A1:E9")
    return excel


def first_line(excel: Excel) -> int:
    """The row of the first line of the list in front."""
    return next(row for row in range(1, 40) if excel.value(f"B{row}") in ("Cell", "单元格")) + 1


def listed(excel: Excel) -> list[dict[str, Any]]:
    """The lines of the list in front: each by the keys of the hidden row, and the row in which it stands."""
    keys = {
        column: str(mark).removeprefix("dh-column:").removesuffix(";")
        for column, mark in enumerate(excel.value("A1:Z1")[0])
        if str(mark).startswith("dh-column:")
    }
    lines = []
    for row in range(first_line(excel), 1_000_000):
        values = excel.value(f"A{row}:Z{row}")[0]
        if values == [None] * 26:
            break
        lines.append({"row": row, **{key: values[column] for column, key in keys.items()}})
    return lines


def ticked(excel: Excel) -> list[str]:
    """The cells whose changes are ticked in the list in front."""
    return [line["cell"] for line in listed(excel) if line["accept"]]


def states(excel: Excel) -> dict[str, str]:
    """What the list in front says of each cell."""
    return {line["cell"]: line["state"] for line in listed(excel)}


def notes(excel: Excel) -> list[str]:
    """What stands above the list in front, without its title."""
    return [excel.value(f"A{row}") for row in range(3, first_line(excel) - 1) if excel.value(f"A{row}")]


def orders(excel: Excel) -> list[list[Any]]:
    """The orders as they stand in the sheet now, without the header."""
    return list(excel.value("A2:E9", sheet=1))
