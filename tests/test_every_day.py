"""Whatever reckons with days holds on each day of a leap year, and at any hour.

The hours are those before and after midnight in China and in UTC, where two days meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.clock import CST
from crawler.items import timestamp
from crawler.monitoring import night_plan
from crawler.runs.projection import next_check, next_try
from crawler.runs.run import stamp, started
from crawler.samplesite import Site
from crawler.site import page_table
from crawler.spiders.arguments import ArgumentError, Arguments
from crawler.state import Watermark, default_url, open_state
from crawler.text import dates
from crawler.text.dates import Moment
from tests.doctor.test_doctor_rows import ARTICLE, first, items, listing, page
from tests.monitoring.nights import counted, judge
from tests.state.samples import known

YEAR = 2028  # a leap year, whose first days look back on a common one
TIMES = ("00:00:00", "00:30:00", "07:30:00", "08:30:00", "23:30:00", "23:59:59")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def days() -> list[date]:
    return [date(YEAR, 1, 1) + n * DAY for n in range(366)]


def moments() -> list[datetime]:
    """Aware, in China: of each day two of the six."""
    return [
        datetime.fromisoformat(f"{day}T{time}+08:00")
        for number, day in enumerate(days())
        for time in TIMES[number % 3 :: 3]
    ]


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


# --- words for a time ---------------------------------------------------------------------------


def said_of(now: datetime) -> Iterator[tuple[str, Moment]]:
    """What a page says at a moment, and what it means."""
    today = now.replace(hour=0, minute=0, second=0)
    minute = now.replace(second=0)
    for words, back in (("今天", 0), ("昨天", 1), ("前天", 2), ("今日", 0), ("昨日", 1)):
        yield words, Moment(today - back * DAY, "day")
        yield f"{words} 00:00", Moment(today - back * DAY, "minute")
    yield "昨天 23:59", Moment(today - MINUTE, "minute")
    for count in (1, 2, 7, 30, 365):
        yield f"{count}天前", Moment(today - count * DAY, "day")
    for count in (1, 3, 9, 23, 24, 25, 47):
        yield f"{count}小时前", Moment(minute - count * HOUR, "minute")
    for count in (1, 29, 59, 90):
        yield f"{count}分钟前", Moment(minute - count * MINUTE, "minute")
    yield "刚刚", Moment(minute, "minute")


def test_relative_words():
    for now in moments():
        for words, meant in said_of(now):
            found = dates.parse(words, fetched_at=utc(now))
            assert found == meant, (words, now)
            assert dates.within(found, fetched_at=utc(now), near=None) is None, (words, now)


FORMS = (
    "{0.month}月{0.day}日 {0:%H:%M}",
    "{0:%m-%d %H:%M}",
    "{0.month}月{0.day}日{0.hour}时{0.minute}分",
)
AGES = (
    -10 * MINUTE,
    timedelta(),
    MINUTE,
    HOUR,
    DAY,
    7 * DAY,
    59 * DAY,
    60 * DAY,
    180 * DAY,
    364 * DAY,
)


@pytest.mark.parametrize("form", FORMS)
def test_a_day_without_a_year_is_the_latest_that_has_been(form):
    for now in moments():
        for age in AGES:
            at = (now - age).replace(second=0)
            found = dates.parse(form.format(at), fetched_at=utc(now))
            assert found == Moment(at, "minute"), (now, form.format(at))


def test_a_day_without_a_year_is_the_one_next_to_the_address():
    for day in days():
        for off in (-2, -1, 0, 1, 2):
            at = datetime.fromisoformat(f"{day + off * DAY}T23:30+08:00")
            for words in (form.format(at) for form in FORMS):
                found = dates.parse(words, fetched_at=utc(at + 400 * DAY), near=day)
                assert found == Moment(at, "minute"), (words, day)


def test_29_february_without_a_year_is_of_the_last_leap_year():
    for now in moments():
        latest = now + 15 * MINUTE  # our clock may be behind
        year = YEAR if latest >= datetime(YEAR, 2, 29, tzinfo=CST) else YEAR - 4
        assert dates.parse("2月29日", fetched_at=utc(now)).at == datetime(year, 2, 29, tzinfo=CST)


def test_a_whole_date_does_not_depend_on_the_day_it_is_read():
    """dateparser completes what is missing from the system's day: nothing may be missing."""
    time_machine = pytest.importorskip("time_machine")
    for now in ("2027-02-28", "2028-02-29", "2027-12-31", "2028-01-01", "2027-04-30"):
        with time_machine.travel(f"{now}T15:59:30Z", tick=False):
            for words in (
                "Thursday 29 Feb, 2024, 09:06",
                "31 January 2024",
                "2024年2月29日",
                "20240229",
            ):
                found = dates.parse(words, fetched_at=datetime(2028, 3, 1, tzinfo=UTC))
                assert found.at.date() == (
                    date(2024, 1, 31) if "31" in words else date(2024, 2, 29)
                )


# --- what a run takes ---------------------------------------------------------------------------


def test_today_is_a_day_that_may_be_asked_for_and_tomorrow_is_not(clock_at):
    for now in moments():
        clock_at(now)
        assert Arguments.parse({"since": str(now.date())}).since == now.date()
        with pytest.raises(ArgumentError, match="is in the future"):
            Arguments.parse({"since": str(now.date() + DAY)})


