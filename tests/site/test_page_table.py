"""The table of parsers, and one article made of several pages."""

from __future__ import annotations

import copy
from typing import get_args

import pytest

from crawler.items import Block, Generation, Page, Picture
from crawler.site import page_table

URL = "http://news.workercn.cn/32841/201901/18/190118124637372.shtml"


def piece(*texts, **changes):
    page = Page(URL, "190118124637372", "legacy", title="一座矿山的四十年")
    page.blocks = [Block(f"<p>{text}</p>", text) for text in texts]
    for name, value in changes.items():
        setattr(page, name, value)
    return page


def shown(name):
    return Picture(f"http://news.workercn.cn/{name}.jpg"), Block(
        f'<figure><img src="{name}"></figure>', ""
    )


def test_every_generation_has_a_parser():
    assert set(page_table._PARSERS) == set(get_args(Generation))
    assert list(page_table._PARSERS)[-1] == "generic"


def test_pages_are_joined_in_order():
    picture, figure = shown("1")
    first = piece("一", published="2019-01-18", source="来源：中工网", further=[URL], probe=URL)
    first.extracted_by = {"title": "template", "body": "template"}
    second = piece("二", pictures=[picture])
    second.blocks.append(figure)
    third = piece("三", authors=["（张三）"], editors=["责任编辑：李四"])
    third.extracted_by = {"title": "label", "authors": "label", "editors": "template"}
    before = copy.deepcopy(first)
    whole = page_table.join(first, [second, third])
    assert [block.text for block in whole.blocks] == ["一", "二", "", "三"]
    assert whole.pictures == [picture]
    assert (whole.authors, whole.editors) == (["（张三）"], ["责任编辑：李四"])
    assert (whole.published, whole.source) == ("2019-01-18", "来源：中工网")
    assert whole.extracted_by == {
        "title": "template",
        "body": "template",
        "authors": "label",
        "editors": "template",
    }
    assert (whole.further, whole.probe, whole.warnings) == ([], None, [])
    assert first == before


def test_what_stands_on_every_page_stands_once():
    picture, figure = shown("head")
    parts = []
    for text in ("一", "二"):
        part = piece(
            text, authors=["本报记者 张三"], editors=["责编：李四"], warnings=["encoding: x"]
        )
        part.pictures, part.blocks = [picture], [figure, *part.blocks]
        parts.append(part)
    whole = page_table.join(parts[0], parts[1:])
    assert [block.text for block in whole.blocks] == ["", "一", "二"]
    assert whole.pictures == [picture]
    assert (whole.authors, whole.editors) == (["本报记者 张三"], ["责编：李四"])
    assert whole.warnings == ["encoding: x"]


@pytest.mark.parametrize(
    ("title", "warns"),
    [
        ("一座矿山的四十年", False),
        ("一座矿山的四十年（2）", False),
        ("一座矿山的四十年 (2/3)", False),
        ("一座矿山的四十年　第2页", False),
        ("一座矿山的四十年_2", False),
        (None, False),
        ("另一篇", True),
        ("一座矿山的四十年之后", True),
    ],
)
def test_titles_that_differ(title, warns):
    whole = page_table.join(piece("一"), [piece("二", title=title)])
    assert whole.title == "一座矿山的四十年"
    assert whole.warnings == ([f"title: page 2 says {title}"] if warns else [])


def test_a_page_that_repeats_the_one_before_it_is_left_out():
    whole = page_table.join(piece("一"), [piece("二"), piece("二")])
    assert [block.text for block in whole.blocks] == ["一", "二"]
    assert whole.warnings == ["body: page 3 repeats the one before it"]


def test_what_a_further_page_lacks_is_no_doubt():
    second = piece(
        "二", warnings=["published_at: not found", "encoding: 1 broken"], missed="legacy-a"
    )
    whole = page_table.join(piece("一"), [second])
    assert whole.warnings == ["encoding: 1 broken"]
    assert whole.missed == "legacy-a"
    assert page_table.join(piece("一", kind="gallery"), [piece("二")]).kind == "article"


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://www.workercn.cn/cj/34179/6650123.shtml",
        "https://www.workercn.cn/papers/grrb/2024/07/12/06/news-1.html",
        "https://news.example/1.html",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe",
        b"<div class=ccontent>",
        b"<input name=__totalpage value=\xff><center>",
        b"<div id=imgs><img></div><h1 id=ctitle></h1>",
        b"<center><span><b>" * 500,
        b"<div class=signdate>"
        + b"<span>2019-01-18</span>" * 5000
        + b"</div><div class=ccontent>x",
    ],
)
def test_what_is_no_article_is_a_page_without_one(url, body):
    page = page_table.parse(body, url)
    assert page.title is None or page.title
    assert page.id
