"""Bytes as servers send them, with what server and page say of them."""

from __future__ import annotations

import pytest

from crawler.text.encoding import decode

NEWS = "<p>中工网讯，近日，滨州市召开座谈会，朱镕基、囧。</p>\n" * 4
TRADITIONAL = "<p>近日，濱州市召開座談會。</p>" * 4
META_GB = '<meta charset="gb2312">'
META_UTF8 = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />'


@pytest.mark.parametrize(
    ("text", "codec", "header"),
    [
        (NEWS, "utf-8", None),
        (NEWS, "utf-8", "utf-8"),
        (META_UTF8 + NEWS, "utf-8", "UTF-8"),
        (NEWS, "gb18030", "gbk"),
        (META_GB + NEWS, "gb18030", None),
        (META_GB + NEWS, "gb18030", "GB2312"),
        (NEWS, "gb18030", None),
        (TRADITIONAL, "big5", "big5"),
        ("<meta charset=big5>" + TRADITIONAL + "啫喱", "big5hkscs", None),
        ("<p>plain</p>", "ascii", "gb2312"),
        ("", "utf-8", "utf-8"),
    ],
)
def test_what_is_said_is_true(text: str, codec: str, header: str | None) -> None:
    assert decode(text.encode(codec), header) == (text, [])


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_is_believed_and_removed(codec: str) -> None:
    assert decode(NEWS.encode(codec)) == (NEWS, [])


@pytest.mark.parametrize(
    ("text", "codec", "header", "warning"),
    [
        (NEWS, "gb18030", "utf-8", "the header says utf-8, the bytes say gb18030"),
        (NEWS, "gb18030", "ISO-8859-1", "the header says ISO-8859-1, the bytes say gb18030"),
        (META_UTF8 + NEWS, "gb18030", "gbk", "the page says utf-8, the bytes say gb18030"),
        (META_GB + NEWS, "utf-8", None, "the page says gb2312, the bytes say utf-8"),
        (NEWS, "utf-8", "big5", "the header says big5, the bytes say utf-8"),
        (NEWS, "utf-8", "utf-ate", "the header says utf-ate, which is no known charset, the bytes"),
        (NEWS, "gb18030", "rot13", "the header says rot13, which is no known charset, the bytes"),
        (META_GB + NEWS, "utf-8-sig", None, "the page says gb2312, the bytes say utf-8"),
    ],
)
def test_the_bytes_decide(text: str, codec: str, header: str | None, warning: str) -> None:
    decoded, warnings = decode(text.encode(codec), header)
    assert decoded == text
    assert len(warnings) == 1
    assert warnings[0].startswith(f"encoding: {warning}")


def test_charset_declared_beyond_the_head_is_not_looked_for() -> None:
    text = " " * 3000 + META_GB + NEWS
    assert decode(text.encode()) == (text, [])


@pytest.mark.parametrize("header", [None, "utf-8", "gb2312"])
def test_broken_utf8_stays_utf8(header: str | None) -> None:
    body = NEWS.encode().replace("座".encode(), b"\xe5\xba", 1).replace("镕".encode(), b"\xff", 1)
    text, warnings = decode(body, header)
    assert text == NEWS.replace("座", "\ufffd", 1).replace("镕", "\ufffd", 1)
    assert "encoding: 2 broken characters replaced" in warnings


def test_utf8_cut_off_in_a_character() -> None:
    text, warnings = decode((NEWS + "完").encode()[:-1], "utf-8")
    assert text == NEWS + "\ufffd"
    assert warnings == ["encoding: 1 broken characters replaced"]


@pytest.mark.parametrize("header", [None, "gb2312"])
def test_broken_gbk_stays_gbk(header: str | None) -> None:
    text, warnings = decode(NEWS.encode("gb18030") + b"\xd6", header)
    assert text == NEWS + "\ufffd"
    assert warnings == ["encoding: 1 broken characters replaced"]


def test_replacement_characters_of_the_site_itself_are_not_counted() -> None:
    assert decode((NEWS + "\ufffd").encode()) == (NEWS + "\ufffd", [])


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_nul_is_removed(codec: str) -> None:
    assert decode(f"{NEWS}\0\0".encode(codec)) == (NEWS, ["encoding: 2 NUL characters removed"])


@pytest.mark.parametrize(
    "body", [b"\xed\xa0\x80", b"\xff\xfe\x00\xd8", b"\x83\x36\xc7\x38", bytes(range(256)) * 3]
)
@pytest.mark.parametrize("header", [None, "utf-8", "gbk", "big5", "latin1"])
def test_whatever_comes_the_text_can_be_written(body: bytes, header: str | None) -> None:
    text, _ = decode(body, header)
    assert "\0" not in text
    assert text.encode()


def test_pieces_of_ascii_between_chinese_lines() -> None:
    style = "a{b:c}" * 200 + "\n"
    text = META_GB + NEWS + style + NEWS + style * 3 + NEWS
    assert decode(text.encode("gb18030")) == (text, [])


def test_a_character_cut_off_by_a_line_feed_is_broken() -> None:
    body = (
        (META_GB + NEWS + "a" * 2000 + "\n").encode("gb18030") + b"\xd6\n" + NEWS.encode("gb18030")
    )
    text, warnings = decode(body)
    assert text.endswith("\ufffd\n" + NEWS)
    assert warnings == ["encoding: 1 broken characters replaced"]
