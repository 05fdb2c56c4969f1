"""Listings as served: the proven page, JSON of every form a consumer has met, and rubbish."""

import json

import pytest

from crawler.site import sections
from crawler.site.listings import parsers
from crawler.site.listings.parsers import ListingError

EDU = "https://www.workercn.cn/edu/"
JSON = "https://www.workercn.cn/json/edu/index_2.json"

# Markup as on https://www.workercn.cn/character/, with entries of our own.
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>人物 - 中工网</title></head>
<body><div class="container"><div class="left"><ul class="list">
<li id="li_8907001">
    <a href="/c/2026-10-02/8907001.shtml" target="_blank">
        <img class="lazy" data-src="/upload/resources/image/2026/10/02/1_526x296c.jpg" alt="甲&#32;乙"/></a>
    <h3><a href="/c/2026-10-02/8907001.shtml" target="_blank">甲&#32;乙</a></h3>
    <div class="info">
        <div class="info1"><span class="media">滚动</span></div>
        <div class="info2" style="float:left">2026-10-02 15:41:16</div>
        <span style="float:right">央广网</span>
    </div>
</li><li id="li_8907002">
    <h3><a href="/c/2026-10-01/8907002.shtml" target="_blank">丙</a></h3>
    <div class="info">
        <div class="info1"><span class="media"><font color="#ff0000">原创</font></span></div>
        <div class="info2" style="float:left">2026-10-02 08:48:45</div>
        <span style="float:right">工人日报客户端</span>
    </div>
</li><li id="li_8907003">
    <h3><a href="https://special.example/zt/">专题</a></h3>
    <div class="info"><div class="info2">2026-10-01 08:00:00</div></div>
