"""Spider arguments, right and wrong."""

from datetime import date

import pytest

from crawler.spiders.arguments import ArgumentError, Arguments

TODAY = date(2026, 10, 5)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Arguments()),
        ({"sections": "all"}, Arguments()),
        ({"sections": "character,edu, edu"}, Arguments(sections=("character", "edu"))),
        ({"since": "2026-10-05"}, Arguments(since=TODAY)),
        (
            {"since": "2024-02-29", "until": "2024-02-29"},
            Arguments(since=date(2024, 2, 29), until=date(2024, 2, 29)),
        ),
        (
            {"since": "7d", "until": "yesterday"},
            Arguments(since=date(2026, 9, 28), until=date(2026, 10, 4)),
        ),
        ({"since": "today", "until": "0d"}, Arguments(since=TODAY, until=TODAY)),
        ({"pages": "3", "limit": "5"}, Arguments(pages=3, limit=5)),
    ],
)
def test_right(given, expected):
    assert Arguments.parse(given, today=TODAY) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sections": ""}, "sections="),
        ({"sections": "character,"}, "sections=character,"),
        ({"sections": "../etc"}, "'../etc'"),
        ({"sections": "人物"}, "'人物'"),
        ({"since": "2024-2-29"}, "YYYY-MM-DD"),
        ({"since": "2023-02-29"}, "since=2023-02-29"),
        ({"since": "gestern"}, "since=gestern"),
        ({"since": "2026-10-06"}, "is in the future"),
        ({"since": "2024-03-01", "until": "2024-02-29"}, "before since"),
        ({"until": "0001-01-05"}, "2000-01-01 on"),
        ({"until": "20240229"}, "until=20240229"),
        ({"since": "99999d"}, "2000-01-01 on"),
        ({"since": "７d"}, "since=７d"),
        ({"since": "-7d"}, "since=-7d"),
        ({"since": "yesterday", "until": "7d"}, "before since"),
        ({"pages": "0"}, "pages=0"),
        ({"pages": "-1"}, "pages=-1"),
        ({"pages": "１"}, "pages=１"),
        ({"limit": "1.5"}, "limit=1.5"),
        ({"limit": "9" * 5000}, "whole numbers from 1"),
        ({"limit": "0" * 9 + "1" * 5000}, "whole numbers from 1"),
        ({"urls": "/no/such/file"}, "urls=/no/such/file"),
        ({"urls": "/"}, "urls=/"),
        ({"section": "edu"}, "allowed: sections"),
        ({"name": "x"}, "unknown argument"),
    ],
)
def test_wrong(given, words):
    with pytest.raises(ArgumentError) as caught:
        Arguments.parse(given, today=TODAY)
    message = str(caught.value)
    assert words in message
    assert next(iter(given)) in message
    assert "allowed" in message
    assert "\n" not in message


def test_urls_stands_alone(tmp_path):
    file = tmp_path / "urls.txt"
    file.write_text("https://www.workercn.cn/c/2024-02-29/8163816.shtml\n")
    assert Arguments.parse({"urls": str(file), "limit": "1"}).urls == file
    with pytest.raises(ArgumentError, match="beside urls"):
        Arguments.parse({"urls": str(file), "sections": "edu"})
    file.write_text("\n\n")
    for nothing in ("\n\n", "# one\n  # two\n"):
        file.write_text(nothing)
        with pytest.raises(ArgumentError, match="names no address"):
            Arguments.parse({"urls": str(file)})
    with pytest.raises(ArgumentError, match="no regular file"):
        Arguments.parse({"urls": str(tmp_path)})
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArgumentError, match="UTF-8"):
        Arguments.parse({"urls": str(file)})


@pytest.mark.parametrize(
    ("arguments", "pages"),
    [
        (Arguments(), 10),
        (Arguments(since=TODAY), None),
        (Arguments(until=TODAY), None),
        (Arguments(pages=2, since=TODAY), 2),
        (Arguments(limit=5), 1),
        (Arguments(limit=28), 2),
        (Arguments(limit=5000), 10),
        (Arguments(limit=5, since=TODAY), None),
    ],
)
def test_listing_pages(arguments, pages):
    assert arguments.listing_pages == pages
