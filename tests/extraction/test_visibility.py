"""What a reader does not see tells nothing, whatever hides it and whatever it would tell."""

from __future__ import annotations

import pytest

from crawler.extraction import visibility
from tests.site.pages.small_pages import (
    FIRST,
    INFO,
    SECOND,
    TEXT,
    THIRD,
    TITLE,
    expected,
    image,
    page,
    seen,
)  # fmt: skip

OLD = "发布时间：2025-03-09 06:00:00 来源：旧港晚报 责任编辑：石小满 作者：孟庆一"
LONG = (
    "请您在使用前仔细阅读本协议的全部条款。您点击同意即表示您已经充分理解并接受本协议的全部内容。"
    "我们会按照法律规定保护您的个人信息。"
) * 6

HIDES = [
    "hidden",
    "HIDDEN=''",
    "hidden=until-found",
    'style="display:none"',
    'style="display : none !important"',
    'STYLE="COLOR:RED; DISPLAY:NONE"',
    'style="display:block;display:none"',
    'style="display:none!important;display:block"',
    'style="/* was: block */ display:none"',
    'style="visibility:hidden"',
    'style="visibility: collapse;"',
    'style="opacity:0"',
    'style="opacity: 0.0"',
    'style="position:absolute;left:-9999px;top:0"',
    'style="text-indent:-9999px"',
    'style="height:0;overflow:hidden"',
    'style="position:absolute;width:1px;height:1px;overflow:hidden"',
    'style="position:absolute;clip:rect(0 0 0 0)"',
]
# what would be read if it were seen: where it stands in the page, by the name of its argument
TELLS = {
    "about, over the text": ("lead", "<div {}>" + OLD + "</div>"),
    "about, in boxes": ("lead", f"<div {{}}><div><p><span>{OLD}</span></p></div></div>"),
    "the title tag": ("before", f"<div {{}}><h1>{TITLE} - 工会 - 中工网</h1></div>"),
    "another heading": ("before", "<h1 {}>东岭港旧闻三则</h1>"),
    "a subtitle": ("head", f"<h1>{TITLE}</h1><p class=subtitle {{}}>——记东岭港的旧日夜班</p>"),
    "a standfirst": ("lead", "<div {}>核心提示：餐车已经停了三天，夜班工人只能自带干粮。</div>"),
    "a lead picture": ("lead", "<div {}>" + image(7) + "</div>"),
    "a picture to share": ("before", "<div {}>" + image(8) + "</div>"),
    "an editor": ("after", "<p {}>责任编辑：石小满</p>"),
    "an agreement": ("after", "<div {}><h3>用户协议</h3><p>" + LONG + "</p></div>"),
    "comments": ("after", "<div {}><h4>网友评论</h4><p>" + LONG + "</p></div>"),
}
IN_TEXT = [
    "<p {}>（记者 石小满）</p>",
    "<p {}>责任编辑：石小满 校对：孟庆一</p>",
    "<p {}>本文为旧稿，请以报纸为准，特此说明。</p>",
    "<p {}>" + image(9) + "</p>",
    f"<div {{}}><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>",
]


@pytest.mark.parametrize("hides", HIDES)
@pytest.mark.parametrize("tells", TELLS)
def test_hidden_around_the_text(tells: str, hides: str) -> None:
    place, markup = TELLS[tells]
    assert seen(page(**{place: markup.format(hides)})) == expected()


@pytest.mark.parametrize("hides", HIDES)
@pytest.mark.parametrize("markup", IN_TEXT)
def test_hidden_in_the_text(markup: str, hides: str) -> None:
    assert seen(page(FIRST, markup.format(hides), SECOND, THIRD)) == expected()


@pytest.mark.parametrize("tag", ["template", "noscript", "dialog", "details", "script", "textarea"])
def test_elements_that_are_not_shown(tag: str) -> None:
    lead = f"<{tag}><div>{OLD}</div></{tag}>"
    assert seen(page(FIRST, SECOND, f"<{tag}>{image(9)}</{tag}>", THIRD, lead=lead)) == expected()


