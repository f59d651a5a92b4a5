"""Addresses as they are pasted, and which of them are this machine."""

from __future__ import annotations

import pytest

from services.errors import InputError
from services.llm.base_url import base_url, is_loopback


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        (" https://api.openai.com/v1/ ", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
        ("https://open.bigmodel.cn/api/paas/v4/chat/completions/", "https://open.bigmodel.cn/api/paas/v4"),
        ("https://api.deepseek.com", "https://api.deepseek.com"),
        ("https://api.deepseek.com/v1/models", "https://api.deepseek.com/v1"),
        ("API.DeepSeek.com", "https://api.deepseek.com"),
        ("api.moonshot.cn/v1?x=1#top", "https://api.moonshot.cn/v1"),
        ("HTTPS://API.openai.com/v1", "https://api.openai.com/v1"),
        ("localhost:11434", "http://localhost:11434/v1"),
        ("http://127.0.0.1:1234/", "http://127.0.0.1:1234/v1"),
        ("127.0.0.1:8080/v1/chat/completions", "http://127.0.0.1:8080/v1"),
        ("http://0.0.0.0:11434", "http://127.0.0.1:11434/v1"),
        ("[::1]:8080", "http://[::1]:8080/v1"),
        ("192.168.1.20:8000/v1", "http://192.168.1.20:8000/v1"),
        ("gpu-server:8000/v1", "http://gpu-server:8000/v1"),
        ("'https://api.openai.com/v1'", "https://api.openai.com/v1"),
        ("https：／／api.deepseek.com／v1", "https://api.deepseek.com/v1"),
        ("接口地址：https://api.siliconflow.cn/v1/chat/completions。", "https://api.siliconflow.cn/v1"),
        ("Base URL: “https://api.moonshot.cn/v1”", "https://api.moonshot.cn/v1"),
        ("https://api.siliconflow.cn/", "https://api.siliconflow.cn/v1"),
        ("dashscope.aliyuncs.com", "https://dashscope.aliyuncs.com/compatible-mode/v1"),
        ("https://open.bigmodel.cn", "https://open.bigmodel.cn/api/paas/v4"),
    ],
)
def test_an_address_is_repaired(pasted: str, meant: str) -> None:
    assert base_url(pasted) == meant
    assert base_url(meant) == meant


@pytest.mark.parametrize(
    "pasted", ["", "ftp://x.example/v1", "https://", "http://a b/v1", "http://x:99999/v1", "http://[::1", "不是地址"]
)
def test_what_is_no_address_is_refused(pasted: str) -> None:
    with pytest.raises(InputError) as error:
        base_url(pasted)

    assert error.value.code == "model-url"


def test_a_password_in_an_address_is_refused_without_being_told() -> None:
    with pytest.raises(InputError) as error:
        base_url("https://me:geheim@api.example.com/v1")

    assert error.value.code == "model-url-secret"
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "::ffff:127.0.0.1"]
)
def test_this_machine_is(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "api.openai.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "192.168.0.1",
        "10.0.0.1",
        "2130706433",
        "0.0.0.0",
    ],
)
def test_another_machine_is(host: str) -> None:
    assert not is_loopback(host)
