"""The legacy site: channels, templates, long articles, the mirror, and bytes that are GBK."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest

from crawler.samplesite import Server, Site
from crawler.samplesite.older.legacy import BLOG_TITLE, CHANNELS
from tests.samplesite.client import NOW, ask
from tests.samplesite.older import (
    Record,
    assert_in_order,
    found,
    markup,
    page_of,
    served,
    squeeze,
    visible,
)  # fmt: skip
from tests.samplesite.test_articles import BYLINES, EDITORS, SOURCES

SITE = Site(1, 5, NOW)
TRUTH = SITE.truth("legacy")
PIECES = {piece.id: piece for piece in SITE._legacy.pieces()}
LONG = [record for record in TRUTH if record["pages"] > 1]
HEADERS = {"text/html; charset=utf-8", "text/html", "text/html; charset=gb2312"}
LINK = re.compile(r'<a href="([^"]+)"')


def named(record: Record) -> str:
    return f"{record['layout']}-{record['id']}"


def whole(record: Record) -> str:
    """The markup of all pages that there are."""
    pages = [page_of(record, number) for number in range(1, record["pages"] + 1)]
    return "".join(markup(SITE, url) for url in pages if found(SITE, url))


# --- numbers --------------------------------------------------------------------------------


def test_sixty_articles_of_2015_to_2021_newest_first() -> None:
    times = [record["published_at"] for record in TRUTH]
    assert len(TRUTH) == 60
    assert times == sorted(times, reverse=True)
    assert {moment[:4] for moment in times} == {str(year) for year in range(2015, 2022)}
    assert len({record["id"] for record in TRUTH}) == 60


def test_every_template_and_section_occurs() -> None:
    assert {record["layout"] for record in TRUTH} == {"a", "b", "c", "d"}
    slugs = Counter(record["sections"][0]["slug"] for record in TRUTH)
    assert set(slugs) == {f"legacy:{channel.slug}" for channel in CHANNELS}
    assert slugs["legacy:news/32841"] == 20
    assert {record["generation"] for record in TRUTH} == {"legacy"}


def test_same_arguments_same_bytes_whatever_the_clock() -> None:
    other = Site(1, 5, NOW + timedelta(days=400))
    assert other.truth("legacy") == TRUTH
    assert all(served(other, r["url"]) == served(SITE, r["url"]) for r in TRUTH)
    assert Site(2, 5, NOW).truth("legacy") != TRUTH


@pytest.mark.parametrize(("example", "pattern", "place"), BYLINES)
def test_every_form_of_a_byline_occurs(example: str, pattern: str, place: str) -> None:
    bylines = [piece.byline for piece in PIECES.values() if piece.byline]
    assert any(re.fullmatch(pattern, b.words) and b.place == place for b in bylines), example


@pytest.mark.parametrize(("example", "pattern", "roles"), EDITORS)
def test_every_form_of_an_editor_line_occurs(example: str, pattern: str, roles: list[str]) -> None:
    lines = [piece.editors for piece in PIECES.values() if piece.editors]
    assert any(re.fullmatch(pattern, line.words) for line in lines), (example, roles)


@pytest.mark.parametrize("words", SOURCES)
def test_every_form_of_a_source_occurs(words: str) -> None:
    assert any(piece.source_words == words for piece in PIECES.values())


def test_some_sources_stand_without_their_label() -> None:
    assert any(piece.source_words == piece.source for piece in PIECES.values())


# --- bytes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("record", TRUTH, ids=named)
def test_a_page_is_gb18030_and_no_utf_8(record: Record) -> None:
    body = served(SITE, record["url"])
    assert record["title"] in html.unescape(body.decode("gb18030"))
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_a_few_pages_have_characters_that_gbk_has_not() -> None:
    rare = 0
    for record in TRUTH:
        try:
            served(SITE, record["url"]).decode("gbk")
        except UnicodeDecodeError:
            rare += 1
            assert "王𫖯" in record["body"]
    assert 5 < rare < 20


def test_headers_are_wrong_missing_or_too_narrow_in_every_template(server: Server) -> None:
    seen = set()
    for record in TRUTH:
        parts = urlsplit(record["url"])
        answer = ask(server, parts.path, host=parts.netloc)
        assert answer.status == 200
        seen.add((record["layout"], answer.headers["content-type"]))
    assert seen == {(layout, header) for layout in "abcd" for header in HEADERS}


def test_some_pages_do_not_say_their_charset_either() -> None:
    declared = Counter("charset=gb2312" in markup(SITE, record["url"]) for record in TRUTH)
    assert declared == {True: 45, False: 15}


# --- pages ----------------------------------------------------------------------------------

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
TEMPLATES = {
    "a": r'<h1 class="ctitle">{title}</h1>\n<div class="signdate"><span>TIME</span>'
    r'(?:</div>\n<div class="from">)?<span>{source}</span>'
    r'(?s:.*?)<div class="ccontent">',
    "b": r'<h1>{title}</h1></div>\n<div class="from mt10"><span class="font-black1-12">TIME</span>'
    r'　<span class="font-black_12">{source}</span>(?s:.*?)<div class="article">\n<p',
    "c": r'<h1>{title}</h1>(?s:.*?)<span class="font-black1_12">TIME</span>　'
    r'<span class="font-black1_12">{source}</span>(?s:.*?)'
    r'<div class="detail_con"><div class="font-black_16 hangao">',
    "d": r'<div class="ad_main"><div align="center"><span [^>]*><b>{title}</b></span></div>\n'
    r'<span class="ad_tl_time">TIME　?{source}</span>\n<div class="ad_content">\n<p',
}


@pytest.mark.parametrize("record", TRUTH, ids=named)
def test_a_page_has_the_markup_of_its_template(record: Record) -> None:
    piece = PIECES[record["id"]]
    words = {"title": record["title"], "source": piece.source_words}
    escaped = {name: re.escape(html.escape(value)) for name, value in words.items()}
    # a title's spaces are entities
    escaped["title"] = escaped["title"].replace(r"\ ", "&#32;")
    pattern = TEMPLATES[record["layout"]].replace("TIME", TIME)
    for name, value in escaped.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    assert re.search(pattern, markup(SITE, record["url"]))


@pytest.mark.parametrize("record", TRUTH, ids=named)
def test_pages_say_what_the_truth_says_in_order(record: Record) -> None:
    if record.get("reject"):
        pytest.skip("a page of it is missing")
    piece = PIECES[record["id"]]
    source = whole(record)
    name = record["sections"][0]["name"]
    assert f"<title>{html.escape(record['title'], quote=False)}-{name}-中工网</title>" in source
    byline = piece.byline
    expected = [record["title"], piece.dateline, piece.source_words]
    expected += [byline.words if byline and byline.place == "head" else None]
    expected += record["body"].split("\n\n")
    expected += [byline.words if byline and byline.place in ("tail", "own") else None]
    expected += [piece.editors.words if piece.editors else None, "all rights reserved"]
    assert_in_order(visible(source), expected)
    assert record["published_at"][:19].replace("T", " ") == piece.dateline


@pytest.mark.parametrize("record", TRUTH, ids=named)
def test_a_page_shows_the_pictures_of_the_truth(record: Record) -> None:
    if record.get("reject"):
        pytest.skip("a page of it is missing")
    shown = re.findall(r'<img src="([^"]+)" alt="([^"]*)" border="0" /></p>', whole(record))
    pictures = [(urljoin(record["url"], src), html.unescape(alt) or None) for src, alt in shown]
    for image in record["images"]:
        assert (image["url"], image["caption"]) in pictures
        assert served(SITE, image["url"]).startswith(b"\xff\xd8\xff")
        assert squeeze(image["caption"] or "") in visible(whole(record))


def test_pictures_are_absolute_relative_and_of_the_host() -> None:
    sources = re.findall(r'<img src="([^"]*)/files/image/\d', "".join(map(whole, TRUTH)))
    assert {source for source in sources if not source.startswith("http")} == {"", "../../.."}
    assert any(source.startswith("http://") for source in sources)


def test_an_advertisement_ends_some_articles_and_is_in_no_truth() -> None:
    ended = [record for record in TRUTH if 'alt="广告"' in whole(record) or "khd_" in whole(record)]
    assert len(ended) == 20
    assert not [i for record in TRUTH for i in record["images"] if "/ad/" in i["url"]]


def test_the_time_shown_is_that_of_the_file_name_or_a_little_later() -> None:
    late = Counter()
    for record in TRUTH:
        filed = datetime.strptime(f"20{record['id'][:12]}+0800", "%Y%m%d%H%M%S%z")
        late[(datetime.fromisoformat(record["published_at"]) - filed).seconds] += 1
        assert f"/{filed:%Y%m/%d}/{record['id']}.shtml" in record["url"]
        assert len(record["id"]) == 15
    assert late == {0: 45, 37: 15}


# --- long articles --------------------------------------------------------------------------


def test_long_articles_have_two_to_four_pages_and_one_has_lost_its_second() -> None:
    assert {record["pages"] for record in LONG} == {2, 3, 4}
    assert len(LONG) == 10
    (lost,) = [record for record in TRUTH if record.get("reject")]
    there = [found(SITE, page_of(lost, number)) is not None for number in (1, 2, 3, 4)]
    assert there == [True, False, True, False]
    assert 'name="__totalpage" value="3"' in markup(SITE, lost["url"])


@pytest.mark.parametrize("record", LONG, ids=named)
def test_a_long_article_ends_after_its_last_page(record: Record) -> None:
    if not record.get("reject"):
        for number in range(1, record["pages"] + 1):
            assert found(SITE, page_of(record, number))
    assert found(SITE, page_of(record, record["pages"] + 1)) is None


def test_half_of_the_pagers_count_and_half_leave_it_to_a_script() -> None:
    counted = [r for r in LONG if f'name="__totalpage" value="{r["pages"]}"' in whole(r)]
    assert len(counted) == 5
    for record in LONG:
        pager = re.findall(r"<center>.*?</center>", markup(SITE, record["url"]))
        assert len(pager) == 1
        assert set(LINK.findall(pager[0])) <= {
            link for link in LINK.findall(pager[0]) if link.startswith("javascript:")
        }
        assert ("__totalpage" in whole(record)) == (record in counted)
        assert record in counted or not re.search(r">\d+</a>", pager[0])


def test_a_short_article_has_neither_pager_nor_second_page() -> None:
    for record in TRUTH:
        if record["pages"] == 1:
            assert "<center>" not in markup(SITE, record["url"])
            assert found(SITE, page_of(record, 2)) is None


@pytest.mark.parametrize("record", LONG, ids=named)
def test_every_page_repeats_title_and_time_and_has_its_own_paragraphs(record: Record) -> None:
    text = ""
    for number in range(1, record["pages"] + 1):
        if document := found(SITE, page_of(record, number)):
            page = visible(document.plain.decode("gb18030"))
            assert squeeze(record["title"]) in page
            assert PIECES[record["id"]].dateline.replace(" ", "") in page
            text += page
    body = squeeze(record["body"])
    for words in map(squeeze, record["body"].split("\n\n")):
        assert text.count(words) == body.count(words) or record.get("reject")


# --- listings -------------------------------------------------------------------------------


def entries(source: str) -> list[list[str]]:
    """The addresses of each entry of a section page, whatever its form."""
    listing = re.search(r'<h2 class="lm">.*?<ul[^>]*>(.*?)</ul>', source, re.S)
    assert listing
    return [LINK.findall(item) for item in re.findall(r"<li>.*?</li>", listing[1], re.S)]


def walked(slug: str) -> list[str]:
    """The addresses that a section's pages list, as a browser resolves them."""
    channel, folder = slug.split("/")
    url: str | None = f"http://{channel}.workercn.cn/{folder}/{folder}.shtml"
    addresses = []
    while url:
        source = markup(SITE, url)
        for links in entries(source):
            assert len(set(links)) == 1
            addresses.append(urljoin(url, links[0]))
        following = re.search(r'<a href="([^"]+)">下一页', source)
        url = urljoin(url, following[1]) if following else None
    return addresses


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.slug)
def test_a_section_lists_every_article_of_the_truth_once(channel) -> None:
    addresses = [url for url in walked(channel.slug) if "big5" not in url]
    expected = [r["url"] for r in TRUTH if r["sections"][0]["slug"] == f"legacy:{channel.slug}"]
    listed = [re.sub(r"(?<!:)//", "/", url) for url in addresses]
    assert [url for url in listed if url in expected] == expected
    assert len(listed) == len(expected) + (channel.slug == "news/32841")
    for url in addresses:
        assert found(SITE, url), url


