"""The file of orders that commands are tried on, and the type of the fixture that runs one."""

from __future__ import annotations

from collections.abc import Callable

Deskhand = Callable[..., tuple[int, str, str]]
"""Runs a command line; gives exit code, standard output and standard error."""

CSV = (
    "id,date,city,amount\r\n"
    + "".join(f"{n},2024-03-{n:02d},Leeds,{n * 10}.50\r\n" for n in range(1, 21))
    + '21, 2024-03-21 ,Leeds,"1,210.50"\r\n22,2024-02-30,Leeds,220.50\r\n'
)
"""22 rows with a padded date, a grouped amount and a day that does not exist."""
