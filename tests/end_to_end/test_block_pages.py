"""Block pages in every mode of a crawl: a reject with its reason, and never a record."""

from __future__ import annotations

import json

import pytest

from tests.end_to_end.test_walk import article, item, listing, url
from tests.end_to_end.test_walk import site as walked_site
from tests.support.harness import crawl
from tests.support.hostile import page, serve

DAY = "2026-10-02"
RANGE = range(1000001, 1000007)
WALL = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>您的访问被拦截</title></head><body>"
    "<h1>您的访问被拦截</h1><p>您的请求疑似攻击行为，当前访问已被网站防火墙拦截，请联系网站管理员，并提供下面的事件编号。"
    f"</p><p>事件编号：7f3c9a2e 时间：{DAY} 09:06:11</p></body></html>"
)
# its words are in no table; it shows a time
UNKNOWN_WALL = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>会客室</title></head><body><h1>会客室</h1>"
    f"<p>{DAY} 12:00</p><p>请拼出图中的汉字。</p><img src='/captcha.png'></body></html>"
)
# dated and signed as an article is, and of no layout: only beside the first page it is seen
GUEST_ROOM = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>会客室</title></head><body><h1>会客室</h1>"
    f"<p>{DAY} 12:00 来源：会客室</p><p>这会儿来的人多，坐下喝杯茶，过一刻钟再进去看看。</p></body></html>"
)
SCRIPT = "<html><head><script>document.cookie='a=b';location.reload()</script></head><body></body></html>"
LONG = "http://character.workercn.cn/32850/201711/03/171103093005117"
FIRST = """<html><head><meta charset=utf-8><title>一座矿山的四十年-人物-中工网</title></head><body>
<h1 class="ctitle">一座矿山的四十年</h1><div class="signdate"><span>2017-11-03 09:30:05</span><span>来源：中工网</span></div>
<div class="ccontent"><p>四十年前，第一批工人来到这座矿山时，山里只有一条小溪和几户人家，路还没有修通，粮食要靠人背进来。</p>
<p>后来矿上建起了宿舍、学校和医院，最多的时候这里住着上万人，晚上的灯光从山脚一直亮到山腰。</p>
<input type="hidden" name="__totalpage" value="2" /></div></body></html>"""
SECOND = """<html><head><meta charset=utf-8><title>一座矿山的四十年(2)-人物-中工网</title></head><body>
<h1 class="ctitle">一座矿山的四十年</h1><div class="ccontent"><p>如今，老工人们回到矿山，看见当年种下的树已经成林，都说这四十年没有白过，孩子们也都在城里安了家。</p></div>
<div class="editor">责任编辑：于小淑</div></body></html>"""


def by_urls(tmp_path, answers, *addresses):
    (tmp_path / "urls.txt").write_text("\n".join(addresses))
    with serve(answers) as server:
        return crawl(
            tmp_path / "output",
            server.url,
            f"urls={tmp_path / 'urls.txt'}",
            MAX_REJECT_SHARE=1,
            MAX_FAILED_SHARE=1,
            RETRY_TIMES=0,
        )


def test_addresses_and_further_pages(tmp_path):
    """The article of two pages is whole where both came; half of it is none."""
    path = LONG.removeprefix("http://character.workercn.cn")
    other = path.replace("117", "118")
    third = path.replace("117", "119")
    fourth = path.replace("117", "120")
    fifth = path.replace("117", "121")
    answers = {
        f"/c/{DAY}/8000001.shtml": page(WALL),
        f"/c/{DAY}/8000002.shtml": page(SCRIPT),
        f"{path}.shtml": page(FIRST),
        f"{path}_2.shtml": page(SECOND),
        f"{other}.shtml": page(FIRST),
        f"{other}_2.shtml": page(WALL),
        f"{third}.shtml": page(FIRST),
        f"{third}_2.shtml": page(SCRIPT),
        f"{fourth}.shtml": page(FIRST),
        f"{fourth}_2.shtml": page(GUEST_ROOM),
        f"{fifth}.shtml": page(FIRST),
        f"{fifth}_2.shtml": page("Warning: mysqli_connect(): Connection refused in /data/db.php"),
    }
    host = "https://www.workercn.cn"
    long = "http://character.workercn.cn"
    run = by_urls(
        tmp_path,
        answers,
        f"{host}/c/{DAY}/8000001.shtml",
        f"{host}/c/{DAY}/8000002.shtml",
        f"{long}{path}.shtml",
        f"{long}{other}.shtml",
        f"{long}{third}.shtml",
        f"{long}{fourth}.shtml",
        f"{long}{fifth}.shtml",
    )
    (record,) = run.records
    assert record["url"] == f"{LONG}.shtml"
    assert record["body"].endswith("安了家。")
    rejects = {one["url"].rpartition("/")[2]: (one["stage"], one["reason"]) for one in run.rejects}
    assert rejects == {
        "8000001.shtml": ("parse", "block_page"),
        "8000002.shtml": ("parse", "block_page"),
        f"{other.rpartition('/')[2]}.shtml": ("parse", "block_page"),
        f"{third.rpartition('/')[2]}.shtml": ("parse", "block_page"),
        f"{fourth.rpartition('/')[2]}.shtml": ("fetch", "missing_page"),
        f"{fifth.rpartition('/')[2]}.shtml": ("parse", "block_page"),
    }


