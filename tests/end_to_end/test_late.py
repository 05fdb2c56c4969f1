"""A place in a list is not a time: what is published late, moves, or changes in a listing is found."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from crawler.samplesite import Site, serve
from tests.end_to_end.test_walk import article, item, listing, site
from tests.support.harness import published
from tests.support.nights_apart import DAY, START, at, gaps, ids

HOUR = timedelta(hours=1)


def stamp(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S")


class Section:
    """A section page of 27 entries and JSON pages of as many, over articles as {id: moment}."""

    def __init__(self, *moments, size=27):
        self.size = size
        self.entries = [(1000001 + place, moment) for place, moment in enumerate(moments)]
        self.titles = {}
        self.shown = {}  # id -> time as the listing writes it

    def add(self, number, moment, place=None):
        """By its time, or at a place."""
        if place is None:
            place = sum(one >= moment for _, one in self.entries)
        self.entries.insert(place, (number, moment))

    def pages(self):
        pages = {}
        for number, begin in enumerate(range(0, len(self.entries), self.size), 1):
            some = self.entries[begin : begin + self.size]
            if number == 1:
                pages["/edu/"] = listing(*(self._item(*one) for one in some))
            else:
                entries = [self._entry(*one) for one in some]
                pages[f"/json/edu/index_{number}.json"] = json.dumps(entries)
        for id_, moment in self.entries:
            page = article(id_, moment.strftime("%Y-%m-%d %H:%M"))
            pages[path(id_, moment)] = page.replace(f"第{id_}号职工学堂开课", self._title(id_))
        return pages

    def _title(self, id_):
        return self.titles.get(id_, f"第{id_}号职工学堂开课")

    def _item(self, id_, moment):
        time = self.shown.get(id_, stamp(moment))
        return item(id_, time, moment.strftime("%Y-%m-%d"), self._title(id_))

    def _entry(self, id_, moment):
        time = self.shown.get(id_, stamp(moment))
        return {"href": path(id_, moment), "title": self._title(id_), "time": time}


def path(id_, moment):
    return f"/c/{moment:%Y-%m-%d}/{id_}.shtml"


def every(hours, number, newest=START - HOUR):
    return [newest - place * hours * HOUR for place in range(number)]


def nights(tmp_path, section, *words, job="nightly"):
    """A function that runs a night so many days after the first, and what it asked for."""

    def night(number):
        with site(section.pages()) as (mirror, asked):
            words_ = ("sections=edu", *words)
            done = at(START + number * DAY, tmp_path, mirror, *words_, job=job)
        return done, [one for one in asked if one != "/robots.txt" and "/c/" not in one]

    return night


def known(tmp_path):
    return {int(id_) for id_ in ids(tmp_path)}


def test_an_unchanged_night_costs_one_page(tmp_path):
    section = Section(*every(6, 60))
    night = nights(tmp_path, section)
    night(0)
    assert night(1)[1] == ["/edu/"]
    assert night(2)[1] == ["/edu/"]


def test_an_unchanged_night_costs_the_pages_that_a_day_spans(tmp_path):
    """Forty entries a day: down to the start of the last run less a day."""
    section = Section(*every(0.6, 200))
    night = nights(tmp_path, section, "pages=6", job="crawl")
    night(0)
    assert night(0.001)[1] == ["/edu/", "/json/edu/index_2.json"]


@pytest.mark.parametrize("hours", [9, pytest.param(13, marks=pytest.mark.long), 20])
def test_approved_late_it_stands_below_the_top(tmp_path, hours):
    """At its time's place, on the second page, behind a first one where all is new."""
    section = Section(*every(1, 90))
    night = nights(tmp_path, section)
    night(0)
    for place in range(30):
        section.add(1000500 + place, START + DAY - HOUR - place * 0.5 * HOUR)
    section.add(1000999, START - HOUR * (hours - 8))
    done, _ = night(1)
    assert 1000999 in known(tmp_path)
    assert done.code == 0, done.last_line


def test_approved_late_on_a_page_where_all_is_known(tmp_path):
    """On the second page, and the first shows nothing new."""
    section = Section(*every(0.5, 90))
    night = nights(tmp_path, section)
    night(0)
    section.add(1000999, START - 20 * HOUR)
    night(1)
    assert 1000999 in known(tmp_path)


