"""What `scrapy doctor` says of one thing: a listing, an article, a clock, a package."""

from __future__ import annotations

import re
import socket
from datetime import timedelta
from email.utils import format_datetime

import pytest
from scrapy.http import HtmlResponse, JsonResponse, Response
from scrapy.settings import Settings

from crawler import clock
from crawler import settings as project
from crawler.doctor import article_rows, connection, listing_rows, page_shape
from crawler.doctor.listing_rows import ListingPage
from crawler.doctor.result_rows import at, bug
from crawler.doctor.trial import TrialArticle
from crawler.downloader import server_time
from crawler.items import ListingEntry, Reject
from crawler.pipelines.stage import chain
from crawler.site import page_table, urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import listing_pages, parsers
from crawler.spiders import responses

SETTINGS = Settings({name: value for name, value in vars(project).items() if name.isupper()})
HOUR = timedelta(hours=1)


# --- listings that nobody has seen ------------------------------------------------------------

EDU = "https://www.workercn.cn/edu/"
ITEM = (
    '<li id="li_{n}"><h3><a href="{href}">甲乙丙丁{n}</a></h3><div class="info2">{time}</div></li>'
)


def listing(items, head=""):
    return f"<title>教育 - 中工网</title>{head}<ul class=list>{''.join(items)}</ul>"


def page(body, url=EDU):
    return HtmlResponse(url, body=body.encode(), headers={"Content-Type": "text/html"})


def items(form, number=27, time=None):
    now = clock.now_in_cst()
    for n in range(8907000, 8907000 + number):
        at = now - (n - 8907000) * HOUR
        shown = f"{at:%Y-%m-%d %H:%M:%S}" if time is None else time
        yield ITEM.format(
            n=n, href=form.format(day=at.date(), n=n, path=f"{at:%Y/%m/%d}"), time=shown
        )


ARTICLE = "/c/{day}/{n}.shtml"


def first(answer, slug="edu", url=EDU, **more):
    """The row of what the crawl makes of it."""
    reject = None
    try:
        listing_pages.identify(url).read(answer.body, answer.url, None)
    except ListingError as error:
        reject = Reject(url, "listing", error.reason, str(error))
    return listing_rows.row(ListingPage(slug, url, answer, reject, **more), "教育")


def older(answer, shown=27):
    return first(answer, url=urls.section_json("edu", 2), number=2, shown=shown)


def test_a_section_as_it_should_be():
    row = first(page(listing(items(ARTICLE))))
    assert (row.verdict, row.entries, row.name) == ("ok", 27, "edu 教育")
    assert row.seen.startswith("27 entries, newest 20")


@pytest.mark.parametrize(
    ("body", "verdict", "found", "look_at"),
    [
        (
            listing(items("/content/{path}/t{n}.html")),
            "fails",
            "0 of 27 links look like an article's (/c/DAY/ID.shtml); nearest forms: /content/20",
            "crawler/site/urls.py: identify; crawler/site/listings/parsers.py: read_page",
        ),
        (
            '<script src="/app.js"></script><div id="app"></div>',
            "fails",
            "0 of 0 links look like an article's (/c/DAY/ID.shtml); 0 ul.list, 0 li, 0 of them with "
            "a time; a page of 51 bytes with 1 scripts, titled ''",
            "crawler/site/listings/parsers.py: read_page; crawler/site/sections.toml: deny",
        ),
        (
            listing(items(ARTICLE)).replace("<li", "<div").replace("</li", "</div"),
            "fails",
            "27 of 27 links look like an article's (/c/DAY/ID.shtml); 1 ul.list, 0 li",
            "crawler/site/listings/parsers.py: read_page",
        ),
        (
            listing(items(ARTICLE)).replace("class=list", "class=news"),
            "doubt",
            "another list than that; 27 entries read by their links and times",
            "crawler/site/listings/parsers.py: read_page",
        ),
        (
            listing(items("/content/{path}/{n}.html")),
            "doubt",
            "27 of 27 have an older generation's, such as http://www.workercn.cn/content/20",
            "crawler/site/urls.py: identify",
        ),
        (
            listing(items(ARTICLE, time="下周一")),
            "fails",
            "27 of 27 show none that can be: nothing",
            "crawler/text/dates.py: parse",
        ),
        (
            listing([*items(ARTICLE, 20), *items("/c/{day}/9{n}.shtml", 5, "2001-01-01 08:00")]),
            "doubt",
            "5 of 25 show none that can be: 2001-01-01 08:00 (2001-01-01 08:00 is more than 2 days",
            "crawler/text/dates.py: parse",
        ),
        (
            listing([*items(ARTICLE, 5), *items("/content/{path}/t{n}.html", 20)]),
            "fails",
            "20 of 25 entries lead elsewhere; 5 of 25 links look like",
            "crawler/site/listings/parsers.py: read_page",
        ),
        (
            listing([ITEM.format(n=1, href="/c/2020-03-01/8000001.shtml", time="2020-03-01 08:00")]),
            "doubt",
            "days old",
            "crawler/site/sections.toml: deny",
        ),
    ],
)  # fmt: skip
def test_a_section_of_another_shape(body, verdict, found, look_at):
    row = first(page(body))
    assert row.verdict == verdict
    (problem,) = row.problems
    assert found in problem.found
    assert look_at in problem.look_at


