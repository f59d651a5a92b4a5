"""What the tests of the command line share: running a command, and a file to run it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cli import main
from tests.cli.orders import CSV, Deskhand


@pytest.fixture
def deskhand(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Deskhand:
    """Run a command line; gives exit code, standard output and standard error."""
    monkeypatch.setenv("DESKHAND_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        return int(leaving.value.code or 0), out, err

    return run


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A csv file of 22 rows with a padded date, a grouped amount and a day that does not exist."""
    path = tmp_path / "orders.csv"
    path.write_bytes(CSV.encode())
    return path