def test_the_three_forms_of_a_list_occur() -> None:
    firsts = [
        markup(SITE, f"http://{c.host}{c.folder}{c.folder.strip('/')}.shtml") for c in CHANNELS
    ]
    for form in ('<ul id="leftList">\n<li><a', "<ul>\n<li><h3><a", '<ul class="imgtxt1">\n<li><a'):
        assert any(form in source for source in firsts)
    assert sum("下一页</a>" in source for source in firsts) == 1  # the news need two pages


def test_addresses_are_relative_absolute_and_doubled() -> None:
    source = markup(SITE, "http://news.workercn.cn/32841/32841.shtml")
    links = [link for item in entries(source) for link in item]
    starts = (
        r"\d{6}/",
        r"/32841/",
        r"http://news\.workercn\.cn/\d",
        r"http://news\.workercn\.cn//",
    )
    for start in starts:
        assert any(re.match(start, link) for link in links), start


def test_a_channels_root_is_its_section() -> None:
    for channel in CHANNELS:
        folder = channel.folder.strip("/")
        section = served(SITE, f"http://{channel.host}/{folder}/{folder}.shtml")
        root = served(SITE, f"http://{channel.host}/")
        # what is relative to the section page has its folder in front
        assert root.replace(f'href="{folder}/'.encode(), b'href="') == section
        assert f"<title>{channel.name}-中工网</title>" in section.decode("gb18030")


