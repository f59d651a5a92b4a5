"""Builds the Excel add-in while the package is built, so that every installation carries Deskhand.xlam and the guides.

How the add-in is made is the business of ``office_macros.build``; only its place in the package is decided here.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ADD_IN = "office_macros/Deskhand.xlam"


class AddInHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the add-in beside the module ``office_macros``.

    A wheel gets one built in a temporary folder, so that the sources stay as they are and may lie where nobody can
    write. An editable installation reads the sources where they lie, so there it is built among them.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the add-in for a wheel; a source distribution carries only what it is built from."""
        if self.target_name != "wheel":
            return
        if version == "editable":
            self._build(Path(self.root) / "office_macros")
            return
        self._folder = tempfile.TemporaryDirectory(prefix="deskhand-")
        build_data["force_include"][str(self._build(Path(self._folder.name)))] = ADD_IN
        for guide in sorted((Path(self.root) / "docs").glob("guide.*.md")):
            build_data["force_include"][str(guide)] = f"office_macros/{guide.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder: the wheel holds the add-in now."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()

    def _build(self, folder: Path) -> Path:
        sys.path.insert(0, self.root)
        try:
            from office_macros.build import build
        finally:
            sys.path.remove(self.root)
        return build(folder)
