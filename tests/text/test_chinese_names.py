"""Names in Chinese prose that another text does not hold."""

from __future__ import annotations

import pytest

from services.text.chinese_names import chinese_names_missing


@pytest.mark.parametrize(
    ("text", "among", "missing"),
    [
        ("与深圳市华强电子有限公司的货款", "深圳市华 强电子有限公司，3月货款", []),
        ("华强公司的货款", "深圳市华强电子有限公司", []),
        ("华为公司的货款", "深圳市华强电子有限公司", ["华为公司"]),
        ("付给东莞市长安五金厂", "供应商：东莞市长安五金厂", []),
        ("付给美家电器有限公司", "付给华强电子有限公司", ["美家电器有限公司"]),
        ("付给某某电子有限公司", "付给华强电子有限公司", ["某某电子有限公司"]),
        ("该公司已付款，我公司未收到", "已付款", []),
        ("厂家已发货，厂房未完工", "已发货", []),
        ("广东省", "深圳南山区科技园", []),
        ("深圳市", "南山区科技园", []),
        ("北京市海淀区", "深圳南山区科技园", ["北京市", "海淀区"]),
        ("发往杭州", "发往宁波", ["杭州"]),
        ("王经理已签字", "经手人：王丽", []),
        ("张经理已签字", "经手人：王丽", ["张经理"]),
        ("质量很好", "Good quality", []),
        ("", "", []),
    ],
)
def test_a_name_is_missed_unless_the_other_text_holds_it(text: str, among: str, missing: list[str]) -> None:
    assert chinese_names_missing(text, among) == missing


def test_a_name_is_told_once_and_a_long_text_takes_no_time() -> None:
    assert chinese_names_missing("华为公司" * 5000, "华强公司") == ["华为公司"]
