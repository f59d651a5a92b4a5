"""What the service refuses: strangers, too much at once, and what can't be understood."""

from __future__ import annotations

import socket

import pytest
from waitress.adjustments import Adjustments

from services.api.reading import parser_class
from services.api.security import is_token
from tests.api.orders import cleaned, sheet
from tests.serving import TSV, Service, call


def raw(service: Service, text: bytes) -> bytes:
    """Send these very bytes and give everything that comes back."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.sendall(text)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def test_health_is_told_without_a_token(service: Service) -> None:
    reply = call(service.address, "GET", "/health", None, {})

    assert reply.status == 200
    assert (reply.json["name"], reply.json["ready"]) == ("deskhand", True)


@pytest.mark.parametrize(
    "sent", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}", "{token}", "Bearer {token}x", "Bearer é"]
)
def test_without_the_token_nothing_is_answered(service: Service, sent: str | None) -> None:
    header = None if sent is None else sent.format(token=service.token).encode("utf-8").decode("latin-1")

    reply = service.request("GET", "/v1/jobs", headers={"Authorization": header})

    assert (reply.status, reply.json["code"]) == (401, "bad-token")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/jobs/abc", "/openapi.json", "/nothing/here", "/v1/settings"])
def test_a_stranger_is_not_told_what_there_is(service: Service, path: str) -> None:
    assert service.request("GET", path, headers={"Authorization": None}).status == 401


@pytest.mark.parametrize(
    "host", ["attacker.example:{port}", "attacker.example", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(service: Service, host: str) -> None:
    sent = {"Host": host.format(port=service.port)}

    reply = service.request("GET", "/health", headers=sent)

    assert (reply.status, reply.json["code"]) == (403, "bad-host")


def test_a_request_without_a_host_is_refused(service: Service) -> None:
    assert raw(service, b"GET /health HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 403 ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_both_names_of_this_machine_are_taken(service: Service, host: str) -> None:
    assert service.request("GET", "/v1/jobs", headers={"Host": f"{host}:{service.port}"}).status == 200


@pytest.mark.parametrize(
    "origin",
    ["https://attacker.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "https://127.0.0.1:{port}", ""],
)
def test_a_page_from_elsewhere_is_refused_even_with_the_token(service: Service, origin: str) -> None:
    reply = service.request("GET", "/v1/jobs", headers={"Origin": origin.format(port=service.port)})

    assert (reply.status, reply.json["code"]) == (403, "bad-origin")
    assert "access-control-allow-origin" not in reply.headers


def test_a_page_of_the_service_itself_would_be_taken(service: Service) -> None:
    assert service.request("GET", "/v1/jobs", headers={"Origin": service.address}).status == 200


def test_a_preflight_of_a_browser_gets_no_leave(service: Service) -> None:
    sent = {"Authorization": None, "Origin": "https://attacker.example", "Access-Control-Request-Method": "POST"}

    reply = service.request("OPTIONS", "/v1/tasks/clean", headers=sent)

    assert reply.status == 403
    assert not any(name.startswith("access-control") for name in reply.headers)


@pytest.mark.parametrize("path", ["/health", "/v1/jobs", "/nothing"])
def test_every_answer_forbids_a_browser_to_keep_sniff_or_frame_it(service: Service, path: str) -> None:
    headers = service.request("GET", path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_a_request_over_the_limit_is_refused(service: Service) -> None:
    reply = service.tsv("POST", "/v1/tasks/clean", "x" * (1024 * 1024 + 1))

    assert (reply.status, reply.headers["deskhand-error"]) == (413, "request-too-large")
    assert reply.text == (
        "This is more than the service takes at once: 1 MB.\n"
        "Select fewer rows, or raise the limit in settings.toml (request_limit_mb, upload_limit_mb) "
        "and restart the service.\n"
    )


def test_a_file_may_be_larger_than_a_request_but_not_than_its_own_limit(service: Service) -> None:
    taken = service.request("POST", "/v1/files?name=a.csv", b"a,b\n" * 400_000)
    refused = service.request("POST", "/v1/files?name=a.csv", b"a,b\n" * 600_000)

    assert taken.status == 201
    assert (refused.status, refused.json["code"], refused.json["parameters"]) == (
        413,
        "request-too-large",
        {"limit": 2},
    )


@pytest.mark.parametrize(("path", "size"), [("/v1/tasks/clean", 1100), ("/v1/files?name=a.csv", 2100)])
def test_a_length_that_is_not_told_beforehand_does_not_help(service: Service, path: str, size: int) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nAuthorization: Bearer {service.token}\r\n"
        f"Content-Type: {TSV}\r\nAccept: {TSV}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"

    answer = raw(service, head.encode() + chunk * size + b"0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Deskhand-Error: request-too-large" in answer


def test_an_announced_length_far_over_every_limit_is_refused_before_it_is_sent(service: Service) -> None:
    head = (
        f"POST /v1/files?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\n"
        f"Authorization: Bearer {service.token}\r\nContent-Length: 99999999999\r\n\r\n"
    )

    answer = raw(service, head.encode())

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code": "request-too-large"' in answer


def test_headers_without_end_are_refused(service: Service) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Long: "

    answer = raw(service, head + b"a" * (32 * 1024 - len(head)))

    assert answer.split(b" ")[1] == b"431"
    assert b"headers-too-large" in answer


@pytest.mark.parametrize(
    "request_line",
    [b"GET /health HTTP/1.1\r\nbad header\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
)
def test_what_is_not_http_gets_an_answer_without_html(service: Service, request_line: bytes) -> None:
    answer = raw(service, request_line)

    assert answer.split(b" ")[1] == b"400"
    assert b"bad-request" in answer
    assert b"<" not in answer


def test_an_address_that_is_not_there_is_told_without_html(service: Service) -> None:
    reply = service.request("GET", "/v1/<script>alert(1)</script>")

    assert (reply.status, reply.json["code"]) == (404, "no-such-address")
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_wrong_method_is_told_with_those_that_are_right(service: Service) -> None:
    reply = service.request("DELETE", "/v1/settings")

    assert (reply.status, reply.json["code"]) == (405, "wrong-method")
    assert {"GET", "PUT"} <= set(reply.headers["allow"].replace(" ", "").split(","))


def test_a_body_of_another_kind_is_refused(service: Service) -> None:
    reply = service.request("POST", "/v1/tasks/clean", "a=b", {"Content-Type": "application/x-www-form-urlencoded"})

    assert (reply.status, reply.json["code"]) == (415, "wrong-media-type")


def test_a_bad_cell_is_named_by_line_and_column(service: Service) -> None:
    reply = service.tsv("POST", "/v1/tasks/clean", "#size\t2\t2\n\nt:a\tt:b\nt:c\tx:d\n")

    assert (reply.status, reply.headers["deskhand-error"]) == (400, "tsv")
    assert "line 4" in reply.text
    assert "column 2" in reply.text


def test_text_that_is_not_utf8_is_named_by_its_line(service: Service) -> None:
    reply = service.tsv("POST", "/v1/tasks/clean", b"#size\t1\t1\n\nt:\xff\n", {"Accept-Language": "zh-CN"})  # type: ignore[arg-type]

    assert reply.status == 400
    assert reply.text == "发送的文本不是 UTF-8（第 3 行）。\n请以 UTF-8 发送正文。\n"


def test_bad_json_is_named_by_line_and_column(service: Service) -> None:
    reply = service.request("POST", "/v1/tasks/clean", '{\n "grids": [}', {"Content-Type": "application/json"})

    assert (reply.status, reply.json["code"]) == (400, "bad-json")
    assert reply.json["parameters"] == {"line": 2, "column": 12}


@pytest.mark.parametrize("body", ['{"file": "\\ud800"}', '{"\\udc00": 1}', '{"request": {"sheet": "a\\uD83D"}}'])
def test_half_a_character_is_refused(service: Service, body: str) -> None:
    reply = service.request("POST", "/v1/tasks/clean", body, {"Content-Type": "application/json"})

    assert (reply.status, reply.json["code"]) == (400, "bad-json")


def test_a_character_in_two_halves_is_one(service: Service) -> None:
    body = '{"grids": [{"sheet": "\\ud83d\\ude00", "columns": [["Name", "Ann ", "Bob"]]}]}'

    reply = service.request("POST", "/v1/tasks/clean", body, {"Content-Type": "application/json"})

    assert reply.json["title"] == "😀"


def test_json_nested_without_end_is_refused(service: Service) -> None:
    reply = service.request("POST", "/v1/tasks/clean", "[" * 500_000, {"Content-Type": "application/json"})

    assert (reply.status, reply.json["code"]) == (400, "bad-json")


def test_an_unknown_option_is_named_with_those_that_are_known(service: Service) -> None:
    reply = service.tsv("POST", "/v1/tasks/clean", sheet(colour="red"))

    assert (reply.status, reply.headers["deskhand-error"]) == (400, "unknown-option")
    assert reply.text.startswith("There is no option colour here. Known are: ")
    assert " file, workbook, " in reply.text
    assert " region" in reply.text


def test_the_same_unknown_option_is_refused_in_json(service: Service) -> None:
    reply = service.request("POST", "/v1/tasks/clean", {"request": {"colour": "red"}})

    assert (reply.status, reply.json["code"], reply.json["parameters"]["option"]) == (400, "unknown-option", "colour")


def test_a_value_that_an_option_can_not_have_is_told(service: Service) -> None:
    reply = service.request("POST", "/v1/tasks/clean", {"request": {"region": "Mars"}})

    assert (reply.status, reply.json["code"]) == (400, "option-invalid")
    assert reply.json["detail"].startswith("request.region can't be Mars: two letters of a country")


@pytest.mark.parametrize("id_", ["zzzzzzzzzzzz", "..%2f..%2fledger.sqlite3", "ABC", "%00", "x" * 300])
@pytest.mark.parametrize("rest", ["", "/result", "/files/result.xlsx", "/recipe"])
def test_a_job_that_is_not_there_is_not_found(service: Service, id_: str, rest: str) -> None:
    reply = service.request("GET", f"/v1/jobs/{id_}{rest}")

    assert reply.status == 404
    assert reply.json["code"] in ("unknown-job", "no-such-address")


def test_the_token_is_in_no_file_but_the_endpoint(service: Service) -> None:
    cleaned(service)
    service.request("GET", "/v1/jobs", headers={"Authorization": f"Bearer {service.token}x"})

    holding = [
        path.name
        for path in service.folder.rglob("*")
        if path.is_file() and service.token.encode() in path.read_bytes()
    ]

    assert holding == ["endpoint.txt"]


@pytest.mark.parametrize(
    ("told", "kept"), [("Bearer secret", b"hello"), ("Bearer other", b""), ("Basic secret", b""), ("", b"")]
)
@pytest.mark.parametrize(
    ("framing", "body"), [("Content-Length: 5", b"hello"), ("Transfer-Encoding: chunked", b"5\r\nhello\r\n0\r\n\r\n")]
)
def test_what_a_stranger_sends_is_read_and_kept_nowhere(told: str, kept: bytes, framing: str, body: bytes) -> None:
    known = parser_class(lambda path, headers: is_token(headers.get("AUTHORIZATION", ""), "secret"))
    request = known(Adjustments())

    request.received(f"POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: {told}\r\n{framing}\r\n\r\n".encode())
    request.received(body)

    assert request.completed
    assert request.get_body_stream().read() == kept


@pytest.mark.parametrize("framing", ["Content-Length: 900000", "Transfer-Encoding: chunked"])
def test_a_stranger_who_sends_much_is_answered_all_the_same(service: Service, framing: str) -> None:
    body = b"x" * 900_000 if framing.startswith("C") else b"dbba0\r\n" + b"x" * 900_000 + b"\r\n0\r\n\r\n"
    head = f"POST /v1/tasks/clean HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nConnection: close\r\n{framing}\r\n\r\n"

    answer = raw(service, head.encode() + body)

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"Deskhand-Error: bad-token" in answer


def test_idle_connections_keep_nobody_out(service: Service) -> None:
    idle = [socket.create_connection(("127.0.0.1", service.port), timeout=20) for _ in range(400)]
    try:
        assert call(service.address, "GET", "/health", None, {}).status == 200
        assert idle[0].recv(1) == b""  # the one that was idle longest was closed
    finally:
        for connection in idle:
            connection.close()
