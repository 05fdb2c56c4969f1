"""Checks of a night against those before it: both sides of each threshold, and odd histories."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.clock import CST
from crawler.state import Pause
from tests.monitoring.nights import EDU, FULL, NOW, before, counted, judge, nights


def sections(listed: int, pages: int = 1, slug: str = "edu") -> dict[str, dict[str, int]]:
    return {slug: {"listed": listed, "pages": pages, "new": 1}}


SHALLOW = nights(14)  # edu: 27 on one page


@pytest.mark.parametrize(
    ("walked", "history", "ok", "detail"),
    [
        ({"edu": (14, 1)}, SHALLOW, True, "1 of 1 sections listed at least 50 % of what is usual"),
        ({"edu": (13, 1)}, SHALLOW, False, "0 of 1 sections listed at least 50 % of what is usual; 教育 (edu): 13, usually 27"),
        # an unchanged section lists more the further down it is walked
        ({"edu": (27, 1)}, nights(14, sections=sections(270, 10)), True, "0 of 0 sections listed at least 50 % of what is usual; not judged, without comparable earlier runs: 1"),
        ({"edu": (37, 4)}, SHALLOW, True, "1 of 1 sections listed at least 50 % of what is usual"),
        ({"edu": (13, 2)}, SHALLOW[:5] + nights(9, sections=sections(270, 10)), False, "0 of 1 sections listed at least 50 % of what is usual; 教育 (edu): 13, usually 27"),
        # a night that could not read the section says nothing about it
        ({"edu": (1, 1)}, nights(14, sections=sections(0, 0)), True, "0 of 0 sections listed at least 50 % of what is usual; not judged, without comparable earlier runs: 1"),
        # a new section, a short history
        ({"edu": (27, 1), "law": (1, 1)}, SHALLOW, True, "1 of 1 sections listed at least 50 % of what is usual; not judged, without comparable earlier runs: 1"),
        ({"edu": (1, 1)}, nights(4), True, "0 of 0 sections listed at least 50 % of what is usual; not judged, without comparable earlier runs: 1"),
        # the newest fourteen, seven of each: the median is 16
        ({"edu": (7, 1)}, nights(7, sections=sections(5)) + [before(days) for days in range(8, 31)], False, "0 of 1 sections listed at least 50 % of what is usual; 教育 (edu): 7, usually 16"),
        # a section that has been small for two weeks is a small section
        ({"edu": (5, 1)}, nights(14, sections=sections(5)) + [before(days) for days in range(15, 31)], True, "1 of 1 sections listed at least 50 % of what is usual"),
        ({"edu": (0, 1)}, nights(14, sections=sections(0)), True, "1 of 1 sections listed at least 50 % of what is usual"),
        ({"paper": (1, 1), "legacy:news": (1, 1)}, nights(14, sections=sections(60, 1, "paper")), True, "0 of 0 sections listed at least 50 % of what is usual"),
    ],
)  # fmt: skip
def test_a_section_that_lists_less_than_it_did(walked, history, ok, detail):
    found = judge("shrunk", counted(walked), history=history)
    assert (found["ok"], found["detail"]) == (ok, detail)


def covered(**fields: float) -> dict[str, float]:
    return FULL | fields


@pytest.mark.parametrize(
    ("fields", "history", "ok", "words"),
    [
        (covered(editors=0.6), nights(5), True, "editors 60 % (at least 60 %, usually 80 %)"),
        (covered(editors=0.59), nights(5), False, "editors 59 % (at least 60 %, usually 80 %)"),
        (covered(authors=0.21), nights(14), True, "authors 21 % (at least 20.4 %, usually 40 %)"),
        (covered(authors=0.2), nights(14), False, "authors 20 % (at least 20.4 %, usually 40 %)"),
        (FULL, nights(30), True, "of 100 records, compared with 14 earlier runs"),
        # a median takes the place of a floor, in both directions
        (covered(body=0.8), nights(5), True, "body 80 % (at least 75 %, usually 100 %)"),
        (covered(authors=0.2), nights(4), False, "authors 20 % (at least 30 %)"),
        # a field that was never there
        (covered(authors=0), nights(5, fields=covered(authors=0.0)), True, "authors 0 % (at least 0 %, usually 0 %)"),
        # thin nights and unfinished ones say nothing
        (covered(editors=0.5), nights(5, new=19), True, "editors 50 % (at least 50 %)"),
        (covered(editors=0.5), nights(5, complete=False), True, "editors 50 % (at least 50 %)"),
        (covered(editors=0.5), nights(5, arguments={"sections": "edu"}), True, "editors 50 % (at least 50 %)"),
        # another window is the same site
        (covered(editors=0.5), nights(5, arguments={"sections": "all", "since": "2026-10-01"}), False, "editors 50 % (at least 60 %, usually 80 %)"),
        # an older version counted other fields
        (covered(editors=0.5), nights(5, fields={"body": 1.0}), True, "editors 50 % (at least 50 %)"),
    ],
)  # fmt: skip
def test_a_field_that_fell(fields, history, ok, words):
    found = judge("coverage", counted(fields=fields, new=100), history=history)
    assert found["ok"] is ok
    assert words in found["detail"]


def test_a_few_records_that_name_fewer_authors_by_chance():
    """A night of a calm year."""
    usual = nights(5, fields=covered(authors=0.877))
    found = judge("coverage", counted(fields=covered(authors=0.655), new=29), history=usual)
    assert found["ok"] is True, found["detail"]


def test_a_thin_night_beside_the_paper_is_no_broken_page():
    """80 stories of the paper, which names no editors, among 100 records."""
    usual = {"edu": {"listed": 27, "pages": 1, "new": 100}, "paper": {"new": 0}}
    stats = counted(
        EDU | {"paper": (80, 8, None, 80)},
        fields=covered(editors=0.16),
        new=100,
    )
    found = judge("coverage", stats, history=nights(5, sections=usual))
    assert found["ok"] is True
    assert "editors 80 % (at least 44.2 %, usually 80 %)" in found["detail"]


@pytest.mark.parametrize(
    ("new", "share", "ok"),
    [(27, 0.5, True), (28, 0.5, True), (28, 0.25, False), (120, 0.6, True), (120, 0.5, False)],
)
def test_few_records_beside_the_paper_prove_little(new, share, ok):
    """Eight of twenty-eight may well name no editor; ninety of hundred and twenty do not."""
    papers = 8
    usual = {"edu": {"listed": 27, "pages": 1, "new": 100}, "paper": {"new": 0}}
    stats = counted(
        EDU | {"paper": (papers, 1, None, papers)},
        fields=covered(editors=share * (new - papers) / new),
        new=new,
    )
    found = judge("coverage", stats, history=nights(5, sections=usual, fields=covered(editors=0.7)))
    assert found["ok"] is ok, found["detail"]
    assert ("editors" in found["detail"]) is (new - papers >= 20)


SITE = {"all": {"listed": 27, "pages": 1}}
LINKED = {slug: {"listed": 27, "pages": 1} for slug in ("character", "edu", "law", "art", "paper")}
FEWER = {slug: LINKED[slug] for slug in ("character", "edu", "art")}


@pytest.mark.parametrize(
    ("linked", "history", "given", "ok", "detail"),
    [
        (["law", "art"], nights(14, sections=LINKED), "all", True, "2 of 2 sections are still linked on the home page"),
        (["art", "justice"], nights(14, sections=LINKED), "all", False, "1 of 2 sections are still linked on the home page; no longer: law; new: justice"),
        (["art"], nights(1, sections=LINKED), "all", False, "1 of 2 sections are still linked on the home page; no longer: law"),
        # of most of the newest fourteen: a link of some days, or gone for a week, is none to miss
        (["art"], [*nights(7, sections=FEWER), *[before(days, sections=LINKED) for days in range(8, 15)]], "all", True, "1 of 1 sections are still linked on the home page"),
        (["art"], [*nights(6, sections=FEWER), *[before(days, sections=LINKED) for days in range(7, 15)]], "all", False, "1 of 2 sections are still linked on the home page; no longer: law"),
        # a slug that the table denies now
        (["art"], nights(5, sections=LINKED | {"help": {}}), "all", False, "1 of 2 sections are still linked on the home page; no longer: law"),
        # walked because somebody asked for it
        (["art"], nights(5, sections=LINKED, arguments={"sections": "all,law,paper"}), "all,law,paper", True, "1 of 1 sections are still linked on the home page"),
        (None, nights(5, sections=LINKED), "all", True, "not judged: the home page's navigation was not read"),
        (["law"], [], "all", True, "not judged: 0 comparable earlier runs, 1 are needed"),
        (["law"], [before(1, sections=None), before(2, started_at=None)], "all", True, "not judged: 0 comparable earlier runs, 1 are needed"),
    ],
)  # fmt: skip
def test_a_section_that_is_linked_no_more(linked, history, given, ok, detail):
    navigation = None if linked is None else dict.fromkeys(linked)
    stats = counted({"edu": (27, 1)})
    found = judge(
        "navigation", stats, history=history, navigation=navigation, arguments={"sections": given}
    )
    assert (found["ok"], found["detail"]) == (ok, detail)


TODAY = {"edu": (27, 1, "2026-10-02T22:00:00+08:00")}
UNCHANGED = {"edu": (27, 1, "2026-10-01T12:00:00+08:00")}
CRAWLS = nights(14, new=5000, checks=[{"name": "sections", "ok": True, "detail": ""}])


@pytest.mark.parametrize(
    ("new", "walked", "history", "ok", "detail"),
    [
        (16, TODAY, nights(14), True, "16 new records (at least 16, usually 100)"),
        (15, TODAY, nights(14), False, "15 new records (at least 16, usually 100)"),
        (80, TODAY, nights(14, new=400), True, "80 new records (at least 80, usually 400)"),
        (79, TODAY, nights(14, new=400), False, "79 new records (at least 80, usually 400)"),
        (2, TODAY, nights(14, new=35), True, "2 new records (at least 1.4, usually 35)"),
        (1, TODAY, nights(14, new=35), False, "1 new records (at least 1.4, usually 35)"),
        # a holiday of a site with few articles
        (0, TODAY, nights(14, new=27), True, "0 new records (at least 0, usually 27)"),
        (0, TODAY, nights(14), False, "0 new records (at least 16, usually 100)"),
        # nothing new is no failure where the site says that there is nothing
        (0, UNCHANGED, nights(14), True, "not judged: 0 new records, but the site lists nothing newer than for the run before"),
        (0, TODAY, nights(14, new=0), True, "0 new records (at least 0, usually 0)"),
        (0, TODAY, [], True, "not judged: 0 comparable earlier runs, 5 are needed"),
        # the oldest of the history has no night before it: how much it had to find is unknown
        (0, TODAY, nights(5), True, "not judged: 4 comparable earlier runs, 5 are needed"),
        (0, TODAY, nights(6), False, "0 new records (at least 16, usually 100)"),
        # a second run the same night finds what came in between
        (0, TODAY, [before(0.5, new=100), *nights(14)], True, "not judged: 0 new records, but the run before started less than 18 hours earlier"),
        (0, TODAY, [before(0.1, new=3, checks=[]), *nights(14)], True, "not judged: 0 new records, but the run before started less than 18 hours earlier"),
        (0, TODAY, [before(0.75), *nights(14)], False, "0 new records (at least 16, usually 100)"),
        (15, TODAY, [one for day in range(1, 8) for one in (before(day, new=1), before(day + 0.2))], False, "15 new records (at least 16, usually 100)"),
        # what somebody crawled by hand is no night
        (15, TODAY, [*nights(7), *CRAWLS[7:]], False, "15 new records (at least 16, usually 100)"),
        (0, TODAY, CRAWLS, True, "not judged: 0 comparable earlier runs, 5 are needed"),
        # an older version
        (0, TODAY, nights(14, counts=None), True, "not judged: 0 comparable earlier runs, 5 are needed"),
        (15, TODAY, nights(14, newest_published_at=None), False, "15 new records (at least 16, usually 100)"),
    ],
)  # fmt: skip
def test_a_night_with_few_new_records(new, walked, history, ok, detail):
    found = judge("records", counted(walked, new=new), history=history)
    assert (found["ok"], found["detail"]) == (ok, detail)


def test_the_papers_stories_are_no_nights_articles():
    """A Sunday without an issue, after nights with forty stories each."""
    usual = nights(14, new=140, sections={"edu": {"new": 100}, "paper": {"new": 40}})
    found = judge("records", counted(TODAY, new=30), history=usual)
    assert found["detail"].startswith("30 new records (at least 16, usually 100)")
    stats = counted(
        UNCHANGED | {"paper": (40, 8, "2026-10-02T00:00:00+08:00", 40)},
        new=40,
    )
    found = judge("records", stats, history=usual)
    words = "not judged: 0 new records, but the site lists nothing newer than for the run before"
    assert found["detail"] == words


@pytest.mark.parametrize(
    ("longest", "span", "ok"),
    [(40, 100, True), (20, 100, True), (19, 100, False), (40, 6, False), (None, 0, False)],
)
def test_quiet_sections_are_as_fresh_as_they_are_usually(longest, span, ok):
    """The newest article is 60 hours old, and MAX_AGE_HOURS 48."""
    newest = (NOW - timedelta(hours=60)).astimezone(CST)
    pause = longest and Pause(newest, timedelta(hours=longest), timedelta(days=span), 9)
    stats = counted({"edu": (27, 1, newest.isoformat())})
    assert judge("freshness", stats, pause=pause)["ok"] is ok


# --- histories that cannot be -----------------------------------------------------------------

FUTURE = [before(-days) for days in range(14, 0, -1)]


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("shrunk", "0 of 0 sections listed at least 50 % of what is usual; not judged, without comparable earlier runs: 1; runs left out that are dated later: 14"),
        ("navigation", "not judged: 0 comparable earlier runs, 1 are needed; runs left out that are dated later: 14"),
        ("records", "not judged: 0 comparable earlier runs, 5 are needed; runs left out that are dated later: 14"),
        ("coverage", "of 100 records, compared with 0 earlier runs; body 100 % (at least 95 %); source 90 % (at least 80 %); editors 80 % (at least 50 %); authors 40 % (at least 30 %); runs left out that are dated later: 14"),
    ],
)  # fmt: skip
def test_a_history_of_the_future_is_left_out_and_said(name, detail):
    stats = counted({"edu": (1, 1, "2026-10-02T22:00:00+08:00")}, new=100)
    found = judge(name, stats, history=FUTURE, navigation={})
    assert found["ok"] is True
    assert found["detail"].endswith(detail)


def test_one_run_of_the_future_takes_nothing_from_the_others():
    found = judge("records", counted(TODAY, new=15), history=[before(-900), *nights(14)])
    assert found["ok"] is False
    assert found["detail"].endswith("usually 100); runs left out that are dated later: 1")


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"complete": True},
        {"complete": True, "started_at": "yesterday"},
        {"complete": True, "started_at": "2026-09-01T00:00:00"},
        before(3, counts=None, sections=None, fields=None, checks=None, arguments=None),
        before(3, counts={}, sections={"edu": {}}, fields={}, checks=[{}]),
        before(3, sections={"edu": None}),
    ],
)
def test_a_manifest_of_an_older_version_breaks_nothing(odd):
    history = [*nights(14), odd]
    stats = counted(TODAY | {"law": (27, 1)}, new=100)
    for name in ("shrunk", "navigation", "records", "coverage"):
        found = judge(name, stats, history=history, navigation={"law": "法治"})
        assert found["ok"] is True, found
        assert "cannot be made" not in found["detail"]


def test_an_empty_site():
    """Every section there and empty: said by what lists, not by medians of nothing."""
    stats = counted({"edu": (0, 1), "law": (0, 1)}, fields={})
    said = {
        name: judge(
            name,
            stats,
            history=nights(14, sections=LINKED),
            navigation={"law": "法治", "art": "艺"},
        )
        for name in ("sections", "shrunk", "freshness", "records", "coverage", "navigation")
    }
    assert {name for name, check in said.items() if not check["ok"]} == {"sections", "shrunk", "freshness", "records"}  # fmt: skip
    assert said["shrunk"]["detail"].endswith("教育 (edu): 0, usually 27; 法治 (law): 0, usually 27")
