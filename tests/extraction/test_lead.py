"""What stands between heading and text: the lead picture, a standfirst, and what is neither."""

from __future__ import annotations

import pytest

from tests.site.pages.small_pages import (
    FIRST,
    INFO,
    TEXT,
    THIRD,
    TITLE,
    expected,
    image,
    page,
    seen,
)

SUMMARY = "东岭港给夜班工人开来餐车，每晚四趟，饭菜不超过十元。"
CAPTION = "夜色里的餐车。林远 摄"


@pytest.mark.parametrize(
    ("lead", "images"),
    [
        (f"<p>{image(1)}</p>", [("1.jpg", None)]),
        (f"<div>{image(1, 'alt=餐车停在泊位旁')}</div>", [("1.jpg", "餐车停在泊位旁")]),
        (f"<div>{image(1)}<p>{CAPTION}</p></div>", [("1.jpg", CAPTION)]),
        (f"<figure>{image(1)}<figcaption>餐车</figcaption></figure>", [("1.jpg", "餐车")]),
        (f"<div class=center>{image(1)}</div><div class=center>餐车</div>", [("1.jpg", "餐车")]),
        (
            f"<div><div>{image(1)}<p>甲车出发</p></div><div>{image(2)}<p>乙车回场</p></div></div>",
            [("1.jpg", "甲车出发"), ("2.jpg", "乙车回场")],
        ),
        # not the article's
        (f"<div><a href='https://shop.example.net/x'>{image(1)}</a></div>", []),
        ("<div><img src=/upload/banner/1.jpg></div>", []),
        ("<div><img src=/static/icon_time.png></div>", []),
        ("<div><img src=/static/1.png alt=扫一扫手机看></div>", []),
        ("<div>分享到：<a href=#><img src=/static/1.png></a></div>", []),
    ],
)
def test_lead_picture(lead: str, images: list[tuple[str, str | None]]) -> None:
    assert seen(page(lead=lead)) == expected(images=images)


def test_lead_picture_over_the_time() -> None:
    head = f"<h1>{TITLE}</h1><div>{image(1)}<p>{CAPTION}</p></div>"
    assert seen(page(head=head)) == expected(images=[("1.jpg", CAPTION)])


def test_a_face_beside_the_time_is_no_lead_picture() -> None:
    assert seen(page(info=f"<div>{image(55)}</div><div>{INFO}</div>")) == expected()


@pytest.mark.parametrize(
    "label",
    [
        "导语：", "【摘要】", "核心提示：", "内容提要：", "摘要:", "導語：", "导读 ", "核心提示丨",
        "■核心提示：", "[内容提要]", "（导读）", "核心閱讀：", "阅读提示：",
        "〖导语〗", "《核心提示》", "导　语：", "摘 要：", "本报导读：", "要点提示：", "核心要点：", "本期导读丨",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("lead", "text"),
    [
        ("<div>{label}" + SUMMARY + "</div>", ""),
        ("<div><p><strong>{label}</strong>" + SUMMARY + "</p></div>", ""),
        ("<div><h4>{label}</h4><p>" + SUMMARY + "</p></div>", ""),
        ("", "<p>{label}" + SUMMARY + "</p>"),
    ],
)
def test_standfirst(label: str, lead: str, text: str) -> None:
    paragraphs = [*filter(None, [text.format(label=label)]), *TEXT]
    markup = page(*paragraphs, lead=lead.format(label=label))
    assert seen(markup) == expected(text=[SUMMARY, *TEXT])


@pytest.mark.parametrize(
    ("markup", "differs"),
    [
        (page(lead=f"<div><span>摘要</span><span>{SUMMARY}</span></div>"), [SUMMARY, *TEXT]),
        (page(lead=f"<div>[摘要：{SUMMARY}]</div>"), [SUMMARY, *TEXT]),
        (page(head=f"<h1>{TITLE}</h1><h2>核心提示：{SUMMARY}</h2>"), [SUMMARY, *TEXT]),
        (page(lead=f"<div class=abstract>{SUMMARY}</div>"), [SUMMARY, *TEXT]),
        (page(lead=f"<div>摘要：{FIRST}</div>"), TEXT),  # the text repeats it
        (page(FIRST, f"摘要：{SUMMARY}", THIRD), [FIRST, f"摘要：{SUMMARY}", THIRD]),
        (page("导读由志愿者承担，每周三次。", *TEXT), ["导读由志愿者承担，每周三次。", *TEXT]),
    ],
)  # fmt: skip
def test_where_a_standfirst_is_and_is_not(markup: str, differs: list[str]) -> None:
    assert seen(markup)["text"] == differs
