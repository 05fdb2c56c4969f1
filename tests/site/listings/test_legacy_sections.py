"""Section pages of the legacy site: GBK, lists of every template, addresses of every kind."""

import pytest

from crawler.site.listings import legacy_sections
from crawler.site.listings.parsers import ListingError

NEWS = "http://news.workercn.cn/32841/32841.shtml"
NUMBER = "190118124637372"


def gbk(body, title="时政-中工网"):
    head = f'<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}</title>'
    return f"<html><head>{head}</head><body>{body}</body></html>".encode("gb18030")


def read(body, url=NEWS, **more):
    return legacy_sections.read(gbk(body, **more), url)


LIST = """<div class="nav"><ul><li><a href="/32841/32841.shtml">时政</a></li>
<li><a href="/32842/201901/01/190101000000001.shtml">推广</a></li></ul></div>
<ul id="leftList">
<li><a href="/32841/201901/18/190118124637372.shtml">工会送温暖到工地</a><span>[2019-01-18 12:46]</span></li>
<li><a href="http://news.workercn.cn//32847//201901/18/190118113005119.shtml">镕基厂的老师傅</a><em>01-18</em></li>
<li><a href="201901/17/190117221510007.shtml">一月十七日夜班</a></li>
<li><a href="//32841/201901/17/190117090000450.shtml" title="题目在这里"></a><i>2019-01-17</i></li>
<li><a href="http://news.workercn.cn/32841/201901/17/190117083000001.shtml">博客通讯第三期</a></li>
<li><a href="http://big5.workercn.cn/big5/hb.workercn.cn/33001/201901/16/190116100000222.shtml">湖北新聞</a></li>
<li><a href="http://www.workercn.cn/c/2022-03-01/6900001.shtml">新站的文章</a></li>
<li><a href="http://blog.workercn.cn/u/17">某人的博客</a></li>
</ul><a href="javascript:;">首页</a> <a href="32841_2.shtml"> 下一页 </a>"""


def test_the_list_of_a_section():
    listing = read(LIST)
    assert [(e.id, e.title, e.published) for e in listing.entries] == [
        (NUMBER, "工会送温暖到工地", "2019-01-18 12:46"),
        ("190118113005119", "镕基厂的老师傅", "01-18"),
        ("190117221510007", "一月十七日夜班", None),
        ("190117090000450", "题目在这里", "2019-01-17"),
        ("190116100000222", "湖北新聞", None),
        ("6900001", "新站的文章", None),
    ]
    assert [e.url for e in listing.entries[:5]] == [
        "http://news.workercn.cn/32841/201901/18/190118124637372.shtml",
        "http://news.workercn.cn/32847/201901/18/190118113005119.shtml",
        "http://news.workercn.cn/32841/201901/17/190117221510007.shtml",
        "http://news.workercn.cn/32841/201901/17/190117090000450.shtml",
        "http://hb.workercn.cn/33001/201901/16/190116100000222.shtml",
    ]
    assert listing.name == "时政"
    assert listing.skipped == ["http://blog.workercn.cn/u/17"]
    assert listing.no_news == 1
    assert listing.next_url == "http://news.workercn.cn/32841/32841_2.shtml"
    assert listing.warnings == []


@pytest.mark.parametrize("charset", [None, "utf-8", "gb2312", "iso-8859-1"])
def test_the_header_does_not_decide_the_charset(charset):
    listing = legacy_sections.read(gbk(LIST), NEWS, charset)
    assert listing.entries[1].title == "镕基厂的老师傅"  # 镕 is not in GB2312


ENTRY = f'<a href="/32841/201901/18/{NUMBER}.shtml">'


@pytest.mark.parametrize(
    "body",
    [
        f"<ul><li><h3>{ENTRY}某标题</a></h3><p>2018年1月1日，某地……</p><span>2019-01-18 12:46:37</span></li></ul>",
        f'<ul class="imgtxt1"><li>{ENTRY}<img src="1.jpg"></a><h3>{ENTRY}某标题</a></h3><div>2019-01-18 12:46:37</div></li></ul>',
        f'<ul class="imgtxt1"><li>{ENTRY}<img src="1.jpg"></a><div>{ENTRY}某标题</a></div>2019-01-18 12:46:37</li></ul>',
        f'<ul id="leftList"><li>· [<a href="/32841/32841.shtml">时政</a>] {ENTRY}某标题</a> <font>(2019-01-18 12:46:37)</font></li></ul>',
        f"<ul id=leftList><li>{ENTRY}某标题</a> 2019-01-18 12:46:37<li>{ENTRY}某标题</a> 2019-01-18 12:46:37</ul>",
    ],
)
def test_the_lists_of_the_templates(body):
    listing = read(body)
    assert [(e.id, e.title, e.published) for e in listing.entries] == [
        (NUMBER, "某标题", "2019-01-18 12:46:37")
    ]
    assert (listing.skipped, listing.warnings, listing.no_news) == ([], [], 0)


def test_several_articles_in_one_item_have_no_time():
    other = '<a href="/32841/201901/18/190118000000001.shtml">另一条</a>'
    listing = read(f'<ul id="leftList"><li>{ENTRY}某标题</a>{other}<i>2019-01-18</i></li></ul>')
    assert [(e.title, e.published) for e in listing.entries] == [("某标题", None), ("另一条", None)]


def test_a_page_of_another_shape_is_read_and_said():
    modern = """<ul class="list"><li id="li_8907001"><div>
        <a href="/c/2022-10-02/8907001.shtml">新站的标题</a></div></li></ul><a href="/about/">关于我们</a>"""
    listing = read(modern, "http://news.workercn.cn/")
    assert [e.url for e in listing.entries] == [
        "https://news.workercn.cn/c/2022-10-02/8907001.shtml"
    ]
    assert listing.warnings == [
        "listing: no ul#leftList, ul.imgtxt1 or li > h3 with an article; 1 entries read by their links"
    ]


@pytest.mark.parametrize(
    "pager",
    [
        "",
        '<a href="javascript:goPage(2)">下一页</a>',
        '<a href="#">下一页</a>',
        '<a href="32841.shtml">下一页</a>',
        '<a href="32841_2.shtml">尾页</a>',
    ],
)
def test_no_next_page(pager):
    assert read(f'<ul id="leftList"><li>{ENTRY}某标题</a></li></ul>{pager}').next_url is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (gbk('<ul id="leftList"></ul>'), "no_entries"),
        (gbk("<p>您访问的页面不存在</p>"), "no_entries"),
        (b"[]", "no_entries"),
    ],
)
def test_a_page_that_lists_nothing(body, reason):
    with pytest.raises(ListingError) as caught:
        legacy_sections.read(body, NEWS)
    assert caught.value.reason == reason
