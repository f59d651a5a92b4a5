"""``deskhand serve``: how it starts, how front ends find it, a second one, and how it stops."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from services.endpoint import read_endpoint, remove_endpoint, write_endpoint
from tests.serving import SECONDS_TO_START, Service, call, free_port, running_service, start


def output_of(process: subprocess.Popen[bytes]) -> str:
    output, _ = process.communicate(timeout=SECONDS_TO_START)
    return " ".join(output.decode("utf-8").split())


def test_the_endpoint_holds_address_and_token_in_two_lines(service: Service) -> None:
    content = (service.folder / "endpoint.txt").read_bytes()

    assert content == f"{service.address}\n{service.token}\n".encode()
    assert service.address == f"http://127.0.0.1:{service.port}"
    assert len(service.token) >= 43  # 32 bytes in base 64


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions; the folder is the person's own there")
def test_no_one_else_may_read_the_endpoint(service: Service) -> None:
    assert stat.S_IMODE((service.folder / "endpoint.txt").stat().st_mode) == 0o600


def test_it_listens_on_one_address_of_this_machine_alone(service: Service) -> None:
    with socket.socket() as neighbour:
        neighbour.settimeout(5)
        assert neighbour.connect_ex(("127.0.0.2", service.port)) != 0  # would be answered if it listened on all


def test_a_second_one_says_where_the_first_listens(service: Service) -> None:
    second = start(service.folder, DESKHAND_LANGUAGE="en")

    said = output_of(second)

    assert second.returncode == 0
    assert said.startswith(f"Deskhand is already running at {service.address}; nothing to do.")
    assert read_endpoint(service.folder / "endpoint.txt") == (service.address, service.token)
    assert call(service.address, "GET", "/health", None, {}).status == 200


def test_one_that_holds_the_folder_and_does_not_answer_is_told(tmp_path: Path) -> None:
    write_endpoint(tmp_path / "endpoint.txt", f"http://127.0.0.1:{free_port()}", "old")
    with FileLock(tmp_path / "serve.lock"):
        process = start(tmp_path, DESKHAND_LANGUAGE="en")
        said = output_of(process)

    assert process.returncode == 1
    assert said.startswith("Another Deskhand service holds the folder")


def test_a_port_in_use_is_passed_over(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with running_service(tmp_path, DESKHAND_PORT=str(taken)) as service:
            assert taken < service.port < taken + 20


def test_where_all_ports_are_in_use_it_says_so(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        process = start(tmp_path, "--port", taken, DESKHAND_PORTS_TRIED="1", DESKHAND_LANGUAGE="en")
        said = output_of(process)

    assert process.returncode == 1
    assert said.startswith(f"All ports from {taken} to {taken} are in use by other programs.")
    assert not (tmp_path / "endpoint.txt").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals to send to another process")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_and_takes_its_endpoint_away(tmp_path: Path, sent: signal.Signals) -> None:
    with running_service(tmp_path, DESKHAND_LANGUAGE="en") as service:
        service.process.send_signal(sent)
        said = output_of(service.process)

        assert service.process.returncode == 0
        assert said.endswith("Deskhand has stopped.")
        assert not (tmp_path / "endpoint.txt").exists()


def test_each_start_makes_a_token_of_its_own(tmp_path: Path) -> None:
    with running_service(tmp_path) as first:
        first.kill()
        with running_service(tmp_path) as second:
            refused = call(second.address, "GET", "/v1/jobs", None, {"Authorization": f"Bearer {first.token}"})

    assert first.token != second.token
    assert refused.status == 401


def test_only_the_endpoint_of_ones_own_is_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "endpoint.txt"
    write_endpoint(file, "http://127.0.0.1:8422", "newer")

    remove_endpoint(file, "older")

    assert read_endpoint(file) == ("http://127.0.0.1:8422", "newer")
    remove_endpoint(file, "newer")
    assert read_endpoint(file) is None


@pytest.mark.parametrize("content", [b"", b"one line\n", b"a\nb\nc\n", "http://x\ntöken\n".encode()])
def test_a_file_that_is_no_endpoint_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "endpoint.txt"
    file.write_bytes(content)

    assert read_endpoint(file) is None


def test_the_command_line_speaks_the_persons_language(service: Service) -> None:
    second = start(service.folder, "--language", "zh")

    assert output_of(second).startswith(f"Deskhand 已在 {service.address} 运行")


def test_a_folder_that_can_not_be_locked_is_told(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").mkdir()

    process = start(tmp_path, DESKHAND_LANGUAGE="en")

    said = output_of(process)
    assert (process.returncode, str(tmp_path / "serve.lock") in said) == (1, True)
    assert "Error" not in said


def test_an_endpoint_that_can_not_be_written_is_told_and_kept_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "endpoint.txt").mkdir()

    process = start(tmp_path, DESKHAND_LANGUAGE="en")

    said = output_of(process)
    assert (process.returncode, said.startswith("The file endpoint.txt could not be written.")) == (1, True), said
    assert "The file endpoint.txt could not be written." in (tmp_path / "service.log").read_text("utf-8")
    assert [path.name for path in tmp_path.glob(".endpoint.*")] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
def test_an_endpoint_that_is_a_link_leads_nobody_to_the_token(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "endpoint.txt").symlink_to(elsewhere)

    with running_service(folder) as service:
        assert read_endpoint(folder / "endpoint.txt") == (service.address, service.token)

    assert elsewhere.read_text() == "mine"


def test_drafts_of_an_endpoint_whose_service_was_killed_are_removed_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / ".endpoint.abc").write_text("http://127.0.0.1:1\nold\n")
    (tmp_path / ".bashrc").write_text("not ours")

    with running_service(tmp_path):
        assert sorted(path.name for path in tmp_path.glob(".*")) == [".bashrc"]