@pytest.fixture
def clock_at(monkeypatch):
    """Lets our clock stand."""

    def stand(moment):
        monkeypatch.setattr("crawler.clock.now", lambda: utc(moment))

    return stand


def night(at: datetime, **more) -> dict:
    return {
        "started_at": timestamp(utc(at)),
        "arguments": {"sections": night_plan.SECTIONS},
        "sections": {"edu": {}, "paper": {}},
    } | more


@pytest.mark.parametrize("time", TIMES)
def test_nights_leave_no_moment_out(time):
    """However many nights were missed, up to so many as are caught up."""
    for number, day in enumerate(days()):
        now = datetime.fromisoformat(f"{day}T{time}+08:00")
        missed = 1 + number % 13
        before = now - missed * DAY
        marks = {"edu": Watermark("edu", f"{stamp(utc(before))}-workercn-aaaa", "", 1)}
        read = (before.date() - n * DAY for n in range(1, 8))
        marks |= {f"paper/{d}": Watermark(f"paper/{d}", "x", str(d), 4) for d in read}
        given = night_plan.arguments({}, [night(before)], marks, now=utc(now), most=14)
        since = date.fromisoformat(given["since"])
        assert since < before.date(), "the paper of that day, and what was dated the evening before"
        assert since >= before.date() - 2 * DAY, "and not much more"


def test_the_first_night_takes_a_week():
    for now in moments():
        given = night_plan.arguments({}, [], {}, now=utc(now), most=14)
        assert date.fromisoformat(given["since"]) == now.date() - 7 * DAY


# --- what is asked for again --------------------------------------------------------------------


def test_an_article_is_asked_for_again_in_the_night_after_and_not_at_once():
    for now in moments():
        at = timestamp(utc(now))
        for age in (timedelta(), MINUTE, 5 * HOUR, DAY, 40 * DAY):
            again = datetime.fromisoformat(next_check(at, (now - age).isoformat()))
            assert now < again <= now + 20 * HOUR
        assert datetime.fromisoformat(next_try(at, 1)) == now
        assert datetime.fromisoformat(next_try(at, 2)) == now + 20 * HOUR


def test_the_articles_of_a_day_in_china_are_counted_for_it(tmp_path):
    """Each day has three: two of its first seconds, and one of its last."""
    state = open_state(default_url(tmp_path))
    with state.learning() as writer:
        writer.put(
            known(f"{day}-{number}", published=f"{day}T{time}+08:00")
            for day in days()
            for number, time in enumerate(("00:00:00", "00:00:01", "23:59:59"))
        )
    assert {state.published_on(day) for day in days()} == {3}
    assert state.published_on(date(2027, 12, 31)) == state.published_on(date(2029, 1, 1)) == 0
    state.close()


# --- what is judged -----------------------------------------------------------------------------

ENDS = [moment for moment in moments() if (moment + DAY).day == 1 or moment.day == 1]


def test_the_doctor_finds_a_listing_healthy(clock_at):
    """Its newest entry is of this second, its oldest 26 hours old."""
    for now in (*ENDS, *(moment for moment in moments() if moment.month == 2)):
        clock_at(now)
        row = first(page(listing(items(ARTICLE))))
        assert (row.verdict, row.newest) == ("ok", f"{now:%Y-%m-%d %H:%M:%S}"), now


def test_the_newest_article_is_fresh_for_two_days():
    for now in ENDS:
        for age, ok in ((timedelta(), True), (48 * HOUR, True), (48 * HOUR + MINUTE, False)):
            newest = (now - age).isoformat(timespec="seconds")
            stats = counted({"edu": (27, 1, newest)}, new=100)
            assert judge("freshness", stats, now=utc(now))["ok"] is ok, (now, age)


# --- the embedded site --------------------------------------------------------------------------


def test_its_pages_say_what_is_true_on_the_days_where_months_meet():
    for now in ENDS[::2]:
        site = Site(seed=1, articles=6, now=now, legacy=0, json2021=0, papers=1)
        for record in site.truth("modern", "paper"):
            document = site.find("www.workercn.cn", record["url"].partition(".cn")[2])
            read = page_table.parse(document.plain, record["url"])
            shown, true = read.published, record["page_published"]
            if record.get("reject") or shown is None:
                continue
            moment = dates.parse(shown, fetched_at=utc(now), near=read.day)
            assert (moment.at.isoformat(), moment.precision) == (true["at"], true["precision"])


# --- what is thrown away ------------------------------------------------------------------------


def test_what_is_older_than_so_many_days_goes(tmp_path):
    (tmp_path / "trials").mkdir()
    for now in [moment for moment in moments() if moment.day in (1, 29)]:
        for age in (90 * DAY + timedelta(seconds=1), 90 * DAY):
            (tmp_path / "trials" / f"{stamp(utc(now - age))}-workercn-aaaa").mkdir()
        gone = night_plan.prune(tmp_path, 90, now=utc(now), server_time=utc(now))
        (left,) = (tmp_path / "trials").iterdir()
        assert [now - started(path.name) for path in gone] == [90 * DAY + timedelta(seconds=1)]
        assert now - started(left.name) == 90 * DAY
        left.rmdir()
