"""Which Deskhand this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    """The installed version, or 0 where Deskhand runs from its sources."""
    try:
        return version("deskhand")
    except PackageNotFoundError:
        return "0"
