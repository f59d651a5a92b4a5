"""The endpoints that Deskhand knows by name: where they are, what they want, and how they differ from OpenAI's.

Figures are from the vendors' documentation of autumn 2026; a person's settings come before all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.messages import Language

Rung = Literal["json_schema", "tool", "json_object", "text"]
"""How a reply is held to its shape, the firmest first; what each one sends is in ``ladder``."""

RUNGS: tuple[Rung, ...] = ("json_schema", "tool", "json_object", "text")


@dataclass(frozen=True, slots=True)
class Preset:
    """An endpoint by name. ``model`` is a suggestion; local ones have none, since what is installed differs.

    ``context_tokens`` is what prompt and reply have room for together. ``rungs`` leaves out what the endpoint is known
    to refuse. ``extra`` goes into every request: most turn off thinking, which costs much and makes nothing better
    here. ``long_reply`` is the name of the parameter for the longest reply.
    """

    name: str
    zh: str
    en: str
    base_url: str
    needs_key: bool = True
    model: str = ""
    context_tokens: int = 32_768
    rungs: tuple[Rung, ...] = RUNGS
    extra: Mapping[str, Any] = field(default_factory=dict)
    long_reply: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    def title(self, language: Language) -> str:
        """What a person calls it."""
        return self.zh if language == "zh" else self.en


_NO_THINKING = {"thinking": {"type": "disabled"}}

PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "openai",
            "OpenAI",
            "OpenAI",
            "https://api.openai.com/v1",
            model="gpt-5.4-mini",
            context_tokens=400_000,
            long_reply="max_completion_tokens",  # models since o1 refuse max_tokens
        ),
        Preset(
            "deepseek",
            "深度求索 DeepSeek",
            "DeepSeek",
            "https://api.deepseek.com",
            model="deepseek-flash",
            context_tokens=1_000_000,
            rungs=("tool", "json_object", "text"),
            extra=_NO_THINKING,
        ),
        Preset(
            "qwen",
            "阿里云百炼（通义千问）",
            "Qwen (Alibaba Cloud Model Studio)",
            "https://dashscope.aliyuncs.com/compatible-mode/v1",
            model="qwen3.7-flash",
            context_tokens=1_000_000,
            extra={"enable_thinking": False},  # without it, thinking models refuse calls that are not streamed
        ),
        Preset(
            "zhipu",
            "智谱 GLM",
            "Zhipu GLM",
            "https://open.bigmodel.cn/api/paas/v4",
            model="glm-4.7-flash",
            context_tokens=200_000,
            rungs=("json_object", "text"),  # no forced tool calls, and no schemas
            extra=_NO_THINKING,
        ),
        Preset(
            "moonshot",
            "月之暗面 Kimi",
            "Moonshot Kimi",
            "https://api.moonshot.cn/v1",
            model="kimi-k2.6",
            context_tokens=256_000,
            extra=_NO_THINKING,
        ),
        Preset(
            "siliconflow",
            "硅基流动 SiliconFlow",
            "SiliconFlow",
            "https://api.siliconflow.cn/v1",
            model="deepseek-ai/DeepSeek-V4-Flash",
            context_tokens=128_000,
            rungs=("json_object", "text"),
            extra={"enable_thinking": False},
        ),
        Preset(
            "ollama",
            "Ollama（本机）",
            "Ollama (this computer)",
            "http://127.0.0.1:11434/v1",
            needs_key=False,
            context_tokens=4_096,
            extra={"reasoning_effort": "none"},
        ),
        Preset(
            "lmstudio",
            "LM Studio（本机）",
            "LM Studio (this computer)",
            "http://127.0.0.1:1234/v1",
            needs_key=False,
            context_tokens=4_096,
            rungs=("json_schema", "text"),  # json_object is refused with status 400
        ),
        Preset(
            "llamacpp",
            "llama.cpp（本机）",
            "llama.cpp (this computer)",
            "http://127.0.0.1:8080/v1",
            needs_key=False,
            context_tokens=4_096,
            extra={"chat_template_kwargs": {"enable_thinking": False}},
        ),
        Preset(
            "custom",
            "其他兼容 OpenAI 的服务",
            "Another one compatible with OpenAI",
            "",
            needs_key=False,
            context_tokens=8_192,
        ),
    )
}
"""The presets by name. A local endpoint's context is what it starts with if it is told nothing."""
