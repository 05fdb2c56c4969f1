"""The log: one line an event, with the run it belongs to, and nothing that the site made up."""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime, timedelta

import pytest
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.settings import Settings

from crawler import clock
from crawler.monitoring import log
from crawler.samplesite import Site, serve
from tests.support.harness import crawl, lines

RUN_ID = "20261122T190004Z-workercn-5b18"

HOSTILE = [
    ("two\nlines", r"two\nlines"),
    ("a\rreturn", r"a\rreturn"),
    ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
    ("next\x85line\u2028sep\u2029par", r"next\x85line\u2028sep\u2029par"),
    ("turned \u202eround", r"turned \u202eround"),
    ("nul\x00", r"nul\x00"),
    ("torn \ud83d pair", r"torn \ud83d pair"),
    ("人物　《标题》 — “引号” é 😀", "人物　《标题》 — “引号” é 😀"),
]


@pytest.fixture
def logged(tmp_path):
    """Set up the log to a file; its lines are read back from there."""
    path = tmp_path / "crawl.log"
    level = logging.root.level

    def start(**settings):
        given = {
            "LOG_FILE": str(path),
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "%(levelname)s %(message)s",
        }
        log.set_up(Settings(given | settings), RUN_ID)
        return lambda: path.read_text("utf-8").split("\n")[:-1]

    yield start
    handler = log.handler()
    logging.root.removeHandler(handler)
    logging.root.setLevel(level)
    handler.close()


@pytest.mark.parametrize(("words", "shown"), HOSTILE, ids=ascii)
def test_what_the_site_says_stays_in_its_line(logged, words, shown):
    read = logged()
    logging.getLogger("crawler.test").warning("listed: %s", words)
    assert read() == [f"WARNING listed: {shown}"]


@pytest.mark.parametrize("words", [words for words, _ in HOSTILE], ids=ascii)
def test_json_is_one_object_a_line_that_has_the_words_as_they_were(logged, words):
    read = logged(LOG_FORMAT="json")
    logging.getLogger("crawler.test").warning("listed: %s", words)
    (line,) = read()
    event = json.loads(line)
    assert event["message"] == f"listed: {words}"
    assert set(event) == {"time", "level", "logger", "run_id", "message"}
    assert (event["level"], event["logger"], event["run_id"]) == ("WARNING", "crawler.test", RUN_ID)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
    assert abs(clock.now() - datetime.fromisoformat(event["time"])) < timedelta(minutes=5)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e]", line)


@pytest.mark.parametrize("form", ["json", "%(levelname)s %(message)s"])
def test_names_and_passwords_of_addresses_are_not_told(logged, form):
    read = logged(LOG_FORMAT=form)
    away = "postgresql+psycopg://crawler:p%40ss@db.example:5432/x is away"
    try:
        raise ValueError(away)
    except ValueError:
        words = "Redirecting (302) to <GET http://u:p@ss:p@www.workercn.cn/a@b> from //token@host/x"
        logging.getLogger("crawler.test").exception(words)
    text = "\n".join(read())
    assert not re.search(r"u:p|ss:p|token|p%40ss", text)
    assert "http://***@www.workercn.cn/a@b> from //***@host/x" in text
    assert "postgresql+psycopg://***@db.example:5432/x is away" in text


def fail():
    try:
        raise ValueError(f"bad\n{RUN_ID} CRITICAL made up\x1b[2J")
    except ValueError:
        logging.getLogger("crawler.test").exception("a page")


def test_a_traceback_keeps_its_lines_indented(logged):
    read = logged()
    fail()
    first, *further = read()
    assert first == "ERROR a page"
    assert further[0] == "    Traceback (most recent call last):"
    assert further[-2:] == ["    ValueError: bad", rf"    {RUN_ID} CRITICAL made up\x1b[2J"]
    assert all(line.startswith("    ") for line in further)


def test_a_traceback_is_in_the_same_json_object(logged):
    read = logged(LOG_FORMAT="json")
    fail()
    (line,) = read()
    exception = json.loads(line)["exception"]
    assert exception.startswith("Traceback (most recent call last):\n")
    assert exception.endswith(f"ValueError: bad\n{RUN_ID} CRITICAL made up\x1b[2J")


def test_a_traceback_is_the_one_that_was_given(logged):
    """Twisted hands it on beside the exception, from which it takes it away."""
    read = logged()
    try:
        raise ValueError("bad")
    except ValueError as error:
        trace = error.__traceback__
        given = (ValueError, error.with_traceback(None), trace)
    logging.getLogger("crawler.test").error("a page", exc_info=given)
    assert any("test_log.py" in line for line in read())


def test_a_stack_is_shown_like_a_traceback(logged):
    read = logged()
    logging.getLogger("crawler.test").warning("here", stack_info=True)
    assert read()[1] == "    Stack (most recent call last):"


@pytest.mark.parametrize(
    ("level", "name", "severity", "shown"),
    [
        ("INFO", "scrapy.core.engine", logging.INFO, False),
        ("INFO", "scrapy.crawler", logging.INFO, False),
        ("INFO", "scrapy.spidermiddlewares.httperror", logging.INFO, False),
        ("INFO", "scrapy.extensions.logstats", logging.INFO, True),
        ("INFO", "scrapy.extensions.memusage", logging.INFO, False),
        ("INFO", "scrapy.core.engine", logging.WARNING, True),
        ("INFO", "crawler.spiders.discovery", logging.INFO, True),
        ("INFO", "crawler.spiders.discovery", logging.DEBUG, False),
        ("WARNING", "crawler.spiders.discovery", logging.INFO, False),
        ("DEBUG", "scrapy.core.engine", logging.INFO, True),
        ("DEBUG", "scrapy.core.engine", logging.DEBUG, True),
    ],
)
def test_what_is_the_same_every_night_is_for_debugging(logged, level, name, severity, shown):
    read = logged(LOG_LEVEL=level)
    logging.getLogger(name).log(severity, "words")
    assert len(read()) == shown


