"""A page must be the article asked for: other articles' pages, redirects, validators."""

from __future__ import annotations

import time
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.end_to_end.test_walk import DAY as SHOWN
from tests.end_to_end.test_walk import article, item, listing, site, url
from tests.support.harness import crawl, published
from tests.support.nights_apart import DAY, START, at, failed_checks

DAY_SHOWN = datetime.fromisoformat(SHOWN)
TITLES = {
    1000001: "高温天里的建筑工地加装了喷雾降温设备",
    1000002: "女职工维权热线开通十年接听来电两万次",
    1000003: "港口集卡司机用手机就能预约进闸时间",
    1000004: "山区小学的食堂换了新灶台和消毒柜",
    1000005: "铁路焊轨车间的师徒三代都是全国劳模",
}


class Pages(dict):
    """A list is the answers to the first, the second … request, the last for all beyond."""

    def get(self, path):
        found = super().get(path)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


def page(number, title=None, head="", text=None):
    """The same text for every number, but where there is a `text`."""
    body = article(0).replace("第0号职工学堂开课", title or TITLES[number])
    if text:
        body = body.replace("第0号车间的职工学堂在厂区开课", text)
    return f"<head>{head}</head>{body}" if head else body


def own(number):
    """Each with a text of its own."""
    return page(number, text=f"{TITLES[number]}，记者来到现场")


def edu(numbers, **more):
    titles = {number: TITLES[number] for number in numbers} | more.pop("titles", {})
    return {"/edu/": listing(*(item(n, title=titles[n]) for n in numbers))}


def by_id(run):
    return {int(record["id"]): record for record in run.records}


def night(tmp_path, pages, *words):
    with site(Pages(pages)) as (mirror, asked):
        return crawl(tmp_path, mirror, "sections=edu", *words), asked


@pytest.mark.parametrize("order", [[1000001, 1000002], [1000002, 1000001]])
def test_another_articles_page_is_no_article(tmp_path, order):
    """1000002's address shows 1000001, whichever of the two is asked for first."""
    wrong = own(1000001)
    pages = edu(order) | {url(1000001): own(1000001), url(1000002): [wrong, own(1000002)]}
    run, _ = night(tmp_path, pages)
    assert by_id(run)[1000001]["title"] == TITLES[1000001]
    if 1000002 in by_id(run):  # it came first, and was asked for again at the end
        assert [r["title"] for r in run.records if r["id"] == "1000002"][-1] == TITLES[1000002]
    else:
        assert run.reasons == [("parse", "same_page")]
    run, _ = night(tmp_path, pages)
    newest = {record["id"]: record["title"] for record in published(tmp_path)}
    assert newest == {"1000001": TITLES[1000001], "1000002": TITLES[1000002]}


def test_a_story_under_two_ids_is_two_records_without_a_warning(tmp_path):
    titles = {1000001: TITLES[1000001], 1000002: TITLES[1000001]}
    pages = edu(titles, titles=titles)
    pages |= {url(n): page(n, TITLES[1000001]) for n in titles}
    run, asked = night(tmp_path, pages)
    assert run.code == 0, run.last_line
    assert set(by_id(run)) == set(titles)
    assert not any("same" in warning for record in run.records for warning in record["warnings"])
    assert sum(path.startswith("/c/") for path in asked) == 2


def test_a_notice_that_a_column_repeats(tmp_path):
    """Several in a night, listed in other words than its heading has."""
    titles = dict.fromkeys(TITLES, "欢迎来稿")
    pages = edu(titles, titles=titles)
    pages |= {url(n): page(n, "《职工书屋》栏目长期征文启事") for n in titles}
    run, asked = night(tmp_path, pages)
    assert run.code == 0, run.last_line
    assert set(by_id(run)) == set(titles)
    assert sum(path.startswith("/c/") for path in asked) == len(titles)


