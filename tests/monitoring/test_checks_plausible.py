"""Changes that are not plausible: both sides of each threshold, and what is healthy all the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from crawler.clock import CST
from crawler.monitoring.bodies import Bodies, SharedBody
from crawler.state import Pause
from tests.feeds.folders import record
from tests.monitoring.nights import NOW, before, counted, judge, nights, rejects

HERE = NOW.astimezone(CST)


def with_data(name: str, **data: float) -> list:
    """Five nights whose check of that name was made by these numbers."""
    fresh = {"name": "freshness", "ok": True, "detail": ""}
    made = {"name": name, "ok": True, "detail": "", "code": "ok", "data": data}
    return nights(5, checks=[fresh, made])


@pytest.mark.parametrize(
    ("stats", "history", "ok"),
    [
        (counted(updated=10, unchanged=10), [], True),
        (counted(updated=10, unchanged=9), [], False),
        (counted(updated=9), [], True),  # few
        (counted(updated=80), [], False),
        (counted(updated=80, missing=40, removed=40), [], True),
        # only newer rules read them otherwise
        (counted(updated=80, more={"workercn/updated_by_rules": 75}), [], True),
        # a site that is always so
        (counted(updated=79, unchanged=21), with_data("updates", share=0.4), True),
        (counted(updated=81, unchanged=19), with_data("updates", share=0.4), False),
        (counted(new=500), [], True),
        (counted(), [], True),
    ],
)
def test_updates(stats, history, ok):
    found = judge("updates", stats, history=history)
    assert found["ok"] is ok, found["detail"]
    assert found["code"] == ("ok" if ok else "too_many")
    assert found["data"]["number"] <= found["data"]["total"]


@pytest.mark.parametrize(
    ("compared", "shorter", "ok"),
    [(4, 4, True), (5, 5, False), (10, 5, True), (9, 5, False), (80, 80, False), (0, 0, True)],
)
def test_lengths(compared, shorter, ok):
    more = {"workercn/updated/compared": compared, "workercn/updated/shorter": shorter}
    assert judge("lengths", counted(more=more))["ok"] is ok


@pytest.mark.parametrize(
    ("bodies", "new", "ok"),
    [
        ([], 9, True),
        ([SharedBody(2, 2, "1")], 2, True),  # in the paper and on the web
        ([SharedBody(40, 1, "1")], 40, True),  # a column's notice
        ([SharedBody(9, 4, "1")], 18, True),
        ([SharedBody(9, 5, "1")], 1000, False),
        ([SharedBody(9, 3, "1")], 18, True),
        ([SharedBody(9, 3, "1")], 17, False),  # most of what came
        ([SharedBody(2, 1, "1"), SharedBody(5, 5, "2")], 100, False),
    ],
)
def test_bodies(bodies, new, ok):
    found = judge("bodies", counted(new=new), same_bodies=bodies)
    assert found["ok"] is ok, found["detail"]
    assert len(found["data"]["bodies"]) == (not ok)


LONG = "职工之家正在建设之中。" * 20


@pytest.mark.parametrize(
    ("titles", "number"),
    [
        (["《职工书屋》征稿启事"] * 6, 1),
        ([f"《职工书屋》征稿启事（第{number}期）" for number in range(1, 9)], 1),
        (["严正声明", "本网严正声明", "中工网严正声明"], 1),
        # an agency's story, under the headlines of three sections
        (["国务院办公厅印发职业技能提升行动方案", "职业技能提升行动方案印发", "国办印发职业技能提升行动方案"], 1),
        (["高温天里的建筑工地加装了喷雾设备", "女职工维权热线开通十年", "港口司机用手机预约进闸"], 3),
    ],
)  # fmt: skip
def test_titles_of_one_body(titles, number):
    bodies = Bodies()
    for place, title in enumerate(titles):
        bodies.add(record(str(place), title=title, body=LONG))
    assert bodies.shared() == [SharedBody(len(titles), number, "0")]


def test_which_bodies_are_shared():
    bodies = Bodies()
    other = "另一篇完全不同的报道。" * 20
    for id_, title, body in [
        ("1", "甲", LONG), ("2", "乙", LONG.replace("。", "。\n\n")), ("3", "乙", LONG),
        ("4", "丙", other), ("5", "甲", "短"), ("6", "乙", "短"),
    ]:  # fmt: skip
        bodies.add(record(id_, title=title, body=body))
    bodies.add(record("7", 2, title="丁", body=LONG, change="removed"))
    bodies.add(record("8", title="戊", body=LONG, kind="video"))
    assert bodies.shared() == [SharedBody(3, 2, "1")]


def others(number: int) -> dict[str, Any]:
    return rejects(number, "listing", "not_an_article")


@pytest.mark.parametrize(
    ("stats", "history", "ok"),
    [
        (counted(new=0, more=others(2)), nights(5), True),
        (counted(new=0, more=others(3)), nights(1), False),
        (counted(new=12, more=others(3)), nights(1), True),
        (counted(new=11, more=others(3)), nights(1), False),
        (counted(new=0, more=others(9)), [], True),  # no earlier run tells what is usual
        # the same as in other nights
        (counted(new=0, more=others(7)), with_data("entries", number=7), True),
        (counted(new=0, more=others(9)), with_data("entries", number=7), True),
        (counted(new=0, more=others(10)), with_data("entries", number=7), False),
        # an older version told of all rejects together
        (counted(new=0, more=others(7)), nights(3, counts={"new": 9, "rejected": 7, "failed": 0}), True),
    ],
)  # fmt: skip
def test_entries(stats, history, ok):
    found = judge("entries", stats, history=history)
    assert found["ok"] is ok, found["detail"]


def pause(longest: timedelta, *, newest: timedelta, span=timedelta(days=30), times=9) -> Pause:
    return Pause(HERE - newest, longest, span, times)


def listed(age: timedelta) -> dict[str, tuple]:
    return {"edu": (27, 1, (HERE - age).isoformat())}


HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "known", "ok"),
    [
        (48 * HOURS, pause(5 * HOURS, newest=48 * HOURS), True),
        (49 * HOURS, pause(5 * HOURS, newest=49 * HOURS), False),
        # one that rests over weekends rests over a holiday as well
        (7 * DAYS, pause(2.5 * DAYS, newest=7 * DAYS), True),
        (8 * DAYS, pause(2.5 * DAYS, newest=8 * DAYS), False),
        # a quiet one, whose first page spans weeks
        (29 * DAYS, pause(10 * DAYS, newest=29 * DAYS, span=90 * DAYS), True),
        # too little is known
        (9 * DAYS, pause(1 * DAYS, newest=9 * DAYS, times=4), True),
        (9 * DAYS, pause(1 * DAYS, newest=9 * DAYS, span=6 * DAYS), True),
        # it has ended long ago
        (17 * DAYS, pause(5 * HOURS, newest=17 * DAYS), True),
    ],
)
def test_pauses(age, known, ok):
    found = judge("pauses", counted(listed(age)), pauses={"edu": known})
    assert found["ok"] is ok, found["detail"]
    assert found["data"]["sections"] == ([] if ok else ["edu"])


def test_sections_of_which_nothing_is_known_are_not_judged():
    found = judge("pauses", counted(listed(9 * DAYS)))
    assert (found["ok"], found["detail"]) == (True, "0 of 0 sections have new articles as usual; not judged, because too little is known of them: 1")  # fmt: skip


PAPER = {"paper": (60, 8)}


@pytest.mark.parametrize(
    ("days", "longest", "until", "ok"),
    [
        (4, 1, None, True),
        (5, 1, None, False),
        (7, 7, None, True),  # as over a Spring Festival before
        (8, 7, None, False),
        (30, 1, date(2026, 9, 3), True),
    ],
)
def test_issues(days, longest, until, ok):
    today = HERE.replace(hour=0)
    known = Pause(today - days * DAYS, longest * DAYS, 60 * DAYS, 50)
    found = judge("issues", counted(PAPER), pauses={"paper": known}, until=until)
    assert found["ok"] is ok, found["detail"]


def test_an_issue_that_is_only_listed_counts():
    today = HERE.replace(hour=0, minute=0, second=0)
    known = Pause(today - 6 * DAYS, DAYS, 60 * DAYS, 50)
    stats = counted({"paper": (60, 8, datetime.isoformat(today))})
    assert judge("issues", stats, pauses={"paper": known})["ok"]


def test_runs_of_another_command_say_nothing_of_a_night():
    crawls = [before(days, command="crawl") for days in range(1, 15)]
    found = judge("coverage", counted(new=100, fields={"body": 0.94}), history=crawls)
    assert found["data"]["fields"]["body"] == {"share": 0.94, "wanted": 0.95, "usual": None}
