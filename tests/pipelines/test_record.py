"""From a page's words to a record: people, sources, clean content, validation."""

from datetime import UTC, date, datetime

import pytest

from crawler.items import Article, Block, ListingEntry, Page, Picture, Reject
from crawler.pipelines.authors import Authors, Editors
from crawler.pipelines.content import Content
from crawler.pipelines.headings import Titles
from crawler.pipelines.publication_time import Dates
from crawler.pipelines.source_name import Sources
from crawler.pipelines.validation import Validation, content_hash

STAGES = (Titles(), Dates(), Sources(), Authors(), Editors(), Content(), Validation())


def page(**changes) -> Page:
    page = Page(
        "https://www.workercn.cn/c/2024-02-29/8163816.shtml",
        "8163816",
        "modern",
        title="山东滨州：推动产改取得新突破",
        published="2024-02-29 09:06",
        source="来源：中工网",
        authors=["（孙川 葛红普）"],
        editors=["责任编辑：于小淑"],
        blocks=[
            Block("<p>2月27日，座谈会召开。</p>", "2月27日，座谈会召开。"),
            Block("<p>会议强调。</p>", "会议强调。"),
        ],
        pictures=[Picture("https://www.workercn.cn/upload/1.jpg?r=1", "会议现场")],
        extracted_by={"title": "label", "published_at": "label", "source": "label"},
    )
    page.day, page.fetched_at = date(2024, 2, 29), datetime(2024, 2, 29, 4, tzinfo=UTC)
    page.entry = ListingEntry(page.url, page.id, sections=[{"slug": "character", "name": "人物"}])
    for name, value in changes.items():
        setattr(page, name, value)
    return page


def through(item):
    for stage in STAGES:
        item = stage.process_item(item)
    return item


def test_the_seed_article():
    article = through(page())
    assert isinstance(article, Article)
    assert article.source == "中工网"
    assert [(a.name, a.role) for a in article.authors] == [("孙川", "author"), ("葛红普", "author")]
    assert [(e.name, e.role) for e in article.editors] == [("于小淑", "editor")]
    assert article.body == "2月27日，座谈会召开。\n\n会议强调。"
    assert article.raw.model_dump() == {
        "published_at": "2024-02-29 09:06",
        "source": "来源：中工网",
        "authors": "（孙川 葛红普）",
        "editors": "责任编辑：于小淑",
    }
    assert (article.change, article.revision, article.changed_fields) == ("new", 1, [])
    assert article.language == "zh-Hans"
    assert article.content_hash.startswith("sha256:")


def test_a_reject_passes_through():
    reject = Reject("https://www.workercn.cn/x", "fetch", "http_404")
    assert through(reject) is reject


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": None}, "missing_title"),
        ({"title": " \u3000\u200b "}, "missing_title"),
        ({"blocks": []}, "missing_body"),
        ({"published": None, "day": None}, "missing_published_at"),
        ({"pictures": [Picture("javascript:alert(1)")]}, "invalid_images"),
    ],
)
def test_what_cannot_become_a_record(changes, reason):
    reject = through(page(**changes))
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.reason) == ("validate", reason)
    assert reject.url == "https://www.workercn.cn/c/2024-02-29/8163816.shtml"
    assert reject.raw["editors"] == "责任编辑：于小淑"
    assert reject.fetched_at == "2024-02-29T04:00:00Z"


@pytest.mark.parametrize("kind", ["gallery", "video"])
def test_pictures_need_no_words(kind):
    assert through(page(kind=kind, blocks=[])).body == ""


def test_content_is_clean():
    html = '<p onclick="x()">甲<script>alert(1)</script><a href="javascript:x()">乙</a><b>丙</b></p><iframe></iframe>'
    article = through(
        page(
            title="标\u200b题\u3000 一\n二\x00",
            blocks=[Block(html, "甲\u2028乙\ud800\x07")],
            pictures=[
                Picture("https://a.b/1.jpg", " 图\u200b为 \n会场 "),
                Picture("https://a.b/2.jpg", " "),
            ],
        )
    )
    assert article.title == "标题 一 二"
    assert article.body == "甲乙"
    assert article.body_html == "<p>甲<a>乙</a>丙</p>"
    assert [(i.url, i.caption) for i in article.images] == [
        ("https://a.b/1.jpg", "图为 会场"),
        ("https://a.b/2.jpg", None),
    ]


def test_source_from_the_listing():
    entry = ListingEntry(
        "https://www.workercn.cn/c/2024-02-29/8163816.shtml", "8163816", source="新华社"
    )
    article = through(page(source=None, entry=entry, extracted_by={}))
    assert (article.source, article.extracted_by["source"]) == ("新华社", "listing")
    article = through(page(entry=entry))
    assert article.source == "中工网"
    assert "source: the page says 中工网, the listing 新华社" in article.warnings


def test_a_name_over_and_under_the_text_is_one_person():
    article = through(page(authors=["本报记者 孙川", "（孙川 葛红普）", "孙川 摄"]))
    assert [(a.name, a.role) for a in article.authors] == [
        ("孙川", "reporter"),
        ("葛红普", "author"),
        ("孙川", "photographer"),
    ]


def test_the_hash_is_over_what_a_reader_sees():
    base = through(page()).model_dump()
    assert content_hash(base) == base["content_hash"]
    assert (
        content_hash(base | {"fetched_at": "2025-01-01T00:00:00Z", "warnings": ["x"]})
        == base["content_hash"]
    )
    image = {"url": "https://www.workercn.cn/upload/1.jpg?r=2", "caption": "会议现场"}
    assert content_hash(base | {"images": [image]}) == base["content_hash"]
    for field, value in {
        "title": "x",
        "source": None,
        "body": "y",
        "images": [],
        "editors": [],
    }.items():
        assert content_hash(base | {field: value}) != base["content_hash"]
