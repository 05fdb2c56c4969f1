"""Home page, section pages and the JSON of older entries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from crawler.samplesite import Site
from crawler.samplesite.articles import CST, SECTIONS
from tests.samplesite.client import NOW

SAVED = Path(__file__).parents[3] / "shared/site/real/character-listing-2026-10-05.html"
ENTRY = re.compile(
    r'<li id="li_(?P<id>\d{7})">\s*<a href="(?P<href>[^"]+)" target="_blank">\s*'
    r'<img class="lazy" data-src="(?P<thumb>[^"]+_526x296c\.jpg)"\s*'
    r'alt="(?P<title>[^"]+)" title="(?P=title)"\s*src="(?P=thumb)" />\s*</a>\s*'
    r'<h3><a href="(?P=href)" target="_blank">(?P=title)</a></h3>\s*<div class="info">\s*'
    r'<div class="info1"><span class="media">(?P<label>.*?)</span></div>\s*'
    r'<div class="info2" style="float:left">(?P<time>.{19})</div>\s*'
    r'<span style="float:right">(?P<source>[^<]+)</span>\s*</div>\s*</li>'
)
Reader = Callable[[str], str]


def form(entry: re.Match[str]) -> str:
    """An entry's markup with its values taken out."""
    markup = entry[0].replace(f"{entry['label']}</span>", "{label}</span>")
    values = {name: value for name, value in entry.groupdict().items() if name != "label"}
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        markup = markup.replace(value, f"{{{name}}}")
    return markup


def entries(markup: str) -> list[dict[str, str]]:
    listing = markup.partition('<ul class="list">')[2].partition("</ul>")[0]
    assert ENTRY.sub("", listing).strip() == ""
    return [match.groupdict() for match in ENTRY.finditer(listing)]


def test_the_home_page_links_every_section_some_with_the_full_address(page: Reader) -> None:
    links = set(re.findall(r'href="([^"]+)"', page("/")))
    plain = {f"/{slug}/" for slug in SECTIONS} & links
    full = {f"https://www.workercn.cn/{slug}/" for slug in SECTIONS} & links
    assert plain
    assert full
    assert len(plain | full) >= 5


@pytest.mark.parametrize(
    "link",
    ["/about/", "/login/", "/search/", "/papers/", "/character/dgrw/", "https://www.acftu.org/"],
)
def test_the_home_page_links_what_is_no_section(page: Reader, link: str) -> None:
    assert f'href="{link}"' in page("/")


@pytest.mark.parametrize("slug", SECTIONS)
def test_a_section_page_has_27_entries_newest_first(page: Reader, slug: str) -> None:
    listed = entries(page(f"/{slug}/"))
    times = [entry["time"] for entry in listed]
    start = 1 if slug == "character" else 0  # one is pinned there
    assert len(listed) == 27
    assert times[start:] == sorted(times[start:], reverse=True)


def test_an_old_article_is_pinned_on_top_of_a_list(page: Reader) -> None:
    first, second, *rest = entries(page("/character/"))
    assert first["time"] < min(entry["time"] for entry in [second, *rest])
    assert first["id"] not in {entry["id"] for entry in rest}


@pytest.mark.skipif(not SAVED.exists(), reason="the saved page is not here")
def test_an_entry_is_written_as_on_the_saved_page_to_the_last_blank(page: Reader) -> None:
    saved = SAVED.read_text(encoding="utf-8").replace("\r\n", "\n")
    known = ENTRY.search(saved)
    assert known
    for match in ENTRY.finditer(page("/character/")):
        assert form(match) == form(known)
    assert len(ENTRY.findall(saved)) == 5


def test_the_labels_of_the_saved_page_occur(page: Reader) -> None:
    labels = {entry["label"] for slug in SECTIONS for entry in entries(page(f"/{slug}/"))}
    assert labels == {"滚动", "视频", '<font color="#ff0000">原创</font>'}


def test_side_boxes_link_articles_that_are_no_entries_of_the_list(page: Reader) -> None:
    for slug in SECTIONS:
        markup = page(f"/{slug}/")
        boxed = set(re.findall(r'<li><a href="/c/[^"]*/(\d+)\.shtml"', markup))
        assert len(boxed) >= 10
        assert not boxed & {entry["id"] for entry in entries(markup)}


def test_a_section_page_weighs_what_a_real_one_does(page: Reader) -> None:
    for slug in SECTIONS:
        assert 40_000 < len(page(f"/{slug}/").encode()) < 120_000


# --- older entries --------------------------------------------------------------------------


def objects(answer: Any) -> list[dict[str, Any]]:
    """The array of entries, wherever in the answer it is."""
    while not isinstance(answer, list):
        answer = next(value for value in answer.values() if isinstance(value, list | dict))
    return answer


def older(site: Site, slug: str) -> list[list[dict[str, Any]]]:
    pages = []
    while document := site.find("www.workercn.cn", f"/json/{slug}/index_{len(pages) + 2}.json"):
        pages.append(objects(json.loads(document.plain)))
    return pages


def address(entry: dict[str, Any]) -> str:
    return str(next(entry[key] for key in ("href", "url", "artUrl", "Link") if key in entry))


@pytest.mark.parametrize("slug", SECTIONS)
def test_section_page_and_json_list_every_article_of_the_truth_once(
    site: Site, page: Reader, slug: str
) -> None:
    listed = [entry["id"] for entry in entries(page(f"/{slug}/"))]
    for entry in [entry for entries in older(site, slug) for entry in entries]:
        listed += re.findall(r"/(\d{7})\.shtml$", address(entry))
    of_section = [
        record["id"]
        for record in site.truth()
        if slug in [section["slug"] for section in record["sections"]]
    ]
    assert sorted(listed, reverse=True) == of_section


