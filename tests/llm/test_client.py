"""Requests on the wire: proxies, certificates, redirects, and the switch that lets nothing past this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.llm.base_url import base_url
from services.llm.client import Client, proxy_for
from services.llm.endpoint import Endpoint
from services.llm.faults import Fault, retry_after
from services.llm.question import Question, Unanswered
from tests.asking import InMemory, model_at
from tests.endpoint import answering, failing, scripted
from tests.llm.capitals import RIGHT, Capitals, texts, told
from tests.llm.network import certified, proxy_to

ABROAD = "http://model.example/v1"


def test_a_company_proxy_is_used_and_told_its_password(question: Question[Capitals]) -> None:
    with scripted(RIGHT) as endpoint, proxy_to(endpoint.port) as proxy:
        with_password = proxy.url.replace("//", "//desk:hand@")
        answers = model_at(endpoint, base_url=ABROAD, proxy=with_password).ask(question, texts("a"))

    assert told(answers) == ["A"]
    assert proxy.asked == ["POST http://model.example/v1/chat/completions HTTP/1.1"]
    assert "proxy-authorization: Basic " in proxy.headers[0].replace("Proxy-Authorization", "proxy-authorization")


def test_a_certificate_of_a_company_is_trusted_through_a_proxy_where_it_is_named(
    question: Question[Capitals], tmp_path: Path
) -> None:
    file, context = certified(tmp_path, "model.example")
    with scripted(RIGHT, certificate=context) as endpoint, proxy_to(endpoint.port) as proxy:
        at = {"base_url": "https://model.example/v1", "proxy": proxy.url, "retries": 0}
        trusted = model_at(endpoint, ca_file=file, **at).ask(question, texts("a"))
        unknown = model_at(endpoint, **at).ask(question, texts("a"))

    assert told(trusted) == ["A"]
    assert told(unknown) == ["(unreachable)"]
    assert isinstance(unknown[0], Unanswered)
    assert "certificate" in unknown[0].detail.lower()
    assert proxy.asked == ["CONNECT model.example:443 HTTP/1.1"] * 2
    assert len(endpoint.requests) == 1


def test_a_certificate_for_another_host_is_not_trusted(question: Question[Capitals], tmp_path: Path) -> None:
    file, context = certified(tmp_path, "other.example")
    with scripted(RIGHT, certificate=context) as endpoint, proxy_to(endpoint.port) as proxy:
        model = model_at(endpoint, base_url="https://model.example/v1", proxy=proxy.url, ca_file=file, retries=0)
        assert told(model.ask(question, texts("a"))) == ["(unreachable)"]

    assert endpoint.requests == []


def test_the_proxy_of_the_system_is_used_but_never_for_this_machine(
    question: Question[Capitals], monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(RIGHT) as endpoint, proxy_to(endpoint.port) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "inside.example")
        local = model_at(endpoint).ask(question, texts("a"))
        wished = model_at(endpoint, proxy=proxy.url).ask(question, texts("b"))
        assert proxy.asked == []
        abroad = model_at(endpoint, base_url=ABROAD).ask(question, texts("c"))

    assert told(local) + told(wished) + told(abroad) == ["A", "B", "C"]
    assert len(proxy.asked) == 1
    assert proxy_for("http://inside.example/v1", None) is None


def test_nothing_leaves_this_machine_where_only_local_endpoints_are_allowed(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(RIGHT) as endpoint, proxy_to(endpoint.port) as proxy:
        model = model_at(endpoint, records, base_url=ABROAD, proxy=proxy.url, local_only=True)
        answers = model.ask(question, texts("a", "b"))
        with pytest.raises(Fault) as fault:
            Client(model.endpoint).models()
        local = model_at(endpoint, local_only=True).ask(question, texts("c"))

    assert told(answers) == ["(not-local)"] * 2
    assert fault.value.why == "not-local"
    assert told(local) == ["C"]
    assert proxy.asked == []
    assert records.calls == []
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("host", ["127。0。0。1", "１２７．0．0．1", "ⓛocalhost"])
def test_a_host_that_only_looks_like_another_one_is_led_through_no_proxy(
    question: Question[Capitals], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    with scripted(RIGHT) as endpoint, proxy_to(endpoint.port) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        here = f"http://{host}:{endpoint.port}"
        for address in (here, base_url(here)):
            model_at(endpoint, base_url=address, local_only=True, retries=0).ask(question, texts("a"))
        clean = model_at(endpoint, base_url=base_url(here)).ask(question, texts("b"))

    assert told(clean) == ["B"]
    assert proxy.asked == []


@pytest.mark.parametrize("url", ["http://0177.0.0.1/v1", "http://[v1.fe]/v1", "http://☃︎﷽/v1", "http://xn--a-/v1"])
def test_an_address_that_can_be_none_is_unreachable(url: str) -> None:
    assert fault_of(Endpoint(url, "m", timeout=2)).why == "unreachable"


def test_a_redirect_is_not_followed_and_takes_no_key_along(question: Question[Capitals]) -> None:
    with scripted(RIGHT) as elsewhere:
        moved = failing(307, headers={"Location": f"{elsewhere.base_url}/chat/completions"})
        with scripted(moved) as endpoint:
            answers = model_at(endpoint, key="sk-secret").ask(question, texts("a"))

    assert answers == [Unanswered("unreachable", f"307 -> {elsewhere.base_url}/chat/completions")]
    assert elsewhere.requests == []


def test_what_the_environment_holds_for_another_vendor_goes_nowhere(
    question: Question[Capitals], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://other.example/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Other: http://other.example/v1\nAuthorization: Bearer other.example")
    with scripted(RIGHT) as endpoint:
        answers = model_at(endpoint, key="sk-own").ask(question, texts("a"))

    assert told(answers) == ["A"]
    headers = endpoint.requests[0].headers
    assert headers["authorization"] == "Bearer sk-own"
    assert "other.example" not in str(headers)
    assert not [name for name in headers if name.startswith("x-")]


@pytest.mark.parametrize("key", ["1", "ollama", "lm-studio"])
def test_a_key_that_is_a_word_of_the_data_is_not_struck_out_of_answers(question: Question[Capitals], key: str) -> None:
    with scripted(answering(lambda item: {"value": item["text"]})) as endpoint:
        answers = model_at(endpoint, key=key).ask(question, texts(f"our {key} server", "11"))

    assert told(answers) == [f"our {key} server", "11"]


def test_no_other_loop_of_retries_is_stacked_on_ours(question: Question[Capitals]) -> None:
    with scripted(failing(503, "overloaded")) as endpoint:
        model_at(endpoint, retries=1).ask(question, texts("a"))

    assert len(endpoint.requests) == 2


def test_an_endpoint_that_takes_no_connection_times_out_as_unreachable(question: Question[Capitals]) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        first.connect(full.getsockname())
        second.setblocking(False)
        second.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/v1"
        fault = fault_of(Endpoint(url, "m", timeout=0.5))

    assert fault.why in ("unreachable", "timed-out")
    assert fault.again


def fault_of(endpoint: Endpoint) -> Fault:
    with pytest.raises(Fault) as fault:
        Client(endpoint).complete({"model": "m", "messages": [{"role": "user", "content": "hello"}]})
    return fault.value


def test_the_models_of_an_endpoint_are_listed_where_it_lists_them() -> None:
    with scripted(RIGHT, models=("small", "large")) as endpoint:
        assert Client(Endpoint(endpoint.base_url, "small")).models() == ("small", "large")
    with scripted(RIGHT, models=()) as endpoint:
        assert Client(Endpoint(endpoint.base_url, "small")).models() is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
    ],
)
def test_a_wish_to_wait_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_wish_to_wait_may_be_a_date() -> None:
    from email.utils import formatdate
    from time import time

    waited = retry_after({"retry-after": formatdate(time() + 30, usegmt=True)})

    assert waited is not None
    assert 28 < waited <= 30


def test_the_library_that_asks_is_loaded_only_when_something_is_asked() -> None:
    code = "import sys, services.llm.asking, services.llm.testing; sys.exit('openai' in sys.modules)"
    folder = Path(__file__).resolve().parent.parent.parent
    found: Any = subprocess.run([sys.executable, "-c", code], cwd=folder, check=False)

    assert found.returncode == 0


def test_a_key_that_an_endpoint_repeats_is_neither_shown_nor_kept(question: Question[Capitals]) -> None:
    records = InMemory()
    with scripted(failing(401, "Incorrect API key provided: sk-secret.")) as endpoint:
        answers = model_at(endpoint, records, key="sk-secret").ask(question, texts("a"))

    assert answers == [Unanswered("unauthorized", "401 Incorrect API key provided: ***. (error)")]
    assert "sk-secret" not in str(records.calls)
