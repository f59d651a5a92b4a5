"""A table of customers' comments for the stories of the button Fill, and what is typed into its form.

The answers without a model are those of the word lists; those with one come from a scripted endpoint.
No test lives here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.workbook import tsv
from tests.endpoint import Scripted
from tests.office.desk import TOOLS, listed
from tests.office.interpreter import Excel, addin_modules
from tests.serving import Service, running_service

HEADER = ["No", "Comment"]
COMMENTS: list[list[Any]] = [
    [1, "I love these shoes, wonderful quality"],
    [2, "Terrible service and a broken heel"],
    [3, "Excellent, very happy with it"],
    [4, "Awful, I hate the colour"],
    [5, "The parcel came on Tuesday"],
]
TENDENCIES = ["positive", "negative", "positive", "negative", "neutral"]

CHINESE_HEADER = ["编号", "评论"]
CHINESE_COMMENTS: list[list[Any]] = [
    [1, "质量非常好，我很满意，喜欢"],
    [2, "服务太差了，非常失望，鞋跟还坏了"],
]
CHINESE_TENDENCIES = ["正面", "负面"]


def shop(folder: Path, *, header: list[str] = HEADER, rows: list[list[Any]] = COMMENTS, **options: Any) -> Excel:
    """Excel with the built add-in and the comments in a workbook, one cell of theirs selected."""
    excel = Excel(addin_modules(), folder=folder, **options)
    excel.app.add_module(TOOLS, name="TestTools")
    excel.new_workbook("Shop.xlsx")
    excel.put("A1", [header, *rows])
    excel.select("B3")
    return excel


def form(excel: Excel) -> dict[str, str]:
    """What stands in the form in front, by the keys of its hidden column."""
    return {key: str(value or "") for key, _, value in _fields(excel)}


def fill_in(excel: Excel, **fields: str) -> None:
    """Type into fields of the form in front."""
    places = {key: row for key, row, _ in _fields(excel)}
    for key, text in fields.items():
        excel.put(f"C{places[key]}", [[text]])


def _fields(excel: Excel) -> list[tuple[str, int, Any]]:
    return [
        (str(key).removeprefix("dh-field:").removesuffix(";"), number, value)
        for number, (key, _, value) in enumerate(excel.value("A1:C40"), 1)
        if str(key).startswith("dh-field:")
    ]


@contextmanager
def service_asking(folder: Path, endpoint: Scripted) -> Iterator[Service]:
    """A service of its own that asks the scripted endpoint."""
    with running_service(folder) as service:
        set_model(service, provider="custom", base_url=endpoint.base_url, model="scripted", retries="0")
        yield service


def set_model(service: Service, **settings: str) -> None:
    """Have the service ask this model."""
    assert service.tsv("PUT", "/v1/model", tsv.encode_all([], settings)).status == 200


def praise_or_complaint(item: Mapping[str, Any]) -> dict[str, Any]:
    """What the scripted endpoint says of a comment."""
    return {"value": "praise" if any(word in str(item) for word in ("love", "happy")) else "complaint"}


def tendencies(excel: Excel, column: str = "C", rows: int = 5) -> list[Any]:
    """What stands in the new column of the first sheet, its title first."""
    return [value for (value,) in excel.value(f"{column}1:{column}{rows + 1}", sheet=1)]


def tick_all(excel: Excel) -> None:
    """Tick every line of the list in front."""
    for line in listed(excel):
        excel.put(f"A{line['row']}", [["✓"]])