@pytest.mark.parametrize(
    "markup",
    [
        page(info=f"<span aria-hidden=true>{INFO}</span>"),
        page(info=f"<span class=hide>{INFO}</span>"),
        page(info=f'<span style="display:none;display:block">{INFO}</span>'),
        page(info=f'<div style="overflow:hidden;height:24px">{INFO}</div>'),
        page(info=f'<div style="opacity:0.5;margin-left:-15px">{INFO}</div>'),
        page(info=f'<div style="font-size:0"><b style="font-size:14px">{INFO}</b></div>'),
        page(info=f"<details open><summary>时间</summary>{INFO}</details>"),
        page(*(f'<p style="text-indent:2em;left:-9px">{one}</p>' for one in TEXT)),
        # scripts will show it
        page().replace("<body>", '<body style="display:none">'),
        page().replace('<div class="wrap">', '<div class="wrap" style="display:none">'),
        page(lead=f"<p hidden>{OLD}</p>").replace(
            '<div class="wrap">', '<div class="wrap" hidden>'
        ),
        page(box='<div style="visibility:hidden">'),
        page(head=f'<h1 style="display:none">{TITLE}</h1>'),
        page(*(f'<p class=fade style="opacity:0">{one}</p>' for one in TEXT)),
        page(FIRST, *(f'<p class=fade style="opacity:0">{one}</p>' for one in (SECOND, THIRD))),
        page(FIRST, f"<div hidden><p>{SECOND}</p><p>{THIRD}</p></div>", "<a href=#>展开全文</a>"),
        page(FIRST, SECOND, f"<div hidden><p>{THIRD}</p></div>", "<button>点击展开全文</button>"),
        page(FIRST, SECOND, f"<div hidden>{THIRD}</div>", "<p><span>阅读全文</span></p>"),
    ],
)
def test_what_is_seen_or_will_be(markup: str) -> None:
    assert seen(markup) == expected()


def test_a_fold_that_nobody_can_open() -> None:
    gone = f'<details style="display:none"><summary>{THIRD}</summary><p>（旧）</p></details>'
    assert seen(page(FIRST, gone, SECOND)) == expected(text=[FIRST, SECOND])


def test_questions_that_a_reader_opens() -> None:
    answer = f"<details><summary>餐车几点来？</summary><p>{SECOND}</p></details>"
    assert seen(page(FIRST, answer, THIRD)) == expected(text=[FIRST, "餐车几点来？", SECOND, THIRD])


def test_a_picture_that_fades_in() -> None:
    faded, gone = image(1, 'style="opacity:0"'), image(2, 'style="display:none"')
    markup = page(FIRST, f"<p>{faded}</p>", SECOND, f"<p>{gone}</p>", THIRD)
    assert seen(markup) == expected(images=[("1.jpg", None)])


@pytest.mark.parametrize(
    ("differs", "field", "value"),
    [
        ({"info": "来源：海港工人报", "lead": "<p hidden>2025-03-09 06:00</p>"}, "published", None),
        ({"info": "2025-03-11 07:45", "lead": "<p hidden>来源：旧港晚报</p>"}, "source", None),
        ({"signed": "<span hidden>责任编辑：石小满</span>"}, "editors", []),
        ({"signed": "责任编辑：<span hidden>石小满</span>何晓桐"}, "editors", ["何晓桐"]),
        ({"head": f"<h1>{TITLE}<span hidden>（旧）</span></h1>"}, "title", TITLE),
    ],
)
def test_nothing_is_better_than_what_is_hidden(
    differs: dict[str, str], field: str, value: object
) -> None:
    assert seen(page(**differs)) == expected(**{field: value})


# --- style sheets -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        ".gone{display:none}",
        ".a, #gone , .b { color:red; display : none !important; }",
        "div.gone{visibility:hidden}",
        ".wrap .gone{display:none}",
        ".wrap > div.gone { DISPLAY:none }",
        ".gone{display:none}.gone.on{display:block}",
        "@media print{.wrap{display:none}} .gone{display:none}",
        "</style><style>.gone{display:none}",
    ],
)
def test_a_sheet_in_the_page_hides(rule: str) -> None:
    lead = f'<div class="box gone" id=gone>{OLD}</div>'
    assert seen(page(meta=f"<style>{rule}</style>", lead=lead)) == expected()


@pytest.mark.parametrize(
    "sheet",
    [
        "<style>.about{display:none}.about{display:block}</style>",
        "<style>.about{display:none}.wrap .about{display:flex}</style>",
        "<style>@media print{.about{display:none}}</style>",
        "<style>@media (max-width:700px){.about, .text{display:none}}</style>",
        "<style media=print>.about{display:none}</style>",
        "<style>.about:hover{display:none}</style>",
        "<style>body:not(.ready) .about{display:none}</style>",
        "<noscript><style>.about{display:none}</style></noscript>",
        "<style>/* .about{display:none} */ .other{display:none}</style>",
        "<style>.text{display:none}</style>",  # until a script runs
        "<style>.about{display:none</style><style>}</style>",
    ],
)
def test_a_sheet_in_the_page_does_not_hide(sheet: str) -> None:
    shown = "display:block" if sheet.endswith("none</style><style>}</style>") else ""
    assert (
        seen(page(meta=sheet, info=INFO).replace('class="about"', f'class="about" style="{shown}"'))
        == expected()
    )


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("display:none", {"display": "none"}),
        ("Display : None ;color:RED", {"display": "none", "color": "red"}),
        ("display:none;display:block", {"display": "block"}),
        ("display:none !important;display:block", {"display": "none"}),
        ("display:none!important;display:block ! important", {"display": "block"}),
        ("display:none;display:", {"display": "none"}),
        ("/* display:none */color:red", {"color": "red"}),
        ("url(data:x;y)", {}),
    ],
)
def test_declarations(style: str, found: dict[str, str]) -> None:
    assert visibility.declarations(style) == found