@pytest.mark.parametrize("slow", [1000001, 1000002])
def test_a_notice_of_another_week_in_this_ones_place(tmp_path, slow):
    """Its words and its title are the same, its time is not; 1000002 shows that of 1000001."""
    days = {1000001: DAY_SHOWN - 6 * DAY, 1000002: DAY_SHOWN}
    said = {number: f"{day:%Y-%m-%d} 12:00" for number, day in days.items()}
    notice = "《职工书屋》栏目长期征文启事"
    shown = {n: page(n, notice).replace(f"{DAY_SHOWN:%Y-%m-%d} 12:00", said[n]) for n in days}
    shown[1000001] = shown[1000001].replace("于小淑", "王浩")
    address = {number: url(number, f"{day:%Y-%m-%d}") for number, day in days.items()}
    entries = [item(n, f"{said[n]}:00", f"{days[n]:%Y-%m-%d}", title=notice) for n in days]

    class OneAfterTheOther(Pages):
        def get(self, path):
            if str(slow) in path:
                time.sleep(0.5)
            return super().get(path)

    pages = {
        "/edu/": listing(*entries),
        address[1000001]: shown[1000001],
        address[1000002]: [shown[1000001], shown[1000002]],
    }
    with site(OneAfterTheOther(pages)) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=edu")
        if 1000002 not in by_id(run):  # else it came first, and was asked for again at the end
            assert run.reasons == [("parse", "same_page")]
            run = crawl(tmp_path, mirror, "sections=edu")
    newest = {record["id"]: record for record in published(tmp_path)}
    named = {id_: [one["name"] for one in record["editors"]] for id_, record in newest.items()}
    assert named == {"1000001": ["王浩"], "1000002": ["于小淑"]}


def test_a_story_in_the_paper_and_on_the_web_is_two_records(tmp_path):
    site = Site(articles=40, now=clock.now(), papers=3)
    printed = max(site.truth("paper"), key=lambda story: len(story["body"]))
    web = next(s for s in site._stories if "edu" in s.sections and not s.pinned)
    words = tuple(printed["body"].split("\n\n"))
    site.revise(web.id, title=printed["title"], paragraphs=words, pictures=())
    with serve(site) as server:
        run = crawl(tmp_path, server.url, "sections=edu,paper")
    assert run.code == 0, run.last_line
    found = {r["id"]: r for r in run.records if r["title"] == printed["title"]}
    assert set(found) == {printed["id"], web.id}
    assert len({r["body"] for r in found.values()}) == 1
    assert not any("same" in warning for r in found.values() for warning in r["warnings"])


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="contentid" content="{}">',
        '<meta content="{}" name="contentid">',
        '<script>_zcms_stat("SiteID=122&Type=Article&LeafID={}&Dest=x")</script>',
        '<link rel="canonical" href="https://www.workercn.cn/c/2026-10-02/{}.shtml">',
    ],
)
def test_a_reworded_title_and_the_pages_own_word(tmp_path, head):
    titles = {1000001: TITLES[1000001], 1000002: TITLES[1000005]}
    pages = edu(titles, titles=titles)
    pages |= {url(n): page(n, TITLES[1000001], head.format(n)) for n in titles}
    run, asked = night(tmp_path, pages)
    assert run.code == 0, run.last_line
    assert set(by_id(run)) == set(titles)
    assert sum(path.startswith("/c/") for path in asked) == 2


def test_short_texts_may_be_the_same(tmp_path):
    short = "<title>{0} - 教育 - 中工网</title><h1>{0}</h1><div>来源：中工网 2026-10-02 12:00</div><div><p>详见视频。</p></div>"
    pages = edu([1000001, 1000002]) | {
        url(n): short.format(TITLES[1000001]) for n in (1000001, 1000002)
    }
    run, _ = night(tmp_path, pages)
    assert set(by_id(run)) == {1000001, 1000002}


def test_one_body_under_three_ids_fails_a_check_and_the_first_is_asked_for_again(tmp_path):
    wrong = page(1000001, "系统维护公告请各位网友稍后再来访问本站")
    numbers = [1000001, 1000002, 1000003, 1000004]
    pages = edu(numbers) | {url(n): [wrong, own(n)] for n in numbers}
    run, asked = night(tmp_path, pages)
    assert run.code == 3
    assert "same_pages" in run.last_line
    assert run.reasons == [("parse", "same_page")] * 3
    assert sum(path.startswith("/c/") for path in asked) == 5
    assert [(r["revision"], r["change"]) for r in run.records] == [(1, "new"), (2, "updated")]
    assert run.records[-1]["title"] == TITLES[int(run.records[0]["id"])]
    assert "title" in run.records[-1]["changed_fields"]


