"""The doctor's table: as wide as the terminal, in which a Chinese character takes two."""

from __future__ import annotations

import pytest

from crawler.doctor.result_rows import PlainRow, busy, diagnose, doubt, fails
from crawler.doctor.table import render, wrap
from crawler.text.widths import columns_of


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("edu", 3),
        ("教育", 4),
        ("edu 教育", 8),
        ("，：“”", 6),
        ("ａ", 2),
        ("e\u0301", 1),
        ("한", 2),
    ],
)
def test_columns(text, columns):
    assert columns_of(text) == columns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("ten column", ["ten column"]),
        ("eleven words", ["eleven", "words"]),
        ("工人日报客户端", ["工人日报客", "户端"]),
        ("a工人日报客户端", ["a工人日报", "客户端"]),
        ("工人日报客，户端", ["工人日报", "客，户端"]),
        ("abcdefghijklmn", ["abcdefghijklmn"]),
        ("an abcdefghijklmn or so", ["an", "abcdefghijklmn", "or so"]),
        ("see /content/新闻/11/22/", ["see", "/content/新闻/11/22/"]),
        ("  indented", ["  indented"]),
    ],
)
def test_wrapping(text, expected):
    """A word, an address or a path is never cut: whoever copies it has it whole."""
    assert wrap(text, 10) == expected


ROWS = [
    PlainRow(
        kind="site",
        name="home page",
        seen="no\x1b[31m section",
        problems=[fails("甲" * 40, "nothing", "crawler/site/urls.py: identify")],
        saved=f"/srv/{'x' * 60}/page.html",
    ),
    PlainRow(kind="machine", name="state", seen="none", skipped=True),
]


def test_a_row_with_its_problem():
    assert render(diagnose(ROWS, requests=1), 80) == (
        "FAILS    home page             no[31m section\n"
        "         expected  甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲\n"
        "                   甲甲甲甲甲甲甲甲甲甲\n"
        "         found     nothing\n"
        "         look at   crawler/site/urls.py: identify\n"
        f"         saved as  /srv/{'x' * 60}/page.html\n"
        "skipped  state                 none\n"
        "\n"
        "1 of 2 rows fails: home page; begin with crawler/site/urls.py: identify; 1 page\n"
        "saved, a .json beside each says what to do with it (1 request)\n"
    )


@pytest.mark.parametrize("width", [0, 60, 80, 120, 200])
def test_as_wide_as_the_terminal(width):
    long = PlainRow(kind="site", name="a", seen="word " * 80 + "工人日报" * 20)
    widest = max(map(columns_of, render(diagnose([long]), width).splitlines()))
    assert max(width, 60) - 10 < widest <= max(width, 60)


def test_a_doubt_is_no_failure():
    row = PlainRow(kind="site", name="DNS", seen="c", problems=[doubt("a", "b")])
    assert (row.verdict, diagnose([row]).exit_code) == ("doubt", 0)
    both = PlainRow(kind="site", name="DNS", seen="c", problems=[doubt("a", "b"), fails("a", "b")])
    assert (both.verdict, diagnose([both]).exit_code) == ("fails", 3)
    table = render(diagnose([both]), 80)
    assert table.index("expected  a") < table.index("expected  in doubt, a")


def test_where_all_that_fails_passes_by_itself():
    row = PlainRow(kind="site", name="edu", problems=[busy("a listing", "系统繁忙")])
    assert diagnose([row]).sentence.startswith("the site is busy, try again later. 1 of 1 rows")
    other = PlainRow(kind="site", name="culture", problems=[fails("a", "b", "c.py: d")])
    sentence = diagnose([row, other]).sentence
    assert "later" not in sentence
    assert "begin with c.py: d" in sentence