def test_a_section_that_has_moved_is_read_and_said():
    row = first(page(listing(items(ARTICLE)), "https://www.workercn.cn/jiaoyu/"))
    assert (row.verdict, row.entries) == ("doubt", 27)
    assert row.problems[0].found == "leads to https://www.workercn.cn/jiaoyu/"


def json_page(body, status=200):
    url = urls.section_json("edu", 2)
    kind = {"Content-Type": "application/json"}
    return JsonResponse(url, body=body.encode(), status=status, headers=kind)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            '{"code": 0, "data": {"rows": [{"aid": 1, "t": "甲", "u": "/content/2026/11/22/1.html"}]}}',
            "the longest array has 1 objects, the keys of one: aid, t, u",
        ),
        ('{"code": 0, "data": {"rows": [{"aid": 1}]}}', "the keys of one: aid"),
        ('{"code": 500, "msg": "error"}', "the longest array has 0 objects, the keys of one: none"),
        ("[]", "none, behind 27 on the first page"),
        ("<html>", "not JSON"),
    ],
)
def test_older_entries_of_another_shape(body, found):
    row = older(json_page(body))
    assert row.verdict == "fails"
    assert found in row.problems[0].found
    assert "crawler/site/listings/parsers.py: read_json" in row.problems[0].look_at


def test_unknown_addresses_in_json_are_shown():
    body = '[{"aid": 1, "u": "/content/2026/11/22/1.html"}, {"aid": 2, "u": "/content/2026/11/22/2.html"}]'
    (problem,) = older(json_page(body)).problems
    assert "nearest forms: /content/2026/11/22/1.html (2)" in problem.found
    assert problem.look_at.startswith("crawler/site/urls.py: identify")


@pytest.mark.parametrize(("shown", "verdict"), [(12, "skipped"), (27, "fails")])
def test_no_older_entries(shown, verdict):
    """A section whose first page is not full has no second; of a full one it has to be there."""
    assert older(json_page("", 404), shown).verdict == verdict


def test_a_legacy_page_of_another_shape():
    body = '<title>新闻</title><a href="/a/201901/t18.htm">一条新闻的标题</a>'
    url = "http://news.workercn.cn/32841/32841.shtml"
    row = first(page(body, url), "legacy:news/32841", url)
    (problem,) = row.problems
    assert "nearest forms: http://news.workercn.cn/a/201901/t18.htm (1)" in problem.found
    assert "crawler/site/listings/legacy_sections.py: read" in problem.look_at


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([EDU, urls.HOME, "https://www.workercn.cn/c/2026-11-22/8907000.shtml"], []),
        (["https://www.workercn.cn/about/index.html"], ["/about/index.html (1)"]),
        (
            [f"https://www.workercn.cn/a/2026/{n}.html?x=1" for n in (10, 9, 8)]
            + ["https://m.workercn.cn/wap/123456"],
            ["/a/2026/10.html (3)", "https://m.workercn.cn/wap/123456 (1)"],
        ),
    ],
)
def test_nearest_forms(addresses, expected):
    assert page_shape.nearest(addresses) == expected


# --- articles ---------------------------------------------------------------------------------