def test_moved_into_the_section_with_an_old_time(tmp_path):
    section = Section(*every(6, 60))
    night = nights(tmp_path, section)
    night(0)
    section.add(1000999, START - 60 * DAY, place=4)
    night(1)
    assert 1000999 in known(tmp_path)


def test_what_the_first_window_leaves_out_is_not_fetched_later(tmp_path):
    """The page spans weeks: only the last seven days are taken, the rest is noted."""
    section = Section(*every(24, 60))
    night = nights(tmp_path, section)
    first, _ = night(0)
    assert first.manifest["counts"]["new"] == 8
    assert first.rejects == []
    second, asked = night(1)
    assert asked == ["/edu/"]
    assert second.manifest["counts"]["new"] == 0


def test_a_window_given_by_hand_is_a_filter(tmp_path):
    section = Section(*every(24, 60))
    nights(tmp_path, section)(0)
    section.add(1000999, START - 20 * DAY)
    since = (START - 3 * DAY).date().isoformat()
    done, _ = nights(tmp_path, section, f"since={since}", job="crawl")(1)
    assert done.manifest["counts"]["new"] == 0
    nights(tmp_path, section)(2)
    assert 1000999 in known(tmp_path)


def test_a_windowed_walk_marks_its_window_and_nothing_else(tmp_path):
    """The list ends before a page that is wholly older: that says nothing of what is below."""
    section = Section(*every(24, 20))
    for days, found in ((3, 4), (10, 11), (30, 20)):
        since = (START - days * DAY).date().isoformat()
        done, _ = nights(tmp_path, section, f"since={since}", job="crawl")(0)
        assert done.code == 0, done.last_line
        assert len(known(tmp_path)) == found


def test_a_section_that_nights_were_without_is_walked_down_to_its_own_last_one(tmp_path):
    """The home page did not link it for four nights, or the nights were of other sections."""
    section = Section(*every(1, 60))
    home = {"/": '<title>中工网</title><a href="/jiaoyu/">教育</a>'}
    words = "sections=all"

    def night(number, home):
        pages = {path.replace("edu", "jiaoyu"): page for path, page in section.pages().items()}
        with site(pages | home) as (mirror, _):
            return at(START + number * DAY, tmp_path, mirror, words)

    assert night(0, home).code == 0
    for place in range(120):
        section.add(1000500 + place, START + 5 * DAY - HOUR - place * HOUR)
    night(4, {"/": '<title>中工网</title><a href="/other/">别的</a>'})
    assert night(5, home).code == 0
    assert {1000500 + place for place in range(120)} <= known(tmp_path)


def test_withdrawn_between_two_requests_the_next_slips_over_the_border(tmp_path):
    section = Section(*every(0.6, 120))
    night = nights(tmp_path, section)
    night(0)
    for place in range(40):
        section.add(1000500 + place, START + DAY - HOUR - place * 0.5 * HOUR)
    pages = section.pages()
    entries = json.loads(pages["/json/edu/index_2.json"])
    slipped = entries.pop(0)
    pages["/json/edu/index_2.json"] = json.dumps(entries)
    with site(pages) as (mirror, _):
        at(START + DAY, tmp_path, mirror, "sections=edu")
    missing = int(slipped["href"].rpartition("/")[2].removesuffix(".shtml"))
    assert missing not in known(tmp_path)
    night(2)
    assert missing in known(tmp_path)


def test_a_moved_article_is_not_fetched_again_under_its_old_address(tmp_path):
    section = Section(*every(24, 40))
    id_, moment = section.entries[3]
    target = path(1000888, moment)
    pages = section.pages()
    moved = {
        path(id_, moment): (302, {"Location": target}),
        target: pages[path(id_, moment)].replace(str(id_), "1000888"),
    }
    for number in range(2):
        with site(pages | moved) as (mirror, asked):
            at(START + number * DAY, tmp_path, mirror, "sections=edu", RECHECK_DAYS=0)
        assert (path(id_, moment) in asked) is (number == 0)
    assert 1000888 in known(tmp_path)


