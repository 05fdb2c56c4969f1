"""The paper's issues, night by night: an absent page tells nothing, a half issue is not whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.samplesite import Site, serve
from tests.support.nights_apart import DAY, START, at, failed_checks, gaps, ids

# The embedded paper has no issue on every fifth day.
DAYS = 9


@pytest.fixture
def site():
    return Site(
        seed=2, articles=1, now=START + 10 * timedelta(hours=1), legacy=0, json2021=0, papers=DAYS
    )


@pytest.fixture
def server(site):
    with serve(site) as server:
        yield server


def night(number, output, server, *words, **settings):
    words = words or ("sections=paper",)
    return at(START + number * DAY, output, server.url, *words, **settings)


def stories(site, first, last):
    return {p["id"] for p in site.truth("paper") if first <= p["published_at"][:10] <= last}


def day(number):
    return (START + number * DAY).date().isoformat()


def front(number):
    return f"/papers/grrb/{START + number * DAY:%Y/%m/%d}/1/page.html"


def asked(server, since):
    return [r.path for r in server.requests[since:] if r.path.startswith("/papers/")]


def test_the_paper_is_away_for_a_night(site, server, tmp_path):
    assert night(0, tmp_path, server).code == 0
    site.advance(START + 3 * DAY)
    server.inject("/papers/*:status=404")
    done = night(3, tmp_path, server)
    assert done.code == 3
    assert failed_checks(done) == {"gaps"}
    assert {section for section, _ in gaps(done)} == {"paper"}
    server.heal()
    site.advance(START + 4 * DAY)
    done = night(4, tmp_path, server)
    assert (done.code, gaps(done)) == (0, []), done.last_line
    assert stories(site, day(-6), day(4)) <= ids(tmp_path)


@pytest.mark.parametrize(
    "fault", ["html", pytest.param("status=503", marks=pytest.mark.long), "redirect=/"]
)
def test_what_is_no_issue_confirms_no_absence(site, server, tmp_path, fault):
    """Of days without an issue the newest known one is the control: it has to be there."""
    assert night(0, tmp_path, server).code == 0
    site.advance(START + 4 * DAY)
    server.inject(*(f"{front(-back)}:{fault}" for back in range(7)), "/papers/*:status=404")
    done = night(4, tmp_path, server)
    assert done.code == 3
    assert ("paper", "ended") in gaps(done)
    server.heal()
    site.advance(START + 5 * DAY)
    done = night(5, tmp_path, server)
    assert (done.code, gaps(done)) == (0, []), done.last_line
    assert stories(site, day(-6), day(5)) <= ids(tmp_path)


def test_where_no_issue_is_known_nothing_is_concluded(site, server, tmp_path):
    server.inject("/papers/*:status=404")
    done = night(0, tmp_path, server)
    assert (done.code, gaps(done)) == (0, []), done.last_line
    server.heal()
    night(1, tmp_path, server)
    assert stories(site, day(-6), day(0)) <= ids(tmp_path)


def test_an_issue_that_was_being_put_online(site, server, tmp_path):
    issue = next(n for n in (0, -1) if site._paper.issue((START + n * DAY).date()))
    plates = site._paper.issue((START + issue * DAY).date())
    last = f"{plates[-1].folder}news-{plates[-1].stories}.html"
    half = site._paper._page(plates[-1].page).plain.decode()
    half = half.replace(f"news-{plates[-1].stories}.html", "#")
    proper = site.find

    def find(host, path, query=""):
        from crawler.samplesite.document import Document

        if path == plates[-1].page:
            return Document(lambda: half)
        return proper(host, path, query)

    site.find = find
    night(issue + 0.2, tmp_path, server)
    id_ = f"grrb-{START + issue * DAY:%Y%m%d}-{plates[-1].number}-{plates[-1].stories}"
    assert id_ not in ids(tmp_path)
    site.find = proper
    night(issue + 1.2, tmp_path, server)
    assert id_ in ids(tmp_path), last


def test_an_issue_is_read_twice_and_then_no_more(site, server, tmp_path):
    night(0, tmp_path, server)
    before = len(server.requests)
    again = night(0.01, tmp_path, server)
    assert again.code == 0
    # the day that has no issue yet, and the newest one to tell whether the paper is there
    assert sorted(asked(server, before)) == [front(-1), front(0)]
    night(1, tmp_path, server)
    night(2, tmp_path, server)
    before = len(server.requests)
    done = night(2.01, tmp_path, server)
    assert done.code == 0
    assert set(asked(server, before)) <= {front(number) for number in (0, 1, 2)}
    assert stories(site, day(-6), day(0)) <= ids(tmp_path)


def test_whole_issues_are_read_again_with_full(site, server, tmp_path):
    """As after run folders were lost and the state was made of the others."""
    night(0, tmp_path, server)
    before = len(server.requests)
    words = ("sections=paper", f"since={day(-6)}")
    night(0.01, tmp_path, server, *words, job="crawl")
    assert len(asked(server, before)) < 3
    before = len(server.requests)
    done = night(0.02, tmp_path, server, *words, "full=1", job="crawl")
    assert (done.code, done.records) == (0, []), done.last_line
    pages = {
        piece["url"].partition(".cn")[2]
        for piece in site.truth("paper")
        if day(-6) <= piece["published_at"][:10] <= day(0)
    }
    assert pages
    assert pages <= {*asked(server, before)}


def test_a_plate_that_failed_is_a_gap(site, server, tmp_path):
    issue = next(n for n in (-3, -4) if site._paper.issue((START + n * DAY).date()))
    plate = site._paper.issue((START + issue * DAY).date())[1]
    server.inject(f"{plate.page}:status=500")
    done = night(0, tmp_path, server)
    assert done.code == 3
    assert gaps(done) == [("paper", "unreadable")]
    server.heal()
    done = night(1, tmp_path, server)
    assert (done.code, gaps(done)) == (0, [])
    assert stories(site, day(-6), day(0)) <= ids(tmp_path)


@pytest.mark.parametrize("which", ["an issue", "a plate"])
def test_a_page_of_another_issue_or_plate(site, server, tmp_path, which):
    """It answers, and with nothing of what was asked for: no issue of days ago is whole by that."""
    numbers = [n for n in range(-3, -7, -1) if site._paper.issue((START + n * DAY).date())]
    issue, other = (site._paper.issue((START + n * DAY).date()) for n in numbers[:2])
    asked, shown = (issue[0], other[0]) if which == "an issue" else (issue[1], issue[2])
    server.inject(f"{asked.page}:as={shown.page}")
    done = night(0, tmp_path, server)
    assert (done.code, gaps(done)) == (3, [("paper", "unreadable")])
    assert done.reasons == [("listing", "another_issue")]
    server.heal()
    done = night(1, tmp_path, server)
    assert (done.code, gaps(done)) == (0, [])
    assert stories(site, day(-6), day(0)) <= ids(tmp_path)


def test_a_day_without_an_issue_that_leads_to_the_latest_one(site, server, tmp_path):
    site.advance(START + 3 * DAY)
    latest, none = (
        next(
            n for n in range(3, -7, -1) if bool(site._paper.issue((START + n * DAY).date())) is has
        )
        for has in (True, False)
    )
    server.inject(f"{front(none)}:redirect={front(latest)}")
    done = night(3, tmp_path, server)
    assert (done.code, gaps(done), done.rejects) == (0, [], [])
    assert stories(site, day(-3), day(3)) <= ids(tmp_path)
    last = [path for path in asked(server, 0) if path.endswith("page.html")]
    assert last.count(front(latest)) == 2  # where the redirect led, and for itself