</li>
</ul></div><div class="right"><ul><li><a href="/c/2020-01-01/1000001.shtml">热点</a></li></ul></div></div>
</body></html>"""


def test_section_page():
    listing = parsers.read_page(PAGE.encode(), "https://www.workercn.cn/character/")
    assert listing.name == "人物"
    assert [(e.id, e.title, e.published, e.source, e.label) for e in listing.entries] == [
        ("8907001", "甲 乙", "2026-10-02 15:41:16", "央广网", "滚动"),
        ("8907002", "丙", "2026-10-02 08:48:45", "工人日报客户端", "原创"),
    ]
    assert listing.entries[0].url == "https://www.workercn.cn/c/2026-10-02/8907001.shtml"
    assert listing.skipped == ["https://special.example/zt/"]
    assert listing.warnings == []


def test_the_saved_page(shared):
    body = (shared / "site/real/character-listing-2026-10-05.html").read_bytes()
    listing = parsers.read_page(body, "https://www.workercn.cn/character/")
    assert listing.name == "人物"
    assert [(e.id, e.published, e.source, e.label) for e in listing.entries] == [
        ("8907680", "2026-10-02 15:41:16", "央广网", "滚动"),
        ("8907489", "2026-10-02 08:48:45", "新华社", "视频"),
        ("8907492", "2026-10-01 20:02:00", "工人日报客户端", "原创"),
        ("8907491", "2026-10-01 14:54:53", "工人日报客户端", "原创"),
        ("8907490", "2026-10-01 14:52:19", "工人日报客户端", "原创"),
    ]
    assert listing.entries[0].title == "追光的你｜英烈倒下的地方 长出守护的力量"


def test_a_page_of_another_shape_is_read_and_said():
    body = """<title>教育 - 中工网</title><div class="news"><ol>
      <li><a href="/c/2026-10-02/8907001.shtml">甲</a> <i>2026-10-02 15:41</i></li>
      <li><a href="/c/2026-10-02/8907002.shtml">乙</a> <i>2026-10-02 15:40</i></li></ol>
      <li><a href="/about/">关于我们</a></li></div>"""
    listing = parsers.read_page(body.encode(), EDU)
    assert [(e.id, e.published) for e in listing.entries] == [
        ("8907001", "2026-10-02 15:41"),
        ("8907002", "2026-10-02 15:40"),
    ]
    assert "no ul.list" in listing.warnings[0]


ENTRY = {"href": "/c/2026-09-01/8800001.shtml", "title": "甲", "publishDate": "2026-09-01 08:00:00"}


@pytest.mark.parametrize(
    "data",
    [
        [ENTRY],
        {"list": [ENTRY]},
        {"status": 1, "data": {"total": 1, "data": [ENTRY]}},
        {"data": [ENTRY], "pages": [1, 2, 3]},
        [{**ENTRY, "href": "c/2026-09-01/8800001.shtml"}],
        [{**ENTRY, "href": "https://www.workercn.cn/c/2026-09-01/8800001.shtml"}],
        [{"artUrl": ENTRY["href"], "artTitle": "甲", "addTime": "2026-09-01 08:00:00"}],
        [{"URL": ENTRY["href"], "Title": "<em>甲</em>", "time": "2026-09-01 08:00:00"}],
        [{"url": ENTRY["href"], "title": "&#30002;", "pubDate": 1788220800000}],
        [{"url": ENTRY["href"], "title": "甲 ", "pubDate": "1788220800"}],
        [{"href": "", "url": ENTRY["href"], "title": "甲", "date": "2026-09-01 08:00:00"}],
        [{**ENTRY, "href": "/edu/", "url": ENTRY["href"]}],  # its section's address comes first
        [{**ENTRY, "publishDate": 0, "time": "2026-09-01 08:00:00"}],
        [{**ENTRY, "publishDate": "", "pubDate": None, "addTime": 1788220800}],
        [{**ENTRY, "publishDate": "1970-01-01 08:00:00", "time": "2026-09-01 08:00:00"}],
        [{**ENTRY, "publishDate": 10**400, "pubTime": "0000-00-00", "date": 1788220800000}],
        [[ENTRY]],
        {"data": {"rows": [{"article": ENTRY}]}},
        {"1": ENTRY},
        {"hot": [{"title": str(n), "url": f"/edu/{n}/"} for n in range(9)], "data": [ENTRY]},
    ],
)
def test_json_of_unknown_keys(data):
    plain = json.dumps(data)
    for text in (plain, f"callback({plain});", f"var data = {plain} ;\n", "\ufeff" + plain):
        (entry,) = parsers.read_json(text.encode(), JSON).entries
        assert (entry.url, entry.id, entry.title, entry.published) == (
            "https://www.workercn.cn/c/2026-09-01/8800001.shtml",
            "8800001",
            "甲",
            "2026-09-01 08:00:00",
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "[]",
        "null",
        "{}",
        '{"data": []}',
        '{"total": 0, "data": []}',
        '{"data": [], "pages": [1, 2, 3]}',
        '{"status": 0, "data": null, "message": "没有数据"}',
        '{"status": 1, "total": 0}',
        '{"status": 1, "data": {"total": 0, "list": null}}',
        "callback([]);",
    ],
)
def test_json_past_the_end(text):
    listing = parsers.read_json(text.encode(), JSON)
    assert (listing.entries, listing.skipped) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html><body>404</body></html>", "not_json"),
        ('[{"href": "/c/2026-09', "not_json"),
        ("[" * 100_000, "not_json"),
        ('{"message": "busy"}', "unknown_form"),
        ('[{"headline": "甲"}]', "unknown_form"),
        ('["甲", "乙"]', "unknown_form"),
        ('[[["/c/2026-09-01/8800001.shtml"]]]', "unknown_form"),
        ('{"status": 1, "total": 25}', "unknown_form"),
        ("," * 100_000 + "]", "not_json"),
        ('"\\"' * 50_000, "not_json"),
    ],
)
def test_json_that_is_no_listing(text, reason):
    with pytest.raises(ListingError) as caught:
        parsers.read_json(text.encode(), JSON)
    assert caught.value.reason == reason


def test_json_keeps_what_it_can():
    data = [ENTRY, {"title": "no address"}, {"href": "https://other.example/x"}, "text", None]
    listing = parsers.read_json(json.dumps(data).encode(), JSON)
    assert [entry.id for entry in listing.entries] == ["8800001"]
    assert listing.skipped == ["https://other.example/x"]
    assert "without an address" in listing.warnings[0]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('["/c/2026-09-01/8800001.shtml", "c/2026-09-01/8800002.shtml"]', "8800001 8800002"),
        ('[["/c/2026-09-01/8800001.shtml"], [{"url": "/c/2026-09-01/8800002.shtml"}]]', "8800002"),
        ('[[{"url": "/c/2026-09-01/8800001.shtml"}], []]', "8800001"),
        ('[{"url": "/c/2026-09-01/8800001.shtml", "title": "甲,]"},]', "8800001"),
        ('[{"url": "/c/2026-09-01/8800001.shtml", "time": NaN, "date": true}]', "8800001"),
        ('[{"url": "/c/2026-09-01/8800001.shtml", "time": -1, "date": 1e999}]', "8800001"),
        (f'[{{"url": "/c/2026-09-01/8800001.shtml", "time": 1{"0" * 5000}}}]', "8800001"),
    ],
)
def test_json_of_strange_forms(text, ids):
    listing = parsers.read_json(text.encode(), JSON)
    assert " ".join(entry.id for entry in listing.entries) == ids


def test_words_that_are_no_time_stay():
    (entry,) = parsers.read_json(json.dumps([{**ENTRY, "publishDate": "清晨"}]).encode(), JSON)[1]
    assert entry.published == "清晨"


@pytest.mark.parametrize(
    "title", [r"甲\ud83d", r"\u0000甲\u0007", r"甲\u200b\u2028", r" <b>甲</b>\n"]
)
def test_words_of_json_are_clean(title):
    text = (
        rf'[{{"url": "/c/2026-09-01/8800001.shtml", "title": "{title}", "source": "{title}",'
        rf' "label": "{title}", "time": "{title}"}}, {{"url": "http://e.cn/{title}"}}]'
    )
    listing = parsers.read_json(text.encode(), JSON)
    (entry,) = listing.entries
    assert (entry.title, entry.source, entry.label, entry.published) == ("甲", "甲", "甲", "甲")
    assert listing.skipped[0].isprintable()


HOT = '<li id="{id}"><a href="/c/2026-10-02/{n}.shtml">热{n}</a></li>'
LISTED = (
    '<li id="{id}"><h3><a href="/c/2026-10-02/{n}.shtml">新{n}</a></h3><i>2026-10-02 15:41</i></li>'
)


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (  # the section before the article
            '<ul class="list"><li id="li_8907001"><a href="/edu/">[教育]</a>'
            '<a href="/c/2026-10-02/8907001.shtml">新8907001</a></li></ul>',
            "新8907001",
        ),
        (
            '<ul class="list"><li id="li_8907001"><h3><a href="javascript:;">播放</a>'
            '<a href="/c/2026-10-02/8907001.shtml">新8907001</a></h3></li><li id="li_2"></li></ul>',
            "新8907001",
        ),
        (  # two lists, one article in both
            f'<ul class="list hot">{HOT.format(id="li_8907001", n=8907001)}'
            f'{HOT.format(id="li_8907009", n=8907009)}</ul><ul class="list">'
            f"{LISTED.format(id='li_8907001', n=8907001)}{LISTED.format(id='', n=8907002)}</ul>",
            "新8907001 热8907009 新8907002",
        ),
        (  # a side box of the same class
            f'<ul class="list">{HOT.format(id="", n=8907009)}</ul>'
            f'<ul class="list">{LISTED.format(id="li_8907001", n=8907001)}</ul>',
            "新8907001",
        ),
        (  # only the hot box is of the class
            f'<ul class="list hot">{HOT.format(id="li_8907009", n=8907009)}</ul>'
            f"<div>{LISTED.format(id='', n=8907001)}{LISTED.format(id='', n=8907002)}</div>",
            "热8907009 新8907001 新8907002",
        ),
        (  # times nowhere
            f'<ul class="list">{HOT.format(id="", n=8907001)}{HOT.format(id="", n=8907002)}</ul>',
            "热8907001 热8907002",
        ),
        (  # a headline over the list, and a menu whose item holds other items
            '<h2><a href="/c/2026-10-02/8907008.shtml">头条</a></h2>'
            f"<ul><li>频道<ul>{LISTED.format(id='', n=8907001)}</ul></li></ul>",
            "新8907001",
        ),
        (
            '<ul class="list"><li id="li_8907001"><a href="/c/2026-10-02/8907001.shtml">&#xd83d;'
            "\x00\u200b新8907001\x07</a></li></ul>",
            "\ufffd新8907001",
        ),
    ],
)
def test_entries_of_a_page(body, titles):
    listing = parsers.read_page(f"<title>教育 - 中工网</title>{body}".encode(), EDU)
    assert [entry.title for entry in listing.entries] == titles.split()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'<ul class="list"></ul>', "no_entries"),
        ("<p>系统繁忙，请稍后再试</p>".encode(), "no_entries"),
        (b"\xff\xfe\x00\x00", "empty"),
    ],
)
def test_a_page_that_lists_nothing(body, reason):
    with pytest.raises(ListingError) as caught:
        parsers.read_page(body, EDU)
    assert caught.value.reason == reason


def test_sections_of_the_home_page():
    body = """<nav><a href="/character/"><img alt=""></a><a href="/character/">人物</a>
      <a href="https://www.workercn.cn/edu/">教育</a><a href="/acftu/">更多</a><a href="/acftu/"> 工会 </a>
      <a href="/about/">关于我们</a><a href="/login/">登录</a><a href="/search/">搜索</a>
      <a href="/papers/grrb/2026/10/02/1/page.html">数字报</a><a href="/edu/2024/">深</a>
      <a href="https://other.example/edu2/">x</a><a href="javascript:;">y</a><a href="/a.shtml">z</a></nav>"""
    found = sections.discover(body.encode(), "https://www.workercn.cn/")
    assert found == {"character": "人物", "edu": "教育", "acftu": "工会"}


MENU = '<a href="/character/">人物</a><a href="/edu/">教育</a><a href="/acftu/">工会</a>'


@pytest.mark.parametrize(
    "markup",
    [
        "{menu}<footer>{below}</footer>",
        '{menu}<div class="foot">{below}</div>',
        '{menu}<div class="w1200 footer"><p>{below}</p></div>',
        '{menu}<div id="site-footer">{below}</div>',
        '{menu}<div class="foot_links">{below}</div>',
        '<div class="has-sticky-footer">{menu}<div class="Footer2">{below}</div></div>',
        '<div class="football">{menu}</div><footer>{below}</footer>',
    ],
)
@pytest.mark.parametrize("body", ["", ' class="has-sticky-footer" id="foot"'])
def test_sections_of_the_home_page_without_its_footer(markup, body):
    inside = markup.format(menu=MENU, below='<a href="/company/">公司</a><a href="/x">x</a>')
    page = f"<html{body}><body{body}>{inside}</body></html>"
    found = sections.discover(page.encode(), "https://www.workercn.cn/")
    assert found == {"character": "人物", "edu": "教育", "acftu": "工会"}


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (
            "34179/202105/12/210512093011225.shtml",
            "http://www.workercn.cn/34179/202105/12/210512093011225.shtml",
        ),
        (
            "/34179/202105/12/210512093011225.shtml",
            "http://www.workercn.cn/34179/202105/12/210512093011225.shtml",
        ),
        (
            "http://www.workercn.cn//34179/202105/12/210512093011225_2.shtml",
            "http://www.workercn.cn/34179/202105/12/210512093011225.shtml",
        ),
        ("c/2021-12-01/6800001.shtml", "https://www.workercn.cn/c/2021-12-01/6800001.shtml"),
    ],
)
def test_json_of_2021(href, url):
    page = "http://www.workercn.cn/json/cj/34179_1.json"
    data = [{"href": href, "title": "镕甲"}, {"href": "/34179/34179.shtml"}]
    for codec in ("utf-8", "gb18030"):
        body = json.dumps(data, ensure_ascii=False).encode(codec)
        listing = parsers.read_json(body, page, "utf-8")
        assert [(entry.url, entry.title) for entry in listing.entries] == [(url, "镕甲")]
        assert listing.skipped == ["https://www.workercn.cn/34179/34179.shtml"]


def test_blogs_are_no_news():
    data = [ENTRY, {**ENTRY, "href": "/c/2026-09-01/8800002.shtml", "title": "【博客通讯】第9期"}]
    listing = parsers.read_json(json.dumps(data).encode(), JSON)
    assert [entry.id for entry in listing.entries] == ["8800001"]
    assert listing.no_news == 1
