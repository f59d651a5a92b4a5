"""What becomes of the fields of the settings form before they are kept."""

from __future__ import annotations

from services.api.pages import settings_form
from services.settings import Settings


def test_a_pasted_address_is_kept_as_it_will_be_used_and_what_is_none_as_it_was_typed() -> None:
    settings = Settings()
    pasted = {"base_url": "接口地址：https://api.siliconflow.cn/v1/chat/completions"}
    assert settings_form.changes(settings, pasted) == {"base_url": "https://api.siliconflow.cn/v1"}
    assert settings_form.changes(settings, {"base_url": "不是地址"}) == {"base_url": "不是地址"}
    assert list(settings_form.wrong(settings, settings_form.typed(settings) | {"base_url": "不是地址"})) == ["base_url"]