def test_a_gallery_in_every_articles_place(tmp_path):
    """It has no text: its pictures tell that it is the same."""
    site = Site(seed=5, articles=150, now=START, ahead=2, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        assert at(START, tmp_path, server.url, "sections=all").code == 0
        site.advance(START + DAY)
        gallery = next(story for story in site._stories if story.kind == "gallery")
        server.inject(f"/c/*:as={gallery.path}")
        done = at(START + DAY, tmp_path, server.url, "sections=all")
    assert done.code == 3
    assert "same_pages" in failed_checks(done)
    wrong = {r["id"] for r in done.records if r["title"] == gallery.title} - {gallery.id}
    assert len(wrong) <= 1  # the first, which is asked for again


def legacy(number):
    return f"/32841/202610/02/2610021200{number % 100:02}372.shtml"


def legacy_page(number, text, pager=""):
    return (
        f"<title>{TITLES[number]}-新闻-中工网</title><h1 class='ctitle'>{TITLES[number]}</h1>"
        "<div class='signdate'><span>2026-10-02 12:00:00</span><span>中工网</span></div>"
        f"<div class='ccontent'><p>{text}，老师傅们围在一起商量新的办法。</p><p>{text * 8}</p>{pager}</div>"
        "<div class='editor'>责任编辑：于小淑</div>"
    )


def test_page_two_of_another_article(tmp_path):
    pager = '<input name="__totalpage" value="2"><center></center>'
    numbers = [1000001, 1000002]
    entries = "".join(
        f"<li><h3><a href='{legacy(n)}'>{TITLES[n]}</a></h3><span>2026-10-02 12:00</span></li>"
        for n in numbers
    )
    pages = {"/32841/32841.shtml": f"<title>新闻-中工网</title><ul id='leftList'>{entries}</ul>"}
    for n in numbers:
        pages[legacy(n)] = legacy_page(n, f"{TITLES[n]}，记者来到现场", pager)
        second = legacy_page(1000001, "第二页的正文从这里开始讲")
        pages[legacy(n).replace(".shtml", "_2.shtml")] = second
    with site(Pages(pages)) as (mirror, _):
        run = crawl(tmp_path, mirror, "sections=legacy:news/32841")
    assert [(one["url"], one["reason"]) for one in run.rejects] == [
        (f"http://news.workercn.cn{legacy(1000002)}", "same_page")
    ]


# --- redirects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/", "/index.shtml", "/edu/", "/edu", "/character/index.shtml"])
def test_an_article_that_leads_to_a_list_is_missing(tmp_path, target):
    pages = edu([1000001, 1000002]) | {url(n): own(n) for n in (1000001, 1000002)}
    night(tmp_path, pages)
    away = (302, {"Location": f"https://www.workercn.cn{target}"})
    pages |= {
        "/": listing(item(1000001)),
        "/character/": listing(item(1000001)),
        url(1000002): away,
    }
    pages |= {target: pages["/edu/"]}
    run, _ = night(tmp_path, pages, "full=1")
    assert run.manifest["counts"]["missing"] == 1
    assert run.rejects == []


def test_an_unknown_article_that_leads_to_a_list_is_a_reject(tmp_path):
    pages = edu([1000001, 1000002]) | {url(1000001): own(1000001)}
    pages[url(1000002)] = (302, {"Location": "https://www.workercn.cn/"})
    pages["/"] = listing(item(1000001))
    run, _ = night(tmp_path, pages)
    assert run.reasons == [("parse", "redirected")]


def test_validators_go_to_their_own_address_only(tmp_path):
    """A redirect to an article that is older than what was known would be answered with 304."""
    with serve(Site(articles=40, now=clock.now())) as server:
        words = ("sections=edu", "pages=1")
        first = crawl(tmp_path, server.url, *words)
        old, target = (urlsplit(record["url"]).path for record in first.records[:2])
        server.inject(f"{old}:redirect={target}")
        server.requests.clear()
        run = crawl(tmp_path, server.url, *words, "recheck_days=30")
    assert (run.reasons, run.manifest["counts"]["missing"]) == ([], 1)
    asked = [request.headers for request in server.requests if request.path == target]
    validated = [{"if-none-match", "if-modified-since"} & set(headers) for headers in asked]
    assert sorted(map(bool, validated)) == [False, True]


def test_a_304_behind_a_redirect_says_nothing(tmp_path):
    pages = edu([1000001, 1000002]) | {url(n): own(n) for n in (1000001, 1000002)}
    night(tmp_path, pages)
    pages[url(1000002)] = (302, {"Location": f"https://www.workercn.cn{url(1000003)}"})
    pages[url(1000003)] = 304
    run, _ = night(tmp_path, pages, "sections=edu", "full=1")
    assert run.reasons == [("fetch", "http_304")]
    assert run.manifest["counts"]["unchanged"] == 1  # the other one
