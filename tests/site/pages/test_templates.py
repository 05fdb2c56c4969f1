"""What the proven templates add to the page reader: selectors, pagers, advertising, file names."""

from __future__ import annotations

import pytest

from crawler.site import page_table

URL = "http://news.workercn.cn/32841/201901/18/190118124637372.shtml"
NAME = URL.removesuffix(".shtml")
TITLE = "把暖意送到工地上"
TEXT = (
    "<p>1月17日清晨，某市地铁5号线工地的食堂里已经冒起热气，姜汤和棉手套摆满了两张长桌。</p>"
    "<p>据介绍，某市总工会今年为一百二十个在建工地建立了暖心驿站，配备热水和药箱。</p>"
)
TIME = "2019-01-18 12:46:37"


def page(text=TEXT, signdate=f"<span>{TIME}</span><span>来源：中工网</span>", **parts):
    heading = parts.get("heading", f'<h1 class="ctitle">{TITLE}</h1>')
    title = parts.get("title", f"{TITLE}-时政-中工网")
    html = (
        f"<html><head><title>{title}</title></head><body><div><a href='/'>首页</a></div>{heading}"
        f'<div class="signdate">{signdate}</div><div class="ccontent">{text}</div>'
        f"{parts.get('after', '')}<div>Copyright © 2019 中工网</div></body></html>"
    )
    return page_table.parse(html.encode("gb18030"), parts.get("url", URL))


# --- heading, time, source --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signdate", "published", "source"),
    [
        (f"<span>{TIME}</span><span>来源：新华社</span>", TIME, "来源：新华社"),
        (f"<span>{TIME}</span><span>新华社</span>", TIME, "新华社"),
        (f"<span>{TIME}来源：新华社</span>", TIME, "来源：新华社"),
        (f"<span>新华社</span><span>{TIME}</span>", TIME, "新华社"),
        (f"<span>{TIME}</span><span></span><span>新华社</span>", TIME, "新华社"),
        (f"<span>{TIME}</span><span>作者：张三</span><span>新华社</span>", TIME, "新华社"),
        (f"<span>{TIME}</span><span>分享到：</span><span>打印</span>", TIME, None),
        (f"<span>{TIME}</span><span>来源：</span>", TIME, None),
        ("<span>2019年1月18日 12:46</span><span>新华社</span>", "2019年1月18日 12:46", "新华社"),
    ],
)
def test_time_and_source(signdate, published, source):
    read = page(signdate=signdate)
    assert (read.published, read.source) == (published, source)
    assert read.extracted_by["published_at"] == "template"
    assert read.extracted_by.get("source") == (source and "template")
    assert read.missed is None


def test_a_byline_under_an_empty_source_label_is_no_source():
    read = page(signdate=f"<p>{TIME}</p><p>来源：</p><p>工人日报—中工网记者 黄晓燕</p>")
    assert (read.source, read.authors) == (None, ["工人日报—中工网记者 黄晓燕"])


@pytest.mark.parametrize(
    ("parts", "title", "by", "warns", "missed"),
    [
        ({}, TITLE, "template", False, None),
        ({"title": ""}, TITLE, "template", False, None),
        ({"title": f"{TITLE}——寒冬里的驿站-时政-中工网"}, TITLE, "template", False, None),
        (
            {"heading": '<h1 class="ctitle">把暖意<br>送到工地上</h1>'},
            TITLE,
            "template",
            False,
            None,
        ),
        # what stands in the template's place is not what the title tag says
        ({"title": "另一个标题-时政-中工网"}, TITLE, "template", True, None),
        (
            {"heading": f'<h1 class="ctitle">图片频道</h1><h2>{TITLE}</h2>'},
            TITLE,
            "label",
            True,
            None,
        ),
        ({"heading": f"<h2>{TITLE}</h2>"}, TITLE, "label", False, "legacy-a"),
        ({"heading": ""}, TITLE, "meta", False, "legacy-a"),
        (
            {"heading": "", "title": "2019年全国GDP-财经-中工网"},
            "2019年全国GDP",
            "meta",
            False,
            "legacy-a",
        ),
    ],
)
def test_title(parts, title, by, warns, missed):
    read = page(**parts)
    assert (read.title, read.extracted_by["title"]) == (title, by)
    assert any(one.startswith("title: ") for one in read.warnings) is warns
    assert read.missed == missed


