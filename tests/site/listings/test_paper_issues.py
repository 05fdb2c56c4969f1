"""The paper: the plates of an issue and the stories of a plate."""

import pytest

from crawler.site.listings import paper_issues
from crawler.site.listings.paper_issues import Plate
from crawler.site.listings.parsers import ListingError

FRONT = "https://www.workercn.cn/papers/grrb/2024/07/12/1/page.html"
FOLDER = "https://www.workercn.cn/papers/grrb/2024/07/12"

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>工人日报-中工网</title></head><body>
<div class="date"><a href="/papers/grrb/2024/07/11/1/page.html">上一期</a></div>
<div class="holder"><ul id="pageUrl">
<li><a href="#"></a><a href="/papers/grrb/2024/07/12/1/page.html">第01版：要闻</a>
  <a class="pdf" href="/papers/grrb/2024/07/12/1/grrb202407121.pdf">PDF</a></li>
<li><a href="#"></a><a href="../02/page.html">第02版：新闻</a><a class="pdf" href="../02/grrb2024071202.pdf"></a></li>
<li><a class="pdf" href="javascript:;"></a><a href="/papers/grrb/2024/07/12/3/page.html">第03版：广告</a></li>
<li><a href="javascript:;">返回</a></li>
</ul></div>
<div class="holder"><ul id="pageTitle">
<li><a href="news-1.html">产改让技能更有“分量”</a></li>
<li><a href="/papers/grrb/2024/07/12/1/news-2.html"><span>一线</span>
   工人的夏天</a></li>
<li><a href="/papers/grrb/2024/07/12/1/news-2.html">一线工人的夏天</a></li>
<li><a href="/papers/grrb/2024/07/12/1/news-3.html" title="图片新闻"></a></li>
<li><a href="/about/">广告</a></li></ul></div></body></html>"""


def test_plates():
    assert paper_issues.read_plates(PAGE.encode(), FRONT) == [
        Plate(1, f"{FOLDER}/1/page.html", f"{FOLDER}/1/grrb202407121.pdf"),
        Plate(2, f"{FOLDER}/02/page.html", f"{FOLDER}/02/grrb2024071202.pdf"),
        Plate(3, f"{FOLDER}/3/page.html", None),
    ]


def test_stories():
    listing = paper_issues.read_stories(PAGE.encode(), FRONT)
    assert [(e.id, e.url, e.title, e.published) for e in listing.entries] == [
        ("grrb-20240712-1-1", f"{FOLDER}/1/news-1.html", "产改让技能更有“分量”", None),
        ("grrb-20240712-1-2", f"{FOLDER}/1/news-2.html", "一线 工人的夏天", None),
        ("grrb-20240712-1-3", f"{FOLDER}/1/news-3.html", "图片新闻", None),
    ]
    assert listing.name == "工人日报"
    assert listing.skipped == ["https://www.workercn.cn/about/"]
    assert listing.warnings == []


def test_a_plate_of_advertisement_has_no_stories():
    body = '<div class="holder"><ul id="pageTitle"></ul></div>'
    assert paper_issues.read_stories(body.encode(), FRONT).entries == []


@pytest.mark.parametrize(
    ("read", "body", "reason"),
    [
        (paper_issues.read_plates, "", "empty"),
        (paper_issues.read_plates, "<p>404</p>", "no_plates"),
        (paper_issues.read_plates, '<ul id="pageUrl"><li><a href="/"></a></li></ul>', "no_plates"),
        (paper_issues.read_stories, "\n", "empty"),
        (paper_issues.read_stories, "<p>今日休刊</p>", "no_entries"),
    ],
)
def test_a_page_that_is_none(read, body, reason):
    with pytest.raises(ListingError) as caught:
        read(body.encode(), FRONT)
    assert caught.value.reason == reason