TEXT = "".join(
    f"<p>{'会议强调，要创新工作举措，确保取得实实在在的成效，推动产业工人队伍建设改革。' * 2}</p>"
    for _ in range(4)
)
URL = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"
GOOD = f"""<!DOCTYPE html><html><head><title>山东滨州推动产改取得新突破 - 经济 - 中工网</title></head><body>
<h1>山东滨州推动产改取得新突破</h1><div><span>来源：中工网</span> <span>2024-02-29 09:06</span></div>
<div class="con">{TEXT}</div><div>责任编辑：于小淑</div></body></html>"""


def look(body, url=URL, title="山东滨州推动产改取得新突破", published="2024-02-29 09:06:00"):
    """What the crawl makes of it, as a row."""
    seen, answer = article(body, url, title, published)
    return article_rows.row(seen, answer)


def article(body, url=URL, title="山东滨州推动产改取得新突破", published="2024-02-29 09:06:00"):
    entry = ListingEntry(URL, "8163816", title, published, "中工网")
    answer = page(body, url)
    seen = TrialArticle(entry, "edu", page_table.parse(answer.body, url))
    seen.page.entry, seen.page.fetched_at = entry, clock.now()
    seen.item = seen.page
    if none := responses.no_article(seen.page, entry):
        seen.item, seen.page = none, None
    for stage in chain(SETTINGS):
        seen.item = stage.process_item(seen.item)
    return seen, answer


def test_an_article_as_it_should_be():
    row = look(GOOD)
    assert (row.verdict, row.missing, row.name) == ("ok", ["authors"], "8163816")
    assert row.seen == ("label: title, source, published_at, editors; generic: body; none: authors")


@pytest.mark.parametrize(
    ("old", "new", "verdict", "expected", "found", "look_at"),
    [
        ("来源：中工网", "出处 中工网", "doubt", "来源", "nearest: 出处 中工网", "attribution.py: source"),
        ("来源：中工网", "", "doubt", "来源", "nothing like it on the page", "attribution.py: source"),
        ("2024-02-29 09:06", "", "doubt", "a time", "nothing like it", "published.py: find"),
        ("责任编辑：于小淑", "本版编辑~于小淑", "doubt", "责任编辑", "本版编辑~于小淑", "attribution.py: people"),
        (TEXT, "", "fails", "paragraphs", "0 lines of 20 characters", "body.py: find"),
        ("山东滨州推动产改取得新突破( - 经济 - 中工网)?", "", "fails", "a heading", "headings: none", "heading.py: find"),
        ("滨州推动", "聊城推动", "doubt", "agree", "the page says 山东聊城推动产改取得新突破", None),
    ],
)  # fmt: skip
def test_an_article_without_something(old, new, verdict, expected, found, look_at):
    row = look(re.sub(old, new, GOOD))
    assert row.verdict == verdict, row
    problem = next(one for one in row.problems if one.severity == row.verdict.replace("ok", ""))
    assert expected in problem.expected
    assert found in problem.found
    assert (look_at or "") in (problem.look_at or "")


def test_an_article_without_an_editor_is_no_doubt():
    assert look(GOOD.replace("于小淑", "")).verdict == "ok"
    assert look(GOOD.replace("于小淑", "系统管理员")).verdict == "ok"


def test_another_page_in_the_articles_place():
    row = look("<title>安全验证</title><h1>安全验证</h1>" + TEXT)
    assert row.verdict == "fails"
    assert "block_page" in row.problems[0].found
    row = look("<title>服务站里话家常</title><h1>服务站里话家常</h1>" + TEXT)
    assert row.verdict == "fails"
    assert "another_page" in row.problems[0].found


@pytest.mark.parametrize(
    ("number", "without", "verdict"),
    [(3, 3, "ok"), (6, 5, "ok"), (6, 6, "fails"), (20, 10, "ok"), (20, 11, "fails")],
)
def test_a_field_that_hardly_any_article_has(number, without, verdict):
    """Few articles tell little: editors are expected in half of twenty, in one of six."""
    signed = GOOD.replace(TEXT, TEXT + "<p>（孙川 葛红普）</p>")
    read = [article(signed.replace("责任编辑：于小淑", "")) for _ in range(without)]
    read += [article(signed) for _ in range(number - without)]
    row = article_rows.coverage([seen.page for seen, _ in read], SETTINGS)
    assert row.verdict == verdict
    assert row.coverage["editors"] == round((number - without) / number, 4)
    assert f"editors {number - without}/{number}" in row.seen


