"""What all tests share: where the sample files are, and what counts as a missing program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real sample files that lies beside the project, where there is one."""
    folder = Path(os.environ.get("DESKHAND_SAMPLES", PROJECT.parent / "shared" / "samples"))
    if not folder.is_dir():
        pytest.skip("the sample files are not beside the project (set DESKHAND_SAMPLES to their folder)")
    return folder
