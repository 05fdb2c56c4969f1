"""`scrapy extract` of a saved page: when it was saved, and pages that are no article."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler import clock
from tests.commands.test_extract import PAGE, URL, extract

GENERIC = "https://news.example/local/17.html"


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "page.html"

    def save(time, extra=""):
        page = PAGE.replace("2024-02-29 09:06", time).replace("</body>", f"{extra}</body>")
        path.write_text(page, "utf-8")
        return path

    return save


def read(file, *words, url=URL):
    done, record = extract(file, "--url", url, *words)
    assert done.returncode in (0, 3), done.stderr
    doubts = [words for words in record["warnings"] if words.startswith("published_at")]
    return record.get("published_at"), doubts


REFUSED = "when the page was saved is not known"


@pytest.mark.parametrize("words", ["3小时前", "昨天 08:00", "5分钟前", "昨晚8:05"])
def test_relative_words_are_refused_where_nobody_knows_when_it_was_saved(saved, words):
    at, doubts = read(saved(words))
    assert at == "2024-02-29T00:00:00+08:00"  # the address's day
    assert any(REFUSED in doubt for doubt in doubts)
    at, doubts = read(saved(words), url=GENERIC)
    assert at is None
    assert any(REFUSED in doubt for doubt in doubts)


@pytest.mark.parametrize(
    ("words", "fetched_at", "expected"),
    [
        ("3小时前", "2024-02-29T04:30:00Z", "2024-02-29T09:30:00+08:00"),
        ("3小时前", "2024-02-29 12:30", "2024-02-29T09:30:00+08:00"),
        ("3小时前", "2024-02-29T12:30:15+08:00", "2024-02-29T09:30:00+08:00"),
        ("今天 08:00", "2024-02-29", "2024-02-29T08:00:00+08:00"),
        ("昨天 08:00", "2024-03-01", "2024-02-29T08:00:00+08:00"),
        ("2月28日 09:06", "2024-02-29", "2024-02-28T09:06:00+08:00"),
        ("12月31日 09:06", "2024-02-29", "2023-12-31T09:06:00+08:00"),
        ("3小时前", "2024-02-29", None),  # 3 hours before when?
        ("2024-02-29 09:06", "2024-02-29 09:00", "2024-02-29T09:06:00+08:00"),  # clocks differ
        ("2024-02-29 09:06", "2024-02-28", None),
    ],
)
def test_fetched_at(saved, words, fetched_at, expected):
    at, doubts = read(saved(words), "--fetched-at", fetched_at, url=GENERIC)
    assert at == expected
    assert bool(doubts) == (expected is None)


def test_fetched_at_is_the_records(saved):
    done, record = extract(saved("今天 08:00"), "--url", URL, "--fetched-at", "2024-02-29 12:30")
    assert done.returncode == 0
    assert record["fetched_at"] == "2024-02-29T04:30:00Z"


@pytest.mark.parametrize(
    "words", ["", "gestern", "2024-02-30", "12:30", "2024-02-29 25:00", "2024-02-29Z", "20240229"]
)
def test_a_wrong_time_is_said_in_one_line(saved, words):
    done, record = extract(saved("今天"), "--url", URL, f"--fetched-at={words}")
    assert (done.returncode, record) == (2, None)
    assert done.stderr.count("\n") == 1
    assert "--fetched-at" in done.stderr


def test_a_time_that_is_yet_to_come(saved):
    later = (clock.now_in_cst() + timedelta(days=2)).date().isoformat()
    done, _ = extract(saved("今天"), "--url", URL, "--fetched-at", later)
    assert done.returncode == 2
    assert "is in the future" in done.stderr


def test_today_may_be_when_it_was_saved(saved):
    today = clock.today()
    at, doubts = read(saved("昨天 08:00"), "--fetched-at", today.isoformat(), url=GENERIC)
    assert (at, doubts) == (f"{today - timedelta(days=1)}T08:00:00+08:00", [])


def test_an_address_is_fetched_now():
    done, _ = extract(URL, "--fetched-at", "2024-02-29")
    assert done.returncode == 2
    assert "--fetched-at" in done.stderr


def test_standard_input_is_a_file():
    page = PAGE.replace("2024-02-29 09:06", "3小时前")
    done, record = extract("-", "--url", GENERIC, input=page)
    assert done.returncode == 3
    assert any(REFUSED in words for words in record["warnings"])
    done, record = extract("-", "--url", GENERIC, "--fetched-at", "2024-02-29 12:30", input=page)
    assert done.returncode == 0
    assert record["published_at"] == "2024-02-29T09:30:00+08:00"


@pytest.mark.parametrize(
    ("url", "extra", "expected"),
    [
        (URL, "", "2024-02-29T09:06:00+08:00"),
        ("https://news.example/2020/0301/17.html", "", "2020-02-29T09:06:00+08:00"),
        ("https://news.example/2020/17.html", "", "2020-02-29T09:06:00+08:00"),
        (GENERIC, "<p>《城东日报》（2016年2月29日 03版）</p>", "2016-02-29T09:06:00+08:00"),
        (GENERIC, "<p>上一期：2016年2月28日</p>", None),
        (GENERIC, "", None),
    ],
)
def test_the_year_of_a_date_that_shows_none(saved, url, extra, expected):
    at, doubts = read(saved("2月29日 09:06", extra), url=url)
    assert at == expected
    assert bool(doubts) == (expected is None)


def test_a_block_page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        "<meta charset=utf-8><title>安全验证</title><h1>安全验证</h1><p>发布时间：2024-02-29 09:06</p>"
        "<p>您的访问过于频繁，请完成验证后继续访问。</p>",
        "utf-8",
    )
    done, record = extract(path, "--url", URL)
    assert done.returncode == 3
    assert [record[key] for key in ("title", "published_at", "published_precision", "body")] == [
        None
    ] * 4
    assert record["warnings"][0].startswith("page: ")
    assert (record["id"], record["authors"], record["images"]) == ("8163816", [], [])
