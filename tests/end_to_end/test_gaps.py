"""What a listing did not show is not taken for what there is not: gaps, until a run has seen them."""

from __future__ import annotations

import json
import shutil

import pytest

from crawler.samplesite import Site, listings, serve
from crawler.samplesite.document import HTML, JSON, Document
from tests.support.harness import published
from tests.support.nights_apart import DAY, START, at, failed_checks, gaps, ids

LATER = START + 7 * DAY
# The site stands still from LATER on, for several nights.
STILL = {"MIN_PAUSE_HOURS": 1000}
PAGE = "/json/character/index_{}.json"
BUSY = '{"code":500,"msg":"系统繁忙","data":null}'


@pytest.fixture(scope="module")
def site():
    return Site(seed=5, articles=1200, now=START, ahead=11, legacy=0, json2021=0, papers=0)


@pytest.fixture(scope="module")
def server(site):
    with serve(site) as server:
        yield server


@pytest.fixture(scope="module")
def old_pages(site, first):
    """The section's JSON pages as they were on the first night."""
    stories = [s for s in site._stories if "character" in s.sections and s.published <= START]
    return lambda number: listings.json_page("character", stories, number)


@pytest.fixture(scope="module")
def first(site, server, tmp_path_factory):
    """After the first night; the site is a week further, with more than two pages of news."""
    output = tmp_path_factory.mktemp("first")
    done = at(START, output, server.url, "sections=character")
    assert done.code == 0, done.last_line
    site.advance(LATER)
    return output


@pytest.fixture
def output(first, server, tmp_path):
    shutil.copytree(first, tmp_path / "output")
    yield tmp_path / "output"
    server.heal()


@pytest.fixture
def new(site, first):
    stories = [s for s in site._stories if "character" in s.sections]
    new = {s.id for s in stories if s.published > START - DAY}
    assert len(new) > 60
    return new


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (3, "status=404"),
        (3, "body=[]"),
        (3, f"body={BUSY}"),
        (3, f"as={PAGE.format(2)}"),
        pytest.param(3, "html", marks=pytest.mark.long),
        pytest.param(3, "half", marks=pytest.mark.long),
        (2, "status=404"),
        pytest.param(2, "status=500", marks=pytest.mark.long),
        pytest.param(2, "as=/character/", marks=pytest.mark.long),
    ],
)
def test_a_page_that_is_missing_for_a_night(server, output, new, page, fault):
    server.inject(f"{PAGE.format(page)}:{fault}", "/cms/*:status=404")
    done = at(LATER, output, server.url, "sections=character")
    assert done.code == 3
    assert "gaps" in failed_checks(done)
    assert [section for section, _ in gaps(done)] == ["character"]
    assert not new <= ids(output)
    server.heal()
    healed = at(LATER + DAY, output, server.url, "sections=character")
    assert (healed.code, gaps(healed)) == (0, []), healed.last_line
    assert new <= ids(output)