# --- what a listing says ------------------------------------------------------------------------


def test_another_title_in_the_listing_is_asked_for(tmp_path):
    section = Section(*every(24, 40))
    night = nights(tmp_path, section)
    night(0)
    old = section.entries[6][0]
    section.titles[old] = "改过的标题：工会服务进万家"
    done, _ = night(9)
    assert [r["title"] for r in done.records] == ["改过的标题：工会服务进万家"]
    assert done.manifest["counts"]["requests"] == 3  # robots.txt, the section, the article
    assert night(10)[0].manifest["counts"]["requests"] == 2


def test_another_time_in_the_listing_is_asked_for(tmp_path):
    section = Section(*every(24, 40))
    night = nights(tmp_path, section)
    night(0)
    place, (old, moment) = 6, section.entries[6]
    section.entries[place] = (old, moment + HOUR)
    done, _ = night(9)
    later = (moment + HOUR).isoformat(timespec="seconds")
    assert [r["published_at"] for r in done.records] == [later]


def test_what_a_listing_says_otherwise_is_asked_for_without_validators(tmp_path):
    """A server may know nothing newer than what was had, and answer 304."""
    site = Site(seed=5, articles=60, now=START, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        at(START, tmp_path, server.url, "sections=edu", job="crawl")
        story = next(s for s in site._stories if "edu" in s.sections and not s.pinned)
        site.revise(story.id, title="改过的标题：工会服务进万家", modified=story.modified)
        before = len(server.requests)
        done = at(START + 9 * DAY, tmp_path, server.url, "sections=edu", job="crawl")
    assert [r["title"] for r in done.records] == ["改过的标题：工会服务进万家"]
    (asked,) = [r.headers for r in server.requests[before:] if story.id in r.path]
    assert not {"if-none-match", "if-modified-since"} & set(asked)


def test_a_title_cut_short_is_not_another(tmp_path):
    section = Section(*every(24, 40))
    night = nights(tmp_path, section)
    night(0)
    with site(
        section.pages()
        | {"/edu/": section.pages()["/edu/"].replace("号职工学堂开课</a>", "号职…</a>")}
    ) as (
        mirror,
        asked,
    ):
        done = at(START + 9 * DAY, tmp_path, mirror, "sections=edu")
    assert (done.manifest["counts"]["requests"], done.records) == (2, [])
    assert not any("/c/" in one for one in asked)


def test_filed_long_ago_and_published_now(tmp_path):
    """Listing and page name one time, the address another day: two witnesses win."""
    section = Section(*every(6, 40))
    night = nights(tmp_path, section)
    night(0)
    filed, now = START - 42 * DAY, START + DAY - 2 * HOUR
    section.add(1000999, filed, place=0)
    section.shown[1000999] = stamp(now)
    pages = section.pages()
    pages[path(1000999, filed)] = article(1000999, now.strftime("%Y-%m-%d %H:%M"))
    with site(pages) as (mirror, _):
        done = at(START + DAY, tmp_path, mirror, "sections=edu")
    (record,) = [r for r in done.records if r["id"] == "1000999"]
    assert record["published_at"] == now.isoformat(timespec="seconds")
    assert any("address" in warning for warning in record["warnings"])


def test_one_witness_against_the_address_does_not(tmp_path):
    section = Section(*every(6, 40))
    filed, now = START - 42 * DAY, START - 2 * HOUR
    section.add(1000999, filed, place=0)
    section.shown[1000999] = stamp(now)
    nights(tmp_path, section, job="crawl")(0)
    (record,) = [r for r in published(tmp_path) if r["id"] == "1000999"]
    assert record["published_at"][:10] == filed.date().isoformat()


def test_a_time_that_was_refused_is_taken_when_it_has_come(tmp_path):
    """This machine's clock was 20 hours behind, and the page names a day only."""
    section = Section(*every(6, 40))
    behind = {1000900 + n: START + DAY - n * HOUR for n in range(1, 4)}
    for id_, moment in behind.items():
        section.add(id_, moment)
    pages = section.pages()
    for id_, moment in behind.items():
        pages[path(id_, moment)] = article(id_, moment.strftime("%Y/%m/%d"))
    with site(pages) as (mirror, _):
        at(START + DAY - 20 * HOUR, tmp_path, mirror, "sections=edu")
        done = at(START + 2 * DAY, tmp_path, mirror, "sections=edu")
        again = at(START + 3 * DAY, tmp_path, mirror, "sections=edu")
    newest = {int(r["id"]): r["published_at"] for r in published(tmp_path)}
    assert {id_: newest[id_] for id_ in behind} == {
        id_: moment.isoformat(timespec="seconds") for id_, moment in behind.items()
    }
    assert done.manifest["counts"]["updated"] == 1  # two were rejected, and are new
    assert again.manifest["counts"]["updated"] == 0


def test_hours_ago_in_a_listing_become_a_time(tmp_path):
    """A night later the words would mean another time."""
    section = Section(*every(6, 40))
    section.shown[1000001] = "3小时前"
    moment = START - 3 * HOUR
    section.entries[0] = (1000001, moment)
    pages = section.pages() | {path(1000001, moment): 503}
    with site(pages) as (mirror, _):
        settings = {"RETRY_TIMES": 0}
        at(START, tmp_path, mirror, "sections=edu", **settings)
    assert 1000001 not in known(tmp_path)
    pages[path(1000001, moment)] = article(1000001, "")
    pages["/edu/"] = pages["/edu/"].replace("3小时前", "昨天")
    with site(pages) as (mirror, _):
        at(START + DAY, tmp_path, mirror, "sections=edu")
    (record,) = [r for r in published(tmp_path) if r["id"] == "1000001"]
    assert record["published_at"][:16] == moment.isoformat()[:16]


# --- damaged and stale pages ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        None,
        pytest.param("", marks=pytest.mark.long),
        pytest.param("javascript:;", marks=pytest.mark.long),
    ],
)
def test_an_entry_without_an_address_leaves_no_mark(tmp_path, address):
    section = Section(*every(2, 60))
    night = nights(tmp_path, section)
    night(0)
    section.add(1000999, START + 12 * HOUR)
    pages = section.pages()
    proper = f'<a href="{path(1000999, START + 12 * HOUR)}">'
    assert proper in pages["/edu/"]
    instead = "<b>" if address is None else f'<a href="{address}">'
    with site(pages | {"/edu/": pages["/edu/"].replace(proper, instead)}) as (mirror, _):
        done = at(START + DAY, tmp_path, mirror, "sections=edu")
    assert (done.code, gaps(done)) == (3, [("edu", "damaged")])
    assert done.reasons == [("listing", "no_address")]
    assert "1000999" in done.rejects[0]["raw"]["title"]
    done, _ = night(2)
    assert (done.code, gaps(done)) == (0, [])
    assert 1000999 in known(tmp_path)