@pytest.mark.parametrize(("pages", "shown"), [(0, 0), (1, 1)])
def test_no_line_says_that_nothing_has_come_yet(logged, pages, shown):
    read = logged()
    given = {"pages": pages, "pagerate": 0, "items": 0, "itemrate": 0}
    words = "Crawled %(pages)d pages (at %(pagerate)d pages/min)"
    logging.getLogger("scrapy.extensions.logstats").info(words, given)
    assert len(read()) == shown


def test_a_form_may_hold_the_run(logged):
    read = logged(LOG_FORMAT="%(run_id)s %(message)s")
    logging.getLogger("crawler.test").warning("words")
    assert read() == [f"{RUN_ID} words"]


@pytest.mark.parametrize("form", ["json", "%(levelname)s %(message)s"])
def test_what_the_network_does_has_no_traceback(logged, form):
    read = logged(LOG_FORMAT=form)
    try:
        raise DownloadConnectionRefusedError("refused by other side")
    except DownloadConnectionRefusedError:
        logging.getLogger("crawler.test").exception("a page")
    text = "\n".join(read())
    assert "DownloadConnectionRefusedError: refused by other side" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("form", ["json", "%(levelname)s %(message)s"])
def test_what_the_message_says_is_not_said_twice(logged, form):
    """Scrapy logs a robots.txt that could not be had with the error in the message and as exc_info."""
    read = logged(LOG_FORMAT=form)
    try:
        raise DownloadConnectionRefusedError("refused by other side")
    except DownloadConnectionRefusedError as error:
        logging.getLogger("crawler.test").error("a page: %s", error, exc_info=True)
    (line,) = read()
    assert line.count("refused by other side") == 1


def test_a_second_run_takes_the_place_of_the_first(logged):
    read = logged()
    log.set_up(Settings({"LOG_FILE": None, "LOG_ENABLED": False, "LOG_LEVEL": "INFO"}), "another")
    logging.getLogger("crawler.test").warning("words")
    assert read() == []


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ("json", True),
        ("%(asctime)s %(levelname)s %(message)s", True),
        ("%(message)s", True),
        ("%(run_id)s %(message)s", True),
        ("JSON", False),
        ("%(nonsense)s", False),
        ("%(message)", False),
        ("%(message)d", False),
    ],
)
def test_a_form_that_no_line_could_have_is_refused(form, allowed):
    assert log.is_format(form) == allowed


# --- a whole night ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site():
    with serve(Site(seed=2, articles=120, now=clock.now())) as server:
        yield server.url


def test_a_good_night_is_a_few_lines_however_many_articles(site, tmp_path):
    run = crawl(tmp_path, site)
    *events, last = run.stderr.splitlines()
    assert (run.code, run.manifest["counts"]["new"]) == (0, 120)
    assert any("walking 8 sections: 人物 (character), 教育 (edu)" in event for event in events)
    assert len([event for event in events if "logstats" not in event]) < 5  # that is one a minute
    assert all(re.match(r"\d{4}-\d\d-\d\d ", event) for event in events)
    assert not any("Crawled 0" in event or "Peak memory" in event for event in events)
    assert last.startswith("workercn: complete and healthy")


def test_json_from_the_first_line_to_the_last(site, tmp_path):
    path = tmp_path / "log.jsonl"
    run = crawl(
        tmp_path / "out", site, "limit=3", LOG_FORMAT="json", LOG_LEVEL="DEBUG", LOG_FILE=path
    )
    events = lines(path)
    assert {event["run_id"] for event in events} == {run.manifest["run_id"]}
    assert {"INFO", "DEBUG"} <= {event["level"] for event in events}
    (last,) = map(json.loads, run.stderr.splitlines())
    assert (last["level"], last["run_id"]) == ("INFO", run.manifest["run_id"])
    assert last["message"].startswith("workercn: complete and healthy")


def test_what_ends_before_the_first_request_is_json_too(tmp_path):
    run = crawl(tmp_path / "out", "http://127.0.0.1:1", "limit=no", LOG_FORMAT="json")
    (last,) = map(json.loads, run.stderr.splitlines())
    assert (run.code, last["level"], last["run_id"]) == (2, "ERROR", None)
    assert last["message"].startswith("scrapy: argument limit=no")


def test_a_site_that_is_away_says_so_after_the_first_failure_and_no_traceback(tmp_path):
    settings = {"RETRY_DELAY": 0.01, "RETRY_TIMES_UNREACHED": 3}
    run = crawl(tmp_path / "out", "http://127.0.0.1:9", **settings)
    assert run.code == 4
    first, *_, last = run.stderr.splitlines()
    away = "www.workercn.cn could not be reached (connection refused)"
    assert first.endswith(f"WARNING: {away}; retrying for up to 0 s")
    assert last == f"workercn: {away}; nothing published"
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("form", ["yaml", "%(nonsense)s"])
def test_a_wrong_form_is_found_at_the_start(tmp_path, form):
    run = crawl(tmp_path, "http://127.0.0.1:1", LOG_FORMAT=form)
    assert run.code == 2
    assert f"LOG_FORMAT={form}" in run.stderr
    assert run.stderr.count("\n") == 1
