"""A small sheet as a macro sends it, and what Deskhand finds in it: four changes, one of them for review.

1  A2  "Ann " -> "Ann"    safe
2  B3  "OPEN " -> "OPEN"  safe
3  B3  "OPEN" -> "open"   review, on top of 2
4  A4  " Cid" -> "Cid"    safe
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.serving import Reply, Service

NAMES = ("Ann ", "Bob", " Cid", "Dee", "Eve", "Fay", "Gus", "Hal", "Ian", "Joy")
STATES = ("open", "OPEN ", "open", "open", "open", "open", "open", "closed", "open", "closed")

CLEAN_NAMES = ("Ann", "Bob", "Cid", *NAMES[3:])
SAFE_STATES = ("open", "OPEN", *STATES[2:])
"""The cells once the three safe changes are written."""


def sheet(names: Sequence[str] = NAMES, states: Sequence[str] = STATES, **options: str) -> str:
    """Header and rows, as Clean sends them."""
    rows = ["t:Name\tt:Status", *_rows(names, states)]
    return "\n".join([f"#size\t{len(rows)}\t2", "#sheet\tOrders", *_lines(options), "", *rows, ""])


def values(names: Sequence[str] = NAMES, states: Sequence[str] = STATES, **options: str) -> str:
    """The rows of values alone, as Apply and Undo send them."""
    rows = _rows(names, states)
    return "\n".join([f"#size\t{len(rows)}\t2", "#sheet\tOrders", "#address\tA2", *_lines(options), "", *rows, ""])


def options(**known: object) -> str:
    """A body of options alone."""
    return "\n".join([*_lines(known), "", ""])


def cleaned(service: Service, body: str | None = None, workbook: str = "Book1.xlsx") -> str:
    """The id of a job on this sheet that is done."""
    reply = service.tsv("POST", "/v1/tasks/clean", body or sheet(workbook=workbook), {"Prefer": "wait=10"})
    assert reply.status in (200, 202), reply.text
    told = service.finished(reply.options["job"])
    assert told["state"] == "done", told
    return reply.options["job"]


def applied(service: Service, job: str, accept: str = "safe", body: str | None = None) -> Reply:
    """The reply of an apply that is then confirmed."""
    reply = service.tsv("POST", f"/v1/jobs/{job}/apply", body or values(accept=accept))
    assert reply.status == 200, reply.text
    told = options(application=reply.options["application"], written=reply.options["writes"])
    assert service.tsv("POST", f"/v1/jobs/{job}/confirm", told).status == 200
    return reply


def taken_back(service: Service, job: str, body: str) -> Reply:
    """The reply of an undo that is then confirmed."""
    reply = service.tsv("POST", f"/v1/jobs/{job}/undo", body)
    assert reply.status == 200, reply.text
    told = options(application=reply.options["application"], written=reply.options["writes"], undo="1")
    assert service.tsv("POST", f"/v1/jobs/{job}/confirm", told).status == 200
    return reply


def cells(reply: Reply, kind: str = "write") -> list[tuple[str, str, str]]:
    """Cell, value and id of the writes (or conflicts) of a reply."""
    return [
        (f"{'AB'[int(row[4][2:]) - 1]}{row[3][2:]}", row[5], row[7][2:]) for row in reply.rows if row[0] == f"t:{kind}"
    ]


def as_json(names: Sequence[str] = NAMES, states: Sequence[str] = STATES) -> dict[str, Any]:
    """The rows of values as one of ``grids`` in JSON."""
    return {"sheet": "Orders", "address": "A2", "columns": [list(names), list(states)]}


def _rows(names: Sequence[str], states: Sequence[str]) -> list[str]:
    return [f"t:{name}\tt:{state}" for name, state in zip(names, states, strict=True)]


def _lines(known: dict[str, Any]) -> list[str]:
    return [f"#{name}\t{value}" for name, value in known.items()]
