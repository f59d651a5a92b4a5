"""What all tests share: where the sample files are, and how property tests run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real sample files that lies beside the project, where there is one."""
    folder = Path(os.environ.get("DESKHAND_SAMPLES", PROJECT.parent / "shared" / "samples"))
    if not folder.is_dir():
        pytest.skip("the sample files are not beside the project (set DESKHAND_SAMPLES to their folder)")
    return folder


settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")
