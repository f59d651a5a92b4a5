"""An Endpoint made of the settings: presets, what comes before them, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.errors import InputError
from services.llm.base_url import base_url
from services.llm.endpoint import NO_KEY, Endpoint, endpoint_of
from services.llm.presets import PRESETS
from services.settings import Settings


def test_settings_that_name_no_model_make_no_endpoint() -> None:
    assert endpoint_of(Settings()) is None


def test_a_provider_and_a_key_are_enough() -> None:
    endpoint = endpoint_of(Settings(provider="deepseek"), "sk-1")

    assert endpoint is not None
    assert (endpoint.base_url, endpoint.model, endpoint.key) == ("https://api.deepseek.com", "deepseek-flash", "sk-1")
    assert (endpoint.context_tokens, endpoint.is_local, endpoint.host) == (1_000_000, False, "api.deepseek.com")
    assert "sk-1" not in repr(endpoint)


def test_what_a_person_sets_comes_before_the_preset() -> None:
    settings = Settings(
        provider="OpenAI", base_url="localhost:9000", model="mine", context_tokens=2048, top_p=0.5, proxy="proxy:3128"
    )

    endpoint = endpoint_of(settings)

    assert endpoint is not None
    assert (endpoint.base_url, endpoint.model, endpoint.key) == ("http://localhost:9000/v1", "mine", NO_KEY)
    assert (endpoint.context_tokens, endpoint.top_p, endpoint.is_local) == (2048, 0.5, True)
    assert endpoint.proxy == "http://proxy:3128"


def test_a_model_on_this_machine_is_asked_one_thing_after_the_other_if_nobody_says_otherwise() -> None:
    settings = [
        Settings(provider="ollama", model="m"),
        Settings(provider="ollama", model="m", concurrency=3),
        Settings(base_url="https://llm.company.example/v1", model="m"),
    ]
    assert [one.concurrency for one in map(endpoint_of, settings) if one is not None] == [1, 3, 4]


@pytest.mark.parametrize("pasted", ["https://api.deepseek.com/v1/chat/completions", "api.deepseek.com"])
def test_a_known_vendors_address_has_its_manners_though_the_vendor_was_not_chosen(pasted: str) -> None:
    endpoint = endpoint_of(Settings(provider="custom", base_url=pasted, model="deepseek-chat"), "sk-1")
    assert endpoint is not None
    assert (endpoint.rungs, endpoint.extra) == (PRESETS["deepseek"].rungs, PRESETS["deepseek"].extra)
    assert endpoint.model == "deepseek-chat"


def test_an_address_alone_is_an_endpoint_of_its_own() -> None:
    endpoint = endpoint_of(Settings(base_url="https://llm.company.example/v1/chat/completions", model="m"))

    assert endpoint is not None
    assert (endpoint.provider, endpoint.base_url) == ("custom", "https://llm.company.example/v1")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"provider": "closedai"}, "model-provider"),
        ({"provider": "openai"}, "model-key-missing"),
        ({"provider": "ollama"}, "model-name-missing"),
        ({"provider": "custom", "model": "m"}, "model-url-missing"),
        ({"base_url": "ftp://x", "model": "m"}, "model-url"),
        ({"provider": "ollama", "model": "m", "proxy": "socks5://x:1"}, "model-proxy"),
        ({"provider": "ollama", "model": "m", "proxy": "http://x:port"}, "model-proxy"),
        ({"provider": "ollama", "model": "m", "ca_file": Path("/nowhere.pem")}, "model-ca-file"),
        ({"provider": "ollama", "model": "m", "ca_file": Path("/now\0here.pem")}, "model-ca-file"),
    ],
)
def test_what_is_missing_or_wrong_is_said(settings: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        endpoint_of(Settings(**settings))

    assert error.value.code == code
    assert error.value.what("zh")
    assert error.value.todo("en")


def test_a_file_that_holds_no_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")

    with pytest.raises(InputError) as error:
        endpoint_of(Settings(provider="ollama", model="m", ca_file=tmp_path / "ca.pem"))

    assert error.value.code == "model-ca-file"


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_is_whole(preset: Any) -> None:
    assert preset.title("zh")
    assert preset.title("en")
    assert preset.rungs[-1] == "text"
    if preset.name != "custom":
        assert base_url(preset.base_url) == preset.base_url
        assert preset.needs_key == preset.base_url.startswith("https://")
        assert bool(preset.model) == preset.needs_key


def test_costs_are_for_a_million_tokens() -> None:
    endpoint = Endpoint("http://127.0.0.1/v1", "m", price_in=2.0, price_out=8.0)

    assert endpoint.cost(500_000, 250_000) == 3.0
    assert Endpoint("http://127.0.0.1/v1", "m", price_in=0.1, price_out=0.2).cost(1, 1) == 0.0000003
    assert Endpoint("http://127.0.0.1/v1", "m").cost(1, 1) is None
