"""What can happen to the ledger's file: held by another, no room, damaged, out of reach, of a newer Deskhand."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from services.errors import LedgerError, NotFound
from services.jobs.ledger import Ledger
from services.jobs.model import Job, SourceRef
from services.jobs.work import store_grids
from services.settings import Settings, load_settings
from services.workbook.grid import Grid
from tests.full_disk import room_for

not_windows = pytest.mark.skipif(os.name == "nt", reason="Windows keeps a file that is open from being deleted")


def add(ledger: Ledger) -> Job:
    return ledger.add("clean", {}, SourceRef("grids"), surface="http", language="en")


def told(do: Callable[[], object]) -> LedgerError:
    """The error that something ends in, which has texts in both languages that name the ledger's file."""
    with pytest.raises(LedgerError) as caught:
        do()
    for language in ("en", "zh"):
        assert "ledger.sqlite3" in caught.value.what(language)
        assert caught.value.todo(language)
    return caught.value


@contextmanager
def held(settings: Settings) -> Iterator[sqlite3.Connection]:
    """The ledger while another program has it for itself."""
    with closing(sqlite3.connect(settings.ledger_file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


def test_a_ledger_held_by_another_program_can_be_read_and_not_written(ledger: Ledger, settings: Settings) -> None:
    job = add(ledger)
    with held(settings):
        assert ledger.get(job.id).state == "queued"

        assert told(lambda: add(ledger)).code == "ledger-locked"

    assert ledger.cancel(job.id).state == "cancelled"


def test_a_ledger_held_for_a_moment_is_waited_for(ledger: Ledger, settings: Settings) -> None:
    with held(settings) as other:
        Timer(0.3, other.rollback).start()

        assert add(ledger).state == "queued"


def test_no_room_left_is_told_and_everything_that_was_there_stays(ledger: Ledger, settings: Settings) -> None:
    job = add(ledger)
    ledger.take("me")
    ledger.keep(job.id, "small", [1])
    ledger.close()
    with room_for(30):
        assert told(lambda: ledger.keep(job.id, "large", "x" * 1_000_000)).code == "ledger-disk-full"

        assert ledger.kept(job.id, "small") == [1]
        assert ledger.items(job.id) == ["small"]
        assert ledger.finish(job.id, "me", "failed", error=LedgerError("ledger-disk-full", file="x"))
    ledger.close()
    ledger.keep(job.id, "large", "x" * 1_000_000)
    assert ledger.items(job.id) == ["large", "small"]


def test_no_room_for_a_new_ledger_is_told_and_the_next_start_makes_it(settings: Settings) -> None:
    with room_for(2):
        assert told(lambda: Ledger(settings)).code == "ledger-disk-full"

    with Ledger(settings) as ledger:
        assert add(ledger).state == "queued"


def test_a_file_that_is_no_ledger_is_told_and_left_as_it_is(settings: Settings) -> None:
    settings.folder.mkdir(parents=True)
    for content in (b"not a database at all, but long enough to be one" * 30, b"SQLite format 3\0" + b"\xff" * 4080):
        settings.ledger_file.write_bytes(content)

        assert told(lambda: Ledger(settings)).code == "ledger-damaged"

        assert settings.ledger_file.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(settings: Settings) -> None:
    settings.folder.mkdir(parents=True)
    with closing(sqlite3.connect(settings.ledger_file)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")

    assert told(lambda: Ledger(settings)).code == "ledger-damaged"

    with closing(sqlite3.connect(settings.ledger_file)) as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["recipes"]


def test_a_ledger_with_pages_overwritten_is_told_as_damaged(settings: Settings) -> None:
    with Ledger(settings) as ledger:
        for _ in range(200):
            add(ledger)
    whole = bytearray(settings.ledger_file.read_bytes())
    whole[4096:] = b"\xa5" * (len(whole) - 4096)
    settings.ledger_file.write_bytes(whole)

    with Ledger(settings) as damaged:
        assert told(lambda: damaged.list()).code == "ledger-damaged"


def test_a_ledger_of_a_newer_deskhand_is_left_alone(settings: Settings) -> None:
    with Ledger(settings) as ledger:
        add(ledger)
    with closing(sqlite3.connect(settings.ledger_file)) as other:
        other.execute("PRAGMA user_version=7")

    error = told(lambda: Ledger(settings))

    assert (error.code, error.parameters["found"], error.parameters["known"]) == ("ledger-version", 7, 1)


def test_a_folder_that_cannot_be_made_is_told_with_how_to_move_it(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file", "utf-8")

    error = told(lambda: Ledger(load_settings(folder=in_the_way / "deskhand")))

    assert error.code == "ledger-unreachable"
    assert "DESKHAND_FOLDER" in error.todo("en")
    assert "DESKHAND_FOLDER" in error.todo("zh")


def test_a_ledger_whose_place_is_taken_by_a_folder_is_out_of_reach(settings: Settings) -> None:
    settings.ledger_file.mkdir(parents=True)

    assert told(lambda: Ledger(settings)).code == "ledger-unreachable"


def test_what_was_noted_is_on_the_disk_before_anyone_hears_of_it(settings: Settings) -> None:
    seen: list[int] = []

    def look(connection: sqlite3.Connection, *_: object) -> None:
        seen.append(connection.execute("PRAGMA synchronous").fetchone()[0])

    event.listen(Pool, "checkin", look)
    try:
        with Ledger(settings) as ledger:
            add(ledger)
    finally:
        event.remove(Pool, "checkin", look)
    assert set(seen) == {2}  # FULL: sqlite.org/pragma.html#pragma_synchronous


@not_windows
def test_a_ledger_deleted_while_it_is_open_begins_anew(ledger: Ledger, settings: Settings) -> None:
    lost = add(ledger)
    for file in settings.folder.glob("ledger.sqlite3*"):
        file.unlink()

    with pytest.raises(NotFound) as gone:
        ledger.get(lost.id)
    assert gone.value.code == "unknown-job"
    kept = add(ledger)

    with Ledger(settings) as other:
        assert [job.id for job in other.list()] == [kept.id]


@not_windows
def test_a_ledger_put_back_from_a_copy_is_the_one_that_counts(ledger: Ledger, settings: Settings) -> None:
    kept = add(ledger)
    with closing(sqlite3.connect(settings.ledger_file)) as books:
        books.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = settings.folder / "copy"
    shutil.copyfile(settings.ledger_file, copy)
    lost = add(ledger)

    copy.replace(settings.ledger_file)
    for name in ("-wal", "-shm"):
        settings.ledger_file.with_name(f"ledger.sqlite3{name}").unlink()

    assert [job.id for job in ledger.list()] == [kept.id]
    assert lost.id != kept.id


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions; the folder is the person's own there")
def test_what_is_kept_is_for_the_person_alone_whoever_makes_it_first(settings: Settings) -> None:
    before = os.umask(0)
    try:
        with Ledger(settings) as ledger:
            job = ledger.add(
                "clean",
                {},
                SourceRef("grids"),
                surface="http",
                language="en",
                prepare=lambda job: store_grids(job, [Grid(columns=([1],))]),
            )
            made = [settings.folder, settings.ledger_file, job.folder]
            assert [oct(stat.S_IMODE(path.stat().st_mode)) for path in made] == ["0o700", "0o600", "0o700"]
    finally:
        os.umask(before)
