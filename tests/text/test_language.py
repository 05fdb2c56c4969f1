from __future__ import annotations

import pytest

from crawler.text.language import detect


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("近日，滨州市召开产业工人队伍建设改革座谈会。", None, "zh-Hans"),
        ("近日，濱州市召開產業工人隊伍建設改革座談會。", None, "zh-Hant"),
        ("近日，濱州市召開產業工人隊伍建設改革座談會。", "zh-CN", "zh-Hant"),
        ("国家主席", "zh-TW", "zh-Hans"),
        ("記者", None, "zh-Hant"),
        ("乾隆年间的囧事，著名记者于右任这样说", None, "zh-Hans"),  # 乾, 囧, 著 are of both or rare
        ("The meeting pointed out that innovation (创新) matters.", None, "en"),
        ("近日，CGTN 与 China Daily 的记者走进 BYD 工厂，采访了一线职工。", None, "zh-Hans"),
        ("中工网 CGTN", None, "zh-Hans"),
        ("工人", None, "zh-Hans"),
        ("工人", "zh-TW", "zh-Hant"),
        ("工人", "zh_Hant", "zh-Hant"),
        ("工人", "en", "zh-Hans"),
        ("", None, "zh-Hans"),
        ("", "en-US", "en"),
        ("2024-02-29", "en", "en"),
        ("2024-02-29", "zh-CN", "zh-Hans"),
    ],
)
def test_language(text: str, declared: str | None, language: str) -> None:
    assert detect(text, declared) == language