@pytest.mark.parametrize(
    ("text", "missed"),
    [("", "legacy"), ("<script>var x = 1;</script>", "legacy"), ("<p>分享到：</p>", "legacy-a")],
)
def test_a_text_that_is_elsewhere(text, missed):
    read = page(text, after=f'<div class="txt">{TEXT}</div>')
    assert len(read.blocks) == 2
    assert read.extracted_by["body"] == "generic"
    assert read.missed is not None
    assert read.missed.startswith("legacy")
    assert (read.title, read.published) == (TITLE, TIME)


@pytest.mark.parametrize(
    ("shown", "warned"),
    [
        ("2019-01-18 12:46:37", False),
        ("2019-01-19 08:00", False),
        ("2019-01-17 13:00:00", False),
        ("2019-01-19 13:00:00", True),
        ("2019-01-17 12:00:00", True),
    ],
)
def test_the_file_name_says_when_it_was_filed(shown, warned):
    read = page(signdate=f"<span>{shown}</span>")
    warning = f"published_at: the page says {shown}, the file name {TIME}"
    assert (warning in read.warnings) is warned


def test_nobody_behind_the_label_is_nobody():
    crumbs = "<div>您当前的位置：<a href='/'>中工网</a> &gt; 时政 &gt; 正文</div>"
    heading = f'{crumbs}<h1 class="ctitle">{TITLE}</h1>'
    for signdate in (
        f"<span>{TIME}</span><span>来源：</span>",
        f"<span>{TIME}</span><span>来源：作者：张三</span>",
        f"<span>{TIME}</span><span>来源：</span><span>记者 张三</span>",
    ):
        assert page(heading=heading, signdate=signdate).source is None


@pytest.mark.parametrize("line", ["本报评论员", "作者：网络整理", "本报记者 张三", "（张三 李四）"])
def test_a_byline_leaves_the_text_whoever_it_names(line):
    read = page(f"<p>{line}</p>{TEXT}")
    assert [block.text[:2] for block in read.blocks] == ["1月", "据介"]
    assert read.authors == [line]


# --- the paper --------------------------------------------------------------------------------

STORY = "https://www.workercn.cn/papers/grrb/2024/07/12/6/news-2.html"
PICTURES = (
    '<div id="imgs"><p><img src="res/1.jpg" alt="供水点"></p><p>工人在工地的饮水点补水</p>'
    '<p><img src="res/2.jpg"></p><p>驿站里的电风扇</p></div>'
)


def story(**parts):
    html = (
        f'<title>{TITLE}-工人日报-中工网</title><h1 id="ctitle">{TITLE}</h1>{parts.get("over", "")}'
        f'{PICTURES}<div id="ccontent"><p>作者：董楠，万晨曦</p>{TEXT}</div>{parts.get("under", "")}'
    )
    return page_table.parse(html.encode(), STORY)


def test_pictures_apart_from_the_text():
    read = story()
    assert [(one.url[-9:], one.caption) for one in read.pictures] == [
        ("res/1.jpg", "工人在工地的饮水点补水"),
        ("res/2.jpg", "驿站里的电风扇"),
    ]
    assert [block.text[:2] for block in read.blocks] == ["", "", "1月", "据介"]
    assert (read.title, read.subtitle) == (TITLE, None)
    assert read.authors == ["作者：董楠，万晨曦"]


@pytest.mark.parametrize(
    ("under", "pdf"),
    [
        ("", None),
        ('<a class="pdf" href="grrb202407126.pdf">PDF</a>', "grrb202407126.pdf"),
        ('<a class="pdf" href="../5/grrb202407125.pdf">PDF</a>', None),  # another plate's
        ('<a class="pdf" href="javascript:;">PDF</a>', None),
    ],
)
def test_the_pdf_of_the_plate(under, pdf):
    place = {"plate": 6, "story": 2, "pdf": pdf and STORY.replace("news-2.html", pdf)}
    assert story(under=under).paper == place


def test_the_paper_is_its_own_source_and_its_address_the_time():
    read = story(over="<div>2024-07-15 10:00 来源：新华社</div>")
    assert (read.source, read.published) == ("工人日报", "2024/07/12")
    assert read.extracted_by["published_at"] == "url"
    assert read.warnings == []


# --- several pages ----------------------------------------------------------------------------

