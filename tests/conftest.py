"""What all tests share: where the sample files are, and how property tests run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
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


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keeps tests, and fixtures of a wider scope, away from the jobs, settings and keys of the person who runs them."""
    folder = tmp_path_factory.mktemp("deskhand")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESKHAND_FOLDER", str(folder / "shared"))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield folder


@pytest.fixture(autouse=True)
def own_folder(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own for Deskhand's files; it is made by whoever writes into it."""
    folder = own_folders / str(next(_numbers))
    monkeypatch.setenv("DESKHAND_FOLDER", str(folder))
    return folder


_numbers = count(1)

settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")