def test_an_old_entry_without_an_address_is_a_reject_and_no_gap(tmp_path):
    section = Section(*every(24, 60))
    night = nights(tmp_path, section)
    night(0)
    pages = section.pages()
    id_, moment = section.entries[20]
    broken = pages["/edu/"].replace(f'<a href="{path(id_, moment)}">', '<a href="">')
    with site(pages | {"/edu/": broken}) as (mirror, _):
        done = at(START + DAY, tmp_path, mirror, "sections=edu")
    assert (done.code, gaps(done)) == (0, [])
    assert done.reasons == [("listing", "no_address")]


def test_json_of_a_template_costs_an_entry(tmp_path):
    section = Section(*every(2, 81))
    pages = section.pages()
    text = pages["/json/edu/index_2.json"]
    entries = json.loads(text)
    entries[3]["title"] = "TITLE"
    text = json.dumps(entries, ensure_ascii=False).replace("TITLE", '他说"好","不好"就是不好')
    pages["/json/edu/index_2.json"] = text + "<!-- App=ZCMS(2.4.x) -->"
    with site(pages) as (mirror, _):
        done = at(START, tmp_path, mirror, "sections=edu")
    assert len(known(tmp_path)) == 80
    assert (done.code, gaps(done)) == (3, [("edu", "damaged")])
    done, _ = nights(tmp_path, section)(1)
    assert (done.code, len(known(tmp_path))) == (0, 81)
