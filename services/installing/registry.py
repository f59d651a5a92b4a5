"""The registry of Windows as the rest sees it: keys by their full names, values as data. Nothing here needs Windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

REG_SZ = 1
"""The kind of a value that is plain text (winnt.h)."""

OFFICE = r"HKCU\Software\Microsoft\Office"
"""Where Office keeps what is one person's; the version follows, such as ``16.0``."""

OFFICE_POLICIES = r"HKCU\Software\Policies\Microsoft\Office"
"""The same tree where an administrator has decided."""

RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
"""What Windows starts when this person logs on: a command line for each name. No administrator is needed."""

RUN_SWITCHES = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""What the Task Manager's list of start-up apps switched on or off: bytes, the first one odd where it is off."""

KINGSOFT = r"HKCU\Software\Kingsoft\Office"
"""Where WPS Office keeps what is one person's."""


Data = str | int | bytes | list[str] | None


@dataclass(frozen=True, slots=True)
class Value:
    """What stands under a name, and its kind as in winnt.h."""

    data: Data
    kind: int = REG_SZ

    @property
    def text(self) -> str:
        """The data where it is text, else nothing."""
        return self.data if isinstance(self.data, str) else ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One value to set, or to remove where ``value`` is None."""

    key: str
    name: str
    value: Value | None


class Registry(Protocol):
    """What is asked of a registry. Names of keys begin with ``HKCU`` or ``HKLM``; names of values ignore case."""

    def exists(self, key: str) -> bool:
        """Whether there is this key."""
        ...

    def values(self, key: str) -> dict[str, Value]:
        """The values of a key by name; none where there is no such key."""
        ...

    def set(self, key: str, name: str, value: Value) -> None:
        """Set a value, making its key where there is none. Raises ``OSError``."""
        ...

    def delete(self, key: str, name: str) -> None:
        """Remove a value; nothing happens where there is none. Raises ``OSError``."""
        ...