LINKS = '<a href="javascript:go(1)">1</a> <a href="javascript:go(2)">2</a>'


@pytest.mark.parametrize(
    ("pager", "further", "probe"),
    [
        ("", [], None),
        ('<input name="__totalpage" value="1"><center></center>', [], None),
        ('<input name="__totalpage" value="2">', [f"{NAME}_2.shtml"], None),
        (
            f'<input type="hidden" name="__totalpage" value=" 3 "><center>{LINKS}</center>',
            [f"{NAME}_2.shtml", f"{NAME}_3.shtml"],
            None,
        ),
        (f"<center>{LINKS}</center>", [], f"{NAME}_2.shtml"),
        (f'<div class="pages">上一页 {LINKS} 下一页</div>', [], f"{NAME}_2.shtml"),
        ("<center><span onclick='go(2)'>下一页</span></center>", [], f"{NAME}_2.shtml"),
        ("<center><script>createPageHTML(3, 0);</script></center>", [], f"{NAME}_2.shtml"),
        (f'<input name="__totalpage" value="x"><center>{LINKS}</center>', [], f"{NAME}_2.shtml"),
        (f'<input name="__totalpage" value="9999"><center>{LINKS}</center>', [], f"{NAME}_2.shtml"),
        ("<center><a href='javascript:window.close()'>关闭</a></center>", [], None),
        ("<center>（完）</center>", [], None),
        ("<center><a href='javascript:go(1)'>1</a></center>", [], None),
    ],
)
def test_pager(pager, further, probe):
    read = page(TEXT + pager)
    assert (read.further, read.probe) == (further, probe)
    assert [block.text[:2] for block in read.blocks[:2]] == ["1月", "据介"]
    assert not any("下一页" in block.text or block.text == "1 2" for block in read.blocks)


def test_the_next_page_to_try_is_the_one_after_this():
    read = page(f"{TEXT}<center>{LINKS}</center>", url=f"{NAME}_2.shtml")
    assert (read.url, read.probe) == (URL, f"{NAME}_3.shtml")


# --- advertising ------------------------------------------------------------------------------

PICTURE = '<p><img src="/files/201901/18/1.jpg" alt="工会干部发放棉手套"></p>'
BARE = '<p align="center"><img src="/files/201901/18/2.jpg"></p>'


@pytest.mark.parametrize(
    ("text", "kept", "warns"),
    [
        (
            TEXT + '<p><a href="http://shop.example/"><img src="/files/201901/18/9.jpg"></a></p>',
            0,
            False,
        ),
        (TEXT + '<img src="/images/ad/640.jpg">', 0, False),
        (TEXT + '<p><img src="/images/banner3.jpg"></p>', 0, False),
        (TEXT + '<p><img src="/images/3.jpg" class="adv"></p>', 0, False),
        (TEXT + '<p><img src="/images/3.jpg" alt="广告"></p>', 0, False),
        (TEXT + '<p><img src="/images/3.jpg" alt="公益广告推广位"></p>', 0, False),
        (PICTURE + TEXT + '<p><img src="/images/end.gif"></p>', 1, False),
        (BARE + TEXT + '<p><img src="/images/end.gif"></p>', 1, False),
        # what may be the article's stays, and is said
        (PICTURE + TEXT + BARE, 2, True),
        (TEXT + BARE, 1, True),
        # what are no advertisements
        (TEXT + PICTURE, 1, False),
        (BARE + TEXT, 1, False),
        (TEXT + BARE + "<p>图为发放现场。</p>", 1, False),
        (TEXT + BARE + '<p><img src="/files/201901/18/3.jpg"></p>', 2, False),
        (
            BARE
            + TEXT
            + '<a href="/files/201901/18/2b.jpg"><img src="/files/201901/18/3.jpg"></a>',
            2,
            False,
        ),
        (
            BARE + TEXT + f'<a href="{NAME}_2.shtml"><img src="/files/201901/18/3.jpg"></a>',
            2,
            False,
        ),
        (BARE, 1, False),
    ],
)
def test_the_picture_at_the_end(text, kept, warns):
    read = page(text)
    assert len(read.pictures) == kept
    assert sum(not block.text for block in read.blocks) == kept
    assert any("ends the text" in warning for warning in read.warnings) is warns
    assert ("images" in read.extracted_by) is bool(kept)