def test_the_forms_of_the_json_differ(site: Site) -> None:
    seen = set()
    for slug in SECTIONS:
        document = site.find("www.workercn.cn", f"/json/{slug}/index_2.json")
        assert document
        answer = json.loads(document.plain)
        seen.add((type(answer), tuple(sorted(objects(answer)[0]))))
    assert len(seen) == len(SECTIONS)


@pytest.mark.parametrize(
    ("slug", "start"),
    [
        ("character", "/c/"),
        ("edu", "https://www.workercn.cn/c/"),
        ("acftu", "c/"),
        ("rights", "/c/"),
    ],
)
def test_addresses_are_relative_or_absolute(site: Site, slug: str, start: str) -> None:
    addresses = [address(entry) for entry in older(site, slug)[0]]
    assert any(each.startswith(start) for each in addresses)


def test_one_section_counts_milliseconds(site: Site) -> None:
    truth = {record["id"]: record["published_at"] for record in site.truth()}
    for entry in older(site, "rights")[0]:
        at = datetime.fromtimestamp(entry["date"] / 1000, CST)
        assert at.isoformat() == truth[address(entry)[-13:-6]]


def test_the_same_article_is_linked_under_two_hosts(site: Site, page: Reader) -> None:
    hosts: dict[str, set[str]] = {}
    for slug in SECTIONS:
        links = [entry["href"] for entry in entries(page(f"/{slug}/"))]
        links += [address(entry) for entries in older(site, slug) for entry in entries]
        for link in links:
            url = urljoin("https://www.workercn.cn/", link)
            hosts.setdefault(url[-13:-6], set()).add(url.split("/")[2])
    both = [number for number, names in hosts.items() if len(names) == 2]
    assert both
    assert hosts[both[0]] == {"www.workercn.cn", "news.workercn.cn"}
    for number in both:
        path = next(r["url"] for r in site.truth() if r["id"] == number)[23:]
        www, news = (site.find(host, path) for host in sorted(hosts[number], reverse=True))
        assert www is news is not None


# --- what happens between two crawls --------------------------------------------------------


def first_ids(site: Site, slug: str = "character") -> list[str]:
    document = site.find("www.workercn.cn", f"/{slug}/")
    assert document
    return [entry["id"] for entry in entries(document.plain.decode())]


def test_held_articles_appear_when_released() -> None:
    site, whole = Site(1, 60, NOW, held=5), Site(1, 60, NOW)
    assert len(site.truth()) == 55
    assert len(site.release()) == 5
    assert site.truth() == whole.truth()
    assert first_ids(site) == first_ids(whole)


def test_the_clock_goes_on_and_publishes_what_was_ahead() -> None:
    later = NOW + timedelta(days=3)
    site, whole = Site(1, 60, NOW, papers=4, ahead=5), Site(1, 60, NOW + timedelta(days=5))
    ids = [record["id"] for record in whole.truth()]
    published = [record["id"] for record in site.truth()]
    assert ids[-len(published) :] == published
    new = site.advance(later)
    assert [record["id"] for record in site.truth()] == [*new, *published]
    moments = [datetime.fromisoformat(r["published_at"]) for r in site.truth()]
    assert min(moments[: len(new)]) > NOW
    assert max(moments) <= later
    days = {record["id"][5:13] for record in site.truth("paper")}
    assert max(days) > f"{NOW:%Y%m%d}"
    assert min(days) <= f"{NOW:%Y%m%d}"
    site.advance(NOW + timedelta(days=5))
    assert [record["id"] for record in site.truth()] == ids


def test_a_revised_article_has_another_page_and_truth() -> None:
    site = Site(1, 60, NOW)
    record = site.truth()[20]
    path = record["url"][23:]
    before = site.find("", path)
    site.revise(record["id"], title="更正后的标题")
    after = site.find("", path)
    assert before
    assert after
    assert before.etag != after.etag
    assert before.modified
    assert after.modified
    assert before.modified < after.modified
    assert site.truth()[20] == {**record, "title": "更正后的标题"}


def test_a_withdrawn_article_is_gone_from_page_list_and_truth() -> None:
    site = Site(1, 60, NOW)
    number = first_ids(site)[3]
    path = next(r["url"] for r in site.truth() if r["id"] == number)[23:]
    site.withdraw(number)
    assert site.find("", path) is None
    assert number not in first_ids(site)
    assert number not in [record["id"] for record in site.truth()]


def test_an_article_that_is_added_stands_at_its_own_time() -> None:
    site = Site(seed=3, articles=60, now=NOW)
    before = [article["id"] for article in site.truth()]
    story = site.withdraw(before[20])
    assert story.id not in {article["id"] for article in site.truth()}
    site.add(story)
    assert [article["id"] for article in site.truth()] == before
    assert site.find("", story.path) is not None
    assert site.story(story.id).modified == site.now


def test_the_paper_rests_on_holidays() -> None:
    days = {piece["published_at"][:10] for piece in Site(now=NOW, papers=9).truth("paper")}
    holiday = date.fromisoformat(max(days))
    site = Site(now=NOW, papers=9, holidays=[holiday])
    assert {piece["published_at"][:10] for piece in site.truth("paper")} == days - {max(days)}
    assert site.find("", f"/papers/grrb/{holiday:%Y/%m/%d}/1/page.html") is None


def test_an_unknown_article_cannot_be_revised_or_withdrawn() -> None:
    site = Site(1, 10, NOW)
    with pytest.raises(KeyError, match="no published article 1234567"):
        site.withdraw("1234567")
    with pytest.raises(KeyError, match="no published article 1234567"):
        site.revise("1234567", title="无")
