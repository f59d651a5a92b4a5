"""DhHttp: finding the service, speaking to it, and telling apart what can go wrong."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyopenvba.exceptions import VBARuntimeError

from tests.office.interpreter import Excel, source_modules

NO_SERVICE, WRONG_TOKEN, TIMEOUT, SERVICE_ERROR = 47001, 47002, 47003, 47004


@dataclass
class Told:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Stub:
    """A service that answers as a test says, and takes one token."""

    address: str
    token: str = "right"
    status: int = 200
    body: str = "#size\t0\t0\n\n"
    headers: dict[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None


@contextmanager
def serving(token: str = "right") -> Iterator[Stub]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            sent = {name.lower(): value for name, value in self.headers.items()}
            stub.told.append(Told(self.command, self.path, sent, self.rfile.read(length).decode("utf-8")))
            stub.before_answer()
            right = sent.get("authorization") == f"Bearer {stub.token}"
            content = (stub.body if right else "wrong token\nread it again\n").encode("utf-8")
            self.send_response(stub.status if right else 401)
            for name, value in (stub.headers if right else {"Deskhand-Error": "bad-token"}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub = Stub(f"http://127.0.0.1:{server.server_port}", token)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def endpoint(folder: Path, address: str, token: str = "right") -> None:
    folder.mkdir(exist_ok=True)
    (folder / "endpoint.txt").write_text(f"{address}\n{token}\n", "utf-8")


@pytest.fixture
def excel(tmp_path: Path) -> Excel:
    excel = Excel(source_modules("DhHttp", "DhTsv"), folder=tmp_path)
    excel.new_workbook()
    return excel


def refused(excel: Excel, method: str = "GET", path: str = "/health", body: str = "") -> tuple[int, str]:
    with pytest.raises(VBARuntimeError) as raised:
        excel.run("DhRequest", method, path, body, 0)
    return raised.value.number, raised.value.description


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_a_request_carries_token_language_and_text_in_utf8(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        stub.body = "#size\t0\t0\n#what\t\u5b8c\u6210 \U0001f600\n\n"
        excel.run("DhSpeak", "zh")
        answer = excel.run("DhRequest", "POST", "/v1/tasks/clean?a=b", "#size\t1\t1\n\nt:\u4e2d\u6587 \U0001f600\n", 2)
    assert answer == "#size\t0\t0\n#what\t\u5b8c\u6210 \U0001f600\n\n"
    (told,) = stub.told
    assert (told.method, told.path, told.body) == (
        "POST",
        "/v1/tasks/clean?a=b",
        "#size\t1\t1\n\nt:\u4e2d\u6587 \U0001f600\n",
    )
    assert {name: told.headers[name] for name in ("authorization", "accept", "accept-language", "prefer")} == {
        "authorization": "Bearer right",
        "accept": "text/tab-separated-values",
        "accept-language": "zh",
        "prefer": "wait=2",
    }
    assert told.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert excel.run("DhReplyStatus") == 200


def test_a_request_without_a_body_says_nothing_of_one(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        excel.run("DhRequest", "GET", "/v1/jobs", "", 0)
    (told,) = stub.told
    assert "content-type" not in told.headers
    assert "prefer" not in told.headers
    assert "accept-language" not in told.headers


def test_an_empty_answer_is_an_empty_text(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        stub.body = ""
        assert excel.run("DhRequest", "POST", "/v1/x", "", 0) == ""


def test_without_an_endpoint_file_the_service_is_not_running(excel: Excel) -> None:
    assert refused(excel)[0] == NO_SERVICE
    assert excel.requests == []
    assert excel.run("DhAddress") == ""


def test_a_damaged_endpoint_file_counts_as_none(excel: Excel, tmp_path: Path) -> None:
    (tmp_path / "endpoint.txt").write_text("http://127.0.0.1:1\n", "utf-8")
    assert refused(excel)[0] == NO_SERVICE
    assert excel.requests == []


def test_where_nothing_listens_the_service_is_not_running(excel: Excel, tmp_path: Path) -> None:
    endpoint(tmp_path, free_address())
    assert refused(excel)[0] == NO_SERVICE
    assert excel.run("DhReplyStatus") == 0


def test_a_service_started_again_elsewhere_is_found(excel: Excel, tmp_path: Path) -> None:
    with serving("first") as before:
        endpoint(tmp_path, before.address, "first")
        excel.run("DhRequest", "GET", "/health", "", 0)
    with serving("second") as after:
        endpoint(tmp_path, after.address, "second")
        excel.run("DhRequest", "POST", "/v1/x", "#size\t0\t0\n\n", 0)
        assert excel.run("DhAddress") == after.address
    assert [told.path for told in after.told] == ["/v1/x"]


def test_a_service_that_starts_again_during_a_request_is_asked_once_more(excel: Excel, tmp_path: Path) -> None:
    with serving("new") as stub:
        endpoint(tmp_path, stub.address, "old")

        def start_again(method: str, path: str) -> None:
            excel.on_request = None
            endpoint(tmp_path, stub.address, "new")

        excel.on_request = start_again
        excel.run("DhRequest", "POST", "/v1/x", "#size\t0\t0\n\n", 0)
    assert [told.headers["authorization"] for told in stub.told] == ["Bearer old", "Bearer new"]


def test_a_service_that_moves_to_another_port_during_a_request_is_found(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, free_address())
        excel.on_request = lambda method, path: endpoint(tmp_path, stub.address)
        excel.run("DhRequest", "GET", "/health", "", 0)
        assert [told.path for told in stub.told] == ["/health"]
    assert [status for _, _, status in excel.requests] == [0, 200]


def test_a_token_that_stays_wrong_is_said_and_tried_once(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address, "wrong")
        assert refused(excel) == (WRONG_TOKEN, "wrong token\nread it again\n")
        assert len(stub.told) == 1
    assert excel.run("DhReplyCode") == "bad-token"
    assert excel.run("DhReplyStatus") == 401


def test_the_services_own_error_comes_with_its_text_and_code(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        stub.status, stub.body = 409, "\u533a\u57df\u5df2\u79fb\u52a8\n\u8bf7\u91cd\u8bd5\n"
        stub.headers = {"Deskhand-Error": "range-moved"}
        assert refused(excel) == (SERVICE_ERROR, "\u533a\u57df\u5df2\u79fb\u52a8\n\u8bf7\u91cd\u8bd5\n")
        assert excel.run("DhReplyCode") == "range-moved"
        stub.status, stub.body, stub.headers = 200, "#size\t0\t0\n\n", {}
        excel.run("DhRequest", "GET", "/health", "", 0)
    assert excel.run("DhReplyCode") == ""


def test_an_error_without_a_text_is_told_by_its_number(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        stub.status, stub.body = 502, ""
        assert refused(excel) == (SERVICE_ERROR, "HTTP 502")


def test_an_answer_that_does_not_come_is_a_time_out_and_not_asked_for_twice(tmp_path: Path) -> None:
    excel = Excel(source_modules("DhHttp", "DhTsv"), folder=tmp_path, receive_seconds=0.3)
    done = threading.Event()
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        stub.before_answer = lambda: (done.wait(30), None)[1]
        assert refused(excel, "POST", "/v1/x", "#size\t0\t0\n\n")[0] == TIMEOUT
        assert len(stub.told) == 1
        done.set()


def test_a_connection_broken_off_is_not_tried_again(excel: Excel, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}")
        taken: list[int] = []

        def hang_up() -> None:
            connection, _ = listener.accept()
            taken.append(1)
            connection.recv(100)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert refused(excel, "POST", "/v1/x", "#size\t0\t0\n\n")[0] == NO_SERVICE
        thread.join()
    assert len(excel.requests) == 1


def test_esc_during_a_request_is_passed_on(excel: Excel, tmp_path: Path) -> None:
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        excel.run("DhCancelKey", 2)
        excel.on_request = lambda method, path: excel.escape()
        assert refused(excel)[0] == 18


def test_msxml_takes_over_where_winhttp_is_missing(excel: Excel, tmp_path: Path) -> None:
    excel.missing_classes.add("winhttp.winhttprequest.5.1")
    with serving() as stub:
        endpoint(tmp_path, stub.address)
        assert excel.run("DhRequest", "GET", "/health", "", 0) == "#size\t0\t0\n\n"


def test_the_folder_is_deskhands_own_below_the_local_application_data(tmp_path: Path) -> None:
    excel = Excel(source_modules("DhHttp", "DhTsv"), environment={"LOCALAPPDATA": "C:\\Users\\\u5f20\\AppData\\Local"})
    assert excel.run("DhFolder") == "C:\\Users\\\u5f20\\AppData\\Local\\Deskhand"


@pytest.mark.parametrize(
    ("text", "encoded"),
    [("", ""), ("a-b_c.d~1", "a-b_c.d~1"), ("a b&c=d", "a%20b%26c%3Dd"), ("\u4e2d.xlsx", "%E4%B8%AD.xlsx")],
)
def test_a_text_in_a_path_is_percent_encoded(excel: Excel, text: str, encoded: str) -> None:
    assert excel.run("DhPathText", text) == encoded
