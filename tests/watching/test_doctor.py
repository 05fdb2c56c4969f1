"""What `scrapy doctor` says of one thing: a listing, an article, a clock, a package."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from email.utils import format_datetime
from importlib import import_module

import pytest
from scrapy.http import HtmlResponse, JsonResponse, Response
from scrapy.settings import Settings

from crawler import clock
from crawler import settings as project
from crawler.items import Entry
from crawler.pipelines.stage import chain
from crawler.site import urls
from crawler.spiders.kinds import Legacy, Modern
from crawler.watching.doctor import articles, connection, listings, shapes
from crawler.watching.doctor.answers import bug
from tests.support.harness import ROOT

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


def first(answer, section=None):
    section = section or Modern("edu")
    url = section.next_url()
    section.page += 1
    return listings.first(section, answer, url).row


def older(answer, shown=27):
    section = Modern("edu")
    section.page = 1
    url = section.next_url()
    section.page += 1
    return listings.older(section, answer, url, shown).row


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
            "crawler/site/urls.py: identify; crawler/site/listings.py: read_page",
        ),
        (
            '<script src="/app.js"></script><div id="app"></div>',
            "fails",
            "0 of 0 links look like an article's (/c/DAY/ID.shtml); 0 ul.list, 0 li, 0 of them with "
            "a time; a page of 51 bytes with 1 scripts, titled ''",
            "crawler/site/listings.py: read_page; crawler/site/sections.toml: deny",
        ),
        (
            listing(items(ARTICLE)).replace("<li", "<div").replace("</li", "</div"),
            "fails",
            "27 of 27 links look like an article's (/c/DAY/ID.shtml); 1 ul.list, 0 li",
            "crawler/site/listings.py: read_page",
        ),
        (
            listing(items(ARTICLE)).replace("class=list", "class=news"),
            "doubt",
            "no ul.list; 27 entries read by their links and times",
            "crawler/site/listings.py: read_page",
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
            "crawler/site/listings.py: read_page",
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
    assert "crawler/site/listings.py: read_json" in row.problems[0].look_at


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
    row = first(
        page(body, "http://news.workercn.cn/32841/32841.shtml"), Legacy("legacy:news/32841")
    )
    (problem,) = row.problems
    assert "nearest forms: http://news.workercn.cn/a/201901/t18.htm (1)" in problem.found
    assert "crawler/site/legacy_sections.py: read" in problem.look_at


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
    assert shapes.nearest(addresses) == expected


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
    entry = Entry(URL, "8163816", title, published, "中工网")
    answer = url if isinstance(url, Response) else page(body, url)
    return articles.look(answer, entry, "edu", chain(SETTINGS))


def test_an_article_as_it_should_be():
    row = look(GOOD).row
    assert (row.verdict, row.missing, row.name) == ("ok", ["authors"], "8163816")
    assert row.seen == ("label: title, source, published_at, editors; generic: body; none: authors")


@pytest.mark.parametrize(
    ("old", "new", "verdict", "expected", "found", "look_at"),
    [
        ("来源：中工网", "出处 中工网", "doubt", "来源", "nearest: 出处 中工网", "attribution.py: source"),
        ("来源：中工网", "", "doubt", "来源", "nothing like it on the page", "attribution.py: source"),
        ("2024-02-29 09:06", "", "doubt", "a time", "nothing like it", "published.py: find"),
        ("责任编辑：于小淑", "本版编辑~于小淑", "doubt", "责任编辑", "本版编辑~于小淑", "attribution.py: editors"),
        (TEXT, "", "fails", "paragraphs", "0 lines of 20 characters", "body.py: find"),
        ("山东滨州推动产改取得新突破( - 经济 - 中工网)?", "", "fails", "a heading", "headings: none", "heading.py: find"),
        ("滨州推动", "聊城推动", "doubt", "agree", "the page says 山东聊城推动产改取得新突破", None),
    ],
)  # fmt: skip
def test_an_article_without_something(old, new, verdict, expected, found, look_at):
    row = look(re.sub(old, new, GOOD)).row
    assert row.verdict == verdict, row
    problem = next(one for one in row.problems if one.severity == row.verdict.replace("ok", ""))
    assert expected in problem.expected
    assert found in problem.found
    assert (look_at or "") in (problem.look_at or "")


def test_an_article_without_an_editor_is_no_doubt():
    assert look(GOOD.replace("于小淑", "")).row.verdict == "ok"
    assert look(GOOD.replace("于小淑", "系统管理员")).row.verdict == "ok"


def test_another_page_in_the_articles_place():
    row = look("<title>安全验证</title><h1>安全验证</h1>" + TEXT).row
    assert row.verdict == "fails"
    assert "block_page" in row.problems[0].found
    row = look("<title>服务站里话家常</title><h1>服务站里话家常</h1>" + TEXT).row
    assert row.verdict == "fails"
    assert "another_page" in row.problems[0].found


def test_a_file_in_the_articles_place():
    answer = Response(URL, body=b"%PDF", headers={"Content-Type": "application/pdf"})
    row = look("", answer).row
    assert row.problems[0].found == f"{URL} is application/pdf"


@pytest.mark.parametrize(
    ("number", "without", "verdict"),
    [(3, 3, "ok"), (6, 5, "ok"), (6, 6, "fails"), (20, 10, "ok"), (20, 11, "fails")],
)
def test_a_field_that_hardly_any_article_has(number, without, verdict):
    """Few articles tell little: editors are expected in half of twenty, in one of six."""
    signed = GOOD.replace(TEXT, TEXT + "<p>（孙川 葛红普）</p>")
    looks = [look(signed.replace("责任编辑：于小淑", "")) for _ in range(without)]
    looks += [look(signed) for _ in range(number - without)]
    row = articles.coverage([one.page for one in looks])
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


def test_every_place_to_look_at_is_there():
    """`crawler/site/listings.py: read_page and read_json`, wherever the doctor says such a thing."""
    source = "".join(
        path.read_text("utf-8") for path in (ROOT / "crawler/watching/doctor").glob("*.py")
    )
    places = re.findall(r"(crawler/[\w/]+\.(?:py|toml)): ([\w ]+)", source)
    assert len(places) >= 15
    for file, words in places:
        assert (ROOT / file).is_file(), file
        names = [name for name in words.split(" and ") if file.endswith(".py")]
        for name in names:
            module = import_module(file.removesuffix(".py").replace("/", "."))
            assert hasattr(module, name), (file, name)


# --- the way to the site ----------------------------------------------------------------------


def answered(off=timedelta(), **headers):
    date = format_datetime(clock.now() - off, usegmt=True)
    return connection.clocks(Response(urls.HOME, headers={"Date": date, **headers}))


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


@pytest.mark.parametrize(
    ("rules", "refused", "verdict", "words"),
    [
        (connection.Rules(200, b"User-agent: *\nDisallow: /login/"), [], "ok", "answered 200"),
        (connection.Rules(404, b""), [], "ok", "answered 404"),
        (connection.Rules(503, b""), [], "fails", "answered 503"),
        (None, [], "fails", "could not be had"),
        (connection.Rules(200, b"User-agent: *\nDisallow: /"), [EDU], "fails", "forbids 1 of"),
        (connection.Rules(200, b"User-agent: *\nCrawl-delay: 10"), [], "doubt", "1 s"),
        (connection.Rules(200, b"User-agent: *\nCrawl-delay: 0.5"), [], "ok", "lets through all"),
        (connection.Rules(200, b"\xff\xfe\x00<html>"), [], "ok", "lets through all"),
    ],
)
def test_robots(rules, refused, verdict, words):
    row = connection.robots(SETTINGS, urls.HOST, rules, refused)
    assert row.verdict == verdict
    assert any(words in said for said in (row.seen, *(one.found for one in row.problems)))


@pytest.mark.parametrize(
    ("host", "verdict", "seen"),
    [("localhost", "ok", "localhost is "), ("nobody.invalid", "doubt", "no address")],
)
def test_names(monkeypatch, host, verdict, seen):
    monkeypatch.setattr(urls, "HOST", host)
    row = asyncio.run(connection.names(SETTINGS))
    assert row.verdict == verdict
    assert row.seen.startswith(seen)
