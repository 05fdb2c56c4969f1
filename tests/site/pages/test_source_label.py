"""来源： without a name behind it: the next line may be the name, or another label's."""

from __future__ import annotations

import pytest

from tests.site.pages.small_pages import page, seen

LABEL = "<span>2025-03-11 07:45</span>\n<span>来源：</span></div><div>{}"


@pytest.mark.parametrize(
    ("below", "source"),
    [
        ("海港工人报", "海港工人报"),
        ("本报评论员", None),
        ("责任编辑：", None),
        ("责编：", None),
        ("本报记者 张三", None),
        ("2025-03-11", None),
        ("分享到", None),
    ],
)
def test_what_stands_below_the_label(below, source):
    found = seen(page(info=LABEL.format(below)))
    assert found["source"] == source
    assert found["published"] == "2025-03-11 07:45"


@pytest.mark.parametrize(
    ("beside", "source"),
    [
        ("海港工人报", "海港工人报"),
        ("新华社记者站", "新华社记者站"),
        ("海港工人报 记者 张三", "海港工人报"),
        ("海港工人报 责任编辑：何晓桐", "海港工人报"),
        ("本报评论员", None),
        ("工人日报—中工网记者 石子涵", None),
    ],
)
def test_what_stands_in_the_next_element(beside, source):
    info = f"<span>2025-03-11 07:45</span> <span>来源：</span> <span>{beside}</span>"
    assert seen(page(info=info))["source"] == source


@pytest.mark.parametrize("beside", ["发布者：海港工人报", "发布单位:海港工人报"])
def test_a_name_behind_another_label(beside):
    assert seen(page(info=f"2025-03-11 07:45 {beside}"))["source"] is None