def test_where_an_exception_came_from():
    try:
        urls.identify("javascript:x")
    except ValueError as error:
        problem = bug(error)
    assert problem.look_at == "crawler/site/urls.py: _split"
    assert problem.found == "ValueError: 'javascript:x' is no http(s) address"


def test_a_place_to_look_at():
    places = at(parsers.read_page, parsers.read_json)
    assert places == "crawler/site/listings/parsers.py: read_page and read_json"
    assert at(urls.identify) == "crawler/site/urls.py: identify"  # behind its cache


# --- the way to the site ----------------------------------------------------------------------


def answered(off=timedelta(), **headers):
    date = format_datetime(clock.now() - off, usegmt=True)
    theirs = server_time.said_by(Response(urls.HOME, headers={"Date": date, **headers}))
    return theirs and (clock.now(), theirs)


@pytest.mark.parametrize(
    ("clocks", "verdict", "seen"),
    [
        (answered(), "ok", "as the site's"),
        (answered(timedelta(seconds=40)), "ok", "(39|40|41) s ahead of the site's"),
        (answered(timedelta(seconds=-40)), "ok", "(39|40|41) s behind the site's"),
        (answered(timedelta(seconds=90)), "fails", "(89|90|91) s ahead"),
        (answered(-8 * HOUR), "fails", "behind the site's"),
        (answered(HOUR, Age="3600"), "ok", "as the site's"),
        (answered(Date=""), "skipped", "no answer with a Date header"),
        (answered(Date="gestern"), "skipped", "no answer with a Date header"),
        (None, "skipped", "no answer"),
    ],
)
def test_the_clock(clocks, verdict, seen):
    row = connection.system_clock(clocks)
    assert row.verdict == verdict
    assert re.search(seen, row.seen)
    assert "does not matter" in row.seen


KEPT = {EDU: "robots.txt of www.workercn.cn could not be had: reset"}


def rules(status, body=b""):
    return Response(urls.HOME + "robots.txt", status=status, body=body)


@pytest.mark.parametrize(
    ("answer", "kept_from", "verdict", "words"),
    [
        (rules(200, b"User-agent: *\nDisallow: /login/"), {}, "ok", "answered 200"),
        (rules(403), {}, "ok", "answered 403, lets through all"),
        (rules(404), {}, "ok", "answered 404"),
        (rules(503), KEPT, "fails", "answered 503"),
        (None, KEPT, "fails", "could not be had: reset"),
        (None, {}, "fails", "could not be read"),
        (rules(200, b"User-agent: *\nDisallow: /"), KEPT, "fails", "forbids 1 of"),
        (rules(200, b"User-agent: *\nCrawl-delay: 10"), {}, "doubt", "1 s"),
        (rules(200, b"User-agent: *\nCrawl-delay: 0.5"), {}, "ok", "lets through all"),
        (rules(403, b"User-agent: *\nCrawl-delay: 10"), {}, "ok", "lets through all"),
        (rules(200, b"\xff\xfe\x00<html>"), {}, "ok", "lets through all"),
    ],
)
def test_robots(answer, kept_from, verdict, words):
    row = connection.robots(SETTINGS, urls.HOST, answer, kept_from)
    assert row.verdict == verdict
    assert any(words in said for said in (row.seen, *(one.found for one in row.problems)))


@pytest.mark.parametrize(
    ("host", "chosen", "verdict", "said"),
    [
        ("8.8.8.8", (), "ok", "8.8.8.8 is 8.8.8.8"),
        ("localhost", (), "fails", "leads to the private address"),
        ("localhost", ("localhost",), "ok", "localhost is "),
        ("nobody.invalid", (), "fails", "nobody.invalid has no address here"),
    ],
)
def test_names(host, chosen, verdict, said):
    row = connection.names(host, 443, frozenset(chosen))
    assert row.verdict == verdict
    assert said in (row.problems[0].found if row.problems else row.seen)


def test_a_proxy_finds_the_site_by_itself(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert {row.verdict for row in connection.way(SETTINGS)} == {"skipped"}


def test_a_port_that_is_closed():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        mirror = f"https://127.0.0.1:{unused.getsockname()[1]}"
        *_, row = connection.way(Settings({**SETTINGS, "MIRROR_URL": mirror}))
    assert (row.name, row.verdict, row.seen) == ("TLS", "fails", "no connection")
    assert "Connection refused" in row.problems[0].found