def test_articles_of_a_listing(tmp_path):
    """A time on it, also one outside the window, changes nothing."""
    pages = {
        "/edu/": listing(item(1000001), item(1000002), item(1000003), item(1000004, None)),
        f"/c/{DAY}/1000002.shtml": WALL,
        f"/c/{DAY}/1000003.shtml": UNKNOWN_WALL,
        f"/c/{DAY}/1000004.shtml": WALL.replace(DAY, "2026-09-01"),
    }
    with walked_site(pages) as (mirror, _):
        run = crawl(
            tmp_path, mirror, "sections=edu", f"since={DAY}", f"until={DAY}", MAX_REJECT_SHARE=1
        )
    assert [record["id"] for record in run.records] == ["1000001"]
    assert run.reasons == [("parse", "block_page")] * 3


def test_a_short_notice_stays_one(tmp_path):
    """One sentence, no source, words of a maintenance page, and the listing's title."""
    notice = (
        "<title>系统维护公告 - 教育 - 中工网</title><h1>系统维护公告</h1><div>2026-10-02 12:00</div>"
        "<div><p>职工学堂选课系统正在维护，预计10月3日恢复，请稍后再试。</p></div>"
    )
    pages = {
        "/edu/": listing(item(1000001, title="系统维护公告"), item(1000002)),
        f"/c/{DAY}/1000001.shtml": notice,
        f"/c/{DAY}/1000002.shtml": article(1000002).replace("学习新的技能", "请输入验证码"),
    }
    with walked_site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", f"since={DAY}", f"until={DAY}")
    assert run.rejects == []
    assert {record["id"] for record in run.records} == {"1000001", "1000002"}


@pytest.mark.parametrize(
    "answer", [WALL, json.dumps({"code": 503, "msg": "系统繁忙，请稍后再试", "data": None})]
)
def test_a_listing_that_is_a_block_page_has_failed(tmp_path, answer):
    """Not the end of the section: what it would have listed is unknown."""
    pages = {"/edu/": listing(item(1000001)), "/json/edu/index_2.json": answer}
    with walked_site(pages) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu", "since=2026-09-01", f"until={DAY}")
    assert ("listing", "block_page") in run.reasons
    assert run.code == 3, run.last_line


def test_favourite_articles_under_an_error_are_no_listing(tmp_path):
    """Nor is a home page in whose navigation such a page stands; a list of another class is one."""
    links = "".join(
        f'<li><a href="{url(n)}">第{n}号职工学堂开课</a> {DAY} 12:00</li>' for n in RANGE
    )
    error = "<title>中工网</title><a href='/edu/'>教育</a><h1>您访问的页面不存在</h1><p>5秒后返回首页</p>"
    pages = {"/edu/": error + f"<h2>热门文章</h2><ul>{links}</ul>", "/": error}
    with walked_site(pages) as (mirror, _):
        run = crawl(tmp_path / "1", mirror, "sections=all", f"since={DAY}", f"until={DAY}")
    assert run.records == []
    blocked = {reject["url"] for reject in run.rejects if reject["reason"] == "block_page"}
    assert blocked == {"https://www.workercn.cn/", "https://www.workercn.cn/edu/"}
    assert run.code == 3, run.last_line
    words = "<p>您的浏览器版本过低，请升级。</p>"
    pages = {"/edu/": f"<title>教育 - 中工网</title>{words}<ul>{links}</ul>"}
    with walked_site(pages) as (mirror, _):
        run = crawl(tmp_path / "2", mirror, "sections=edu", f"since={DAY}", f"until={DAY}")
    assert len(run.records) == len(RANGE)
