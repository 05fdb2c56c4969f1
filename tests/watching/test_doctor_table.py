"""The doctor's table: 80 columns, in which a Chinese character takes two."""

from __future__ import annotations

import pytest

from crawler.text.widths import columns_of
from crawler.watching.doctor.findings import Diagnosis, PlainRow, Problem, conclude
from crawler.watching.doctor.table import render, wrap


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
        ("abcdefghijklmn", ["abcde", "fghijklmn"]),
        ("see /content/2026/11/22/", ["see /", "content/", "2026/11/", "22/"]),
        ("  indented", ["  indented"]),
    ],
)
def test_wrapping(text, expected):
    lines = wrap(text, 10)
    assert lines == expected
    assert max(map(columns_of, lines)) <= 10


def test_what_goes_on_is_indented():
    assert wrap("expected: paragraphs", 12, indent=2) == ["expected:", "  paragraphs"]


def diagnosis(*rows):
    code, sentence = conclude(rows, reached=True, requests=1)
    return Diagnosis(
        checked_at="2026-11-22T04:00:00Z",
        mirror=None,
        requests=1,
        exit_code=code,
        sentence=sentence,
        rows=list(rows),
    )


def test_a_row_with_its_problem():
    problem = Problem(expected="甲" * 30, found="nothing", look_at="crawler/site/urls.py: identify")
    rows = [
        PlainRow(kind="site", name="home page", seen="no\x1b[31m section", problems=[problem]),
        PlainRow(kind="machine", name="state", seen="none", skipped=True),
    ]
    assert render(diagnosis(*rows)) == (
        "FAILS    home page             no[31m section\n"
        "                               expected: 甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲\n"
        "                                 甲甲甲甲甲甲甲甲甲甲甲\n"
        "                               found: nothing\n"
        "                               look at: crawler/site/urls.py: identify\n"
        "skipped  state                 none\n"
        "\n"
        "1 of 2 rows fails: home page; begin with crawler/site/urls.py: identify (1\n"
        "request)\n"
    )


def test_a_doubt_is_no_failure():
    doubt = Problem(expected="a", found="b", severity="doubt")
    row = PlainRow(kind="site", name="DNS", seen="c", problems=[doubt])
    assert (row.verdict, diagnosis(row).exit_code) == ("doubt", 0)
    both = PlainRow(
        kind="site", name="DNS", seen="c", problems=[doubt, Problem(expected="a", found="b")]
    )
    assert (both.verdict, diagnosis(both).exit_code) == ("fails", 3)
    assert "doubt, expected: a" in render(diagnosis(both))