def test_the_first_page_is_missing_for_a_night(server, output, new):
    server.inject("/character/:status=404")
    done = at(LATER, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (3, [("character", "unreadable")])
    server.heal()
    assert at(LATER + DAY, output, server.url, "sections=character").code == 0
    assert new <= ids(output)


@pytest.mark.parametrize(
    ("slug", "other", "words"),
    [
        ("character", "edu", "character"),
        ("character", "edu", "edu,character"),
        ("edu", "character", "edu"),  # a column of 2021 has the name, too
    ],
)
def test_a_section_that_shows_another_ones_page_for_a_night(tmp_path, slug, other, words):
    """It names itself, and its articles are known as those of the other section."""
    site = Site(seed=5, articles=400, now=START, ahead=3, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        assert at(START, tmp_path, server.url, "sections=character,edu").code == 0
        site.advance(START + DAY)
        server.inject(f"/{slug}/:as=/{other}/")
        done = at(START + DAY, tmp_path, server.url, f"sections={words}")
        assert (done.code, gaps(done)) == (3, [(slug, "unreadable")])
        assert done.reasons == [("listing", "another_section")]
        server.heal()
        site.advance(START + 2 * DAY)
        assert at(START + 2 * DAY, tmp_path, server.url, f"sections={words}").code == 0
    truth = {story.id: set(story.sections) for story in site._stories}
    named = {id_ for id_, slugs in truth.items() if slug in slugs}
    newest = {s.id for s in site._stories if s.published > START}
    assert newest & named <= ids(tmp_path)
    for record in published(tmp_path):
        assert {section["slug"] for section in record["sections"]} <= truth[record["id"]]


def test_an_end_that_was_wrong_for_a_moment_is_asked_for_once_more(server, output, new):
    server.inject(f"{PAGE.format(3)}:status=404@1")
    done = at(LATER, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (0, [])
    assert new <= ids(output)


def test_a_gap_of_a_section_that_leads_to_another_for_a_night(server, output, new):
    server.inject(f"{PAGE.format(3)}:status=404", "/cms/*:status=404")
    at(LATER, output, server.url, "sections=character")
    server.heal()
    server.inject("/character/:redirect=/edu/")
    done = at(LATER + DAY / 2, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (3, [("character", "ended")])
    server.heal()
    healed = at(LATER + DAY, output, server.url, "sections=character")
    assert (healed.code, gaps(healed)) == (0, [])
    assert new <= ids(output)


def test_a_limit_of_pages_that_ends_a_walk_above_the_mark(server, output, new):
    words = ("sections=character",)
    done = at(LATER, output, server.url, *words, MAX_LISTING_PAGES=2)
    assert (done.code, gaps(done)) == (3, [("character", "limit")])
    assert not new <= ids(output)
    healed = at(LATER + DAY, output, server.url, *words)
    assert (healed.code, gaps(healed)) == (0, [])
    assert new <= ids(output)


def test_a_limit_of_pages_given_by_hand_leaves_no_gap(server, output, new):
    done = at(LATER, output, server.url, "sections=character", "pages=2", job="crawl")
    assert (done.code, gaps(done)) == (0, [])
    assert not new <= ids(output)
    healed = at(LATER + DAY, output, server.url, "sections=character")
    assert (healed.code, gaps(healed)) == (0, [])
    assert new <= ids(output)


def test_ten_pages_that_end_above_the_mark(tmp_path):
    """As many as a crawl reads where nothing else is said; the next goes down to the gap."""
    site = Site(seed=5, articles=2400, now=START, ahead=20, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        assert at(START, tmp_path, server.url, "sections=edu", job="crawl").code == 0
        site.advance(START + 18 * DAY)
        done = at(START + 18 * DAY, tmp_path, server.url, "sections=edu", job="crawl")
        assert (done.code, gaps(done)) == (3, [("edu", "limit")])
        assert done.manifest["sections"]["edu"]["pages"] == 10
        healed = at(START + 19 * DAY, tmp_path, server.url, "sections=edu", job="crawl")
        assert (healed.code, gaps(healed)) == (0, [])
    stories = {s.id for s in site._stories if "edu" in s.sections and s.published > START - DAY}
    assert len(stories) > 27 + 9 * 10  # ten pages
    assert stories <= ids(tmp_path)


def test_the_page_after_the_last_that_is_wanted_is_nobodys(server, output, new):
    server.inject(f"{PAGE.format(6)}:status=404")
    done = at(LATER, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (0, [])
    assert new <= ids(output)


def answers(monkeypatch, site, pages):
    """These addresses answer with these texts, without Last-Modified."""
    proper = site.find
    documents = {path: Document(text.encode, kind) for path, (text, kind) in pages.items()}
    monkeypatch.setattr(
        site,
        "find",
        lambda host, path, query="": documents.get(path) or proper(host, path, query),
    )


def of_section(site):
    return [s for s in site._stories if "character" in s.sections and not s.pinned]


def test_what_a_page_that_answered_as_the_next_one_hides(tmp_path):
    """Of two pages that are the same nobody knows which is wrong: the search has what both hide."""
    site = Site(seed=5, articles=2400, now=START, ahead=11, legacy=0, json2021=0, papers=0)
    page = "/json/edu/index_{}.json"
    with serve(site) as server:
        assert at(START, tmp_path, server.url, "sections=edu").code == 0
        site.advance(START + 9 * DAY)
        server.inject(f"{page.format(2)}:as={page.format(3)}")
        more = {"GAP_SEARCH_PAGES": 200}
        done = at(START + 9 * DAY, tmp_path, server.url, "sections=edu", **more)
    assert (done.code, gaps(done)) == (3, [("edu", "repeated")])
    stories = [s for s in site._stories if s.sections[0] == "edu" and s.published > START]
    # galleries and films have no text for the search to find
    assert {s.id for s in stories if s.kind == "article"} <= ids(tmp_path)


def test_pages_that_were_the_same_for_a_moment_are_all_asked_for_once_more(
    site, server, output, new, monkeypatch
):
    part = [{"href": s.path, "title": s.title} for s in of_section(site)[:20]]
    third = site.find("", PAGE.format(3)).plain.decode()
    answers(monkeypatch, site, {PAGE.format(3): (third, JSON)})
    server.inject(*(f"{PAGE.format(n)}:body={json.dumps(part)}@1" for n in (2, 3)))
    done = at(LATER, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (0, [])
    assert new <= ids(output)


def test_an_old_entry_that_was_moved_to_the_end_of_a_page_is_no_bottom(
    site, server, output, new, monkeypatch
):
    stories = of_section(site)
    old = next(s for s in stories if s.published < START - 3 * DAY)
    page = listings.section_page("character", [*stories[:26], old], [])
    server.inject(f"{PAGE.format(2)}:status=404", "/cms/*:status=404")
    with monkeypatch.context() as patch:
        answers(patch, site, {"/character/": (page, HTML)})
        done = at(LATER, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (3, [("character", "ended")])
    (gap,) = done.manifest["gaps"]
    assert gap["to"] > (START + DAY).isoformat()  # not only below the old one
    server.heal()
    healed = at(LATER + DAY, output, server.url, "sections=character")
    assert (healed.code, gaps(healed)) == (0, [])
    assert new <= ids(output)


def test_what_a_listing_lost_for_good_is_had_through_the_search(site, server, output, new):
    server.inject(f"{PAGE.format(3)}:status=404")
    done = at(LATER, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (3, [("character", "ended")])
    # the search names one section of an article
    named = {s.id for s in site._stories if s.sections[0] == "character"}
    assert new & named <= ids(output)
    again = at(LATER + DAY, output, server.url, "sections=character")
    assert (again.code, gaps(again)) == (0, [])
    third = at(LATER + 2 * DAY, output, server.url, "sections=character", **STILL)
    assert (third.code, gaps(third)) == (0, [])


def test_a_gap_that_nobody_can_fill_is_given_up_after_three_nights(server, output):
    server.inject(f"{PAGE.format(3)}:status=404", "/cms/*:status=404")
    seen = []
    for night in range(4):
        moment = LATER + night * DAY
        done = at(moment, output, server.url, "sections=character", **STILL)
        seen.append((done.code, gaps(done)))
        if night == 1:  # no night of its own
            at(moment, output, server.url, "sections=character", **STILL)
    assert seen == [
        (3, [("character", "ended")]),
        (3, [("character", "ended")]),
        (3, [("character", "unreachable")]),
        (0, [("character", "unreachable")]),
    ]


@pytest.mark.parametrize("dated", [True, False])
def test_a_further_page_that_is_stale(site, server, output, new, old_pages, dated):
    """Only the first two pages were written again."""
    stale = old_pages(3)
    proper = site.find

    def find(host, path, query=""):
        if path == PAGE.format(3):
            return Document(lambda: stale, JSON, START if dated else None)
        return None if path.startswith("/cms/") else proper(host, path, query)

    site.find = find
    try:
        done = at(LATER, output, server.url, "sections=character")
    finally:
        site.find = proper
    assert (done.code, gaps(done)) == (3, [("character", "stale")])
    assert not new <= ids(output)
    done = at(LATER + DAY, output, server.url, "sections=character")
    assert (done.code, gaps(done)) == (0, [])
    assert new <= ids(output)


def test_the_same_clock_and_many_older_articles_at_once(tmp_path):
    """What comes later with older times is walked down to as well."""
    site = Site(seed=5, articles=400, held=200, now=START, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        at(START, tmp_path, server.url, "sections=character", job="crawl")
        site.release()
        server.inject(f"{PAGE.format(3)}:status=404", "/cms/*:status=404")
        done = at(START + DAY / 48, tmp_path, server.url, "sections=character", job="crawl")
        assert (done.code, gaps(done)) == (3, [("character", "ended")])
        server.heal()
        done = at(START + DAY / 24, tmp_path, server.url, "sections=character", job="crawl")
        assert (done.code, gaps(done)) == (0, [])
    assert ids(tmp_path) == {s.id for s in site._stories if "character" in s.sections}


# --- without a state ------------------------------------------------------------------------------


def test_an_error_is_no_end_without_a_state_either(server, first, tmp_path):
    server.inject(f"{PAGE.format(2)}:body={BUSY}")
    done = at(LATER, tmp_path, server.url, "sections=character", "pages=3", job="crawl")
    server.heal()
    assert (done.code, gaps(done)) == (3, [("character", "unreadable")])


def test_a_window_that_goes_below_a_wrong_end(site, server, first, tmp_path):
    since = (START - DAY).date().isoformat()
    server.inject(f"{PAGE.format(3)}:status=404")
    words = ("sections=character", f"since={since}")
    done = at(LATER, tmp_path, server.url, *words, job="crawl")
    server.heal()
    assert (done.code, gaps(done)) == (3, [("character", "ended")])
    healed = at(LATER + DAY, tmp_path, server.url, *words, job="crawl")
    assert (healed.code, gaps(healed)) == (0, []), healed.last_line
    stories = [s for s in site._stories if "character" in s.sections]
    assert {s.id for s in stories if s.published.date().isoformat() >= since} <= ids(tmp_path)


def test_a_list_that_ends_is_no_gap(server, first, tmp_path):
    """The site writes a listing up to a greatest page."""
    server.inject(f"{PAGE.format(2)}:status=404")
    done = at(LATER, tmp_path, server.url, "sections=character", job="crawl")
    assert (done.code, gaps(done)) == (0, [])
    before = len(server.requests)
    again = at(LATER, tmp_path, server.url, "sections=character", job="crawl")
    server.heal()
    assert (again.code, gaps(again)) == (0, [])
    asked = [request.path for request in server.requests[before:]]
    assert asked == ["/robots.txt", "/character/"]


@pytest.mark.parametrize("search", [True, False])
def test_a_list_that_ends_within_the_last_nights_day(tmp_path, search):
    """Few pages, of more than a day and less than two: what was not seen is what was approved late,
    which the search has. Where it does not answer, nobody knows.
    """
    site = Site(seed=5, articles=1200, now=START, ahead=4, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        at(START, tmp_path, server.url, "sections=character")
        server.inject(f"{PAGE.format(2)}:status=404")
        if not search:
            server.inject("/cms/*:status=404")
        site.advance(START + 2 * DAY)
        done = at(START + 2 * DAY, tmp_path, server.url, "sections=character")
    paths = [request.path for request in server.requests]
    assert paths.count(PAGE.format(2)) == 3  # in both nights, and once more
    assert (done.code, gaps(done)) == ((0, []) if search else (3, [("character", "ended")]))


def test_a_window_older_than_all_there_is(server, first, tmp_path):
    words = ("sections=edu", "since=2026-01-01")
    done = at(LATER, tmp_path, server.url, *words, job="crawl")
    assert (done.code, gaps(done)) == (0, []), done.last_line


@pytest.mark.parametrize("times", ["@1", ""])
def test_a_section_that_the_search_does_not_know(tmp_path, times):
    """Its results name the sections that articles are of; 滚动 has those of all, and is none."""
    site = Site(seed=5, articles=1, now=START, legacy=0, json2021=60, papers=0)
    words = ("sections=json2021:main/28261", "since=2021-01-01")
    with serve(site) as server:
        server.inject(f"/json/main/28261_3.json:status=404{times}")
        done = at(START, tmp_path, server.url, *words, job="crawl")
        assert (done.code, gaps(done)) == (0, [])
        if not times:
            server.heal()
            at(START + DAY, tmp_path, server.url, *words, job="crawl")
    assert ids(tmp_path) == {one["id"] for one in site.truth("json2021")}