@pytest.mark.parametrize(
    "url",
    [
        "http://news.workercn.cn/32841/32842.shtml",
        "http://news.workercn.cn/33022/33022.shtml",
        "http://news.workercn.cn/32841/32841_3.shtml",
        "http://news.workercn.cn/32841/32841_0.shtml",
        "http://sports.workercn.cn/32841/32841.shtml",
        "http://www.workercn.cn/32841/32841.shtml",
        "http://news.workercn.cn/32841/201901/18/190118124637372.shtml",
    ],
)
def test_what_is_not_there_is_a_404(url: str) -> None:
    assert found(SITE, url) is None


def test_what_is_no_news_stands_in_a_list_and_in_no_truth() -> None:
    source = markup(SITE, "http://news.workercn.cn/32841/32841.shtml")
    link = re.search(rf'<a href="([^"]+)"[^>]*>{BLOG_TITLE}', source)
    assert link
    url = urljoin("http://news.workercn.cn/32841/32841.shtml", link[1])
    assert BLOG_TITLE in markup(SITE, url)
    assert url not in [record["url"] for record in TRUTH]


# --- the mirror -----------------------------------------------------------------------------


def test_some_entries_are_listed_again_under_the_mirror() -> None:
    mirrored = [url for channel in CHANNELS for url in walked(channel.slug) if "big5" in url]
    originals = [url.replace("big5.workercn.cn/big5/", "") for url in mirrored]
    assert len(mirrored) >= 5
    assert set(originals) <= {record["url"] for record in TRUTH}
    for url, original in zip(mirrored, originals, strict=True):
        document = found(SITE, url)
        assert document
        assert document.content_type == "text/html; charset=big5"
        text = html.unescape(document.plain.decode("big5"))
        assert "中工網" in text
        assert "中工网" not in text
        assert visible(markup(SITE, original))[:4] == visible(text)[:4]


@pytest.mark.parametrize(
    "path", ["/big5/", "/big5/news.workercn.cn", "/big5/big5.workercn.cn/big5/x/", "/big5/x/y"]
)
def test_the_mirror_has_nothing_else(path: str) -> None:
    assert found(SITE, "http://big5.workercn.cn" + path) is None
