"""From a page's bytes to its text, whatever server and page say of them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# What servers and pages write -> Python's codec. Chinese ones are read as their largest superset:
# pages that say gb2312 hold characters that only gb18030 has.
_CODECS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8",
    "gb2312": "gb18030", "gb-2312": "gb18030", "gb2312-80": "gb18030", "x-gbk": "gb18030",
    "gbk": "gb18030", "cp936": "gb18030", "ms936": "gb18030", "gb18030": "gb18030",
    "big5": "cp950", "big-5": "cp950", "cn-big5": "cp950", "x-x-big5": "cp950", "cp950": "cp950",
    "big5-hkscs": "big5hkscs", "big5hkscs": "big5hkscs",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "us-ascii": "cp1252",
}  # fmt: skip
_WIDER: Final = {"cp950": "big5hkscs"}  # the same characters and Hong Kong's
_PROVES_NOTHING: Final = frozenset(("utf-8", "cp1252"))  # tried already; decodes nearly all bytes

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD: Final = 2048  # bytes in which a page declares its charset
# '<meta charset="gb2312">', '<meta http-equiv=… content="text/html; charset=gb2312">',
# '<?xml version="1.0" encoding="utf-8"?>'
_META = re.compile(rb"<(?i:meta\s[^>]{0,300}?charset)\s*=\s*[\"']?\s*([\w-]+)")
_XML = re.compile(rb"\s*<\?(?i:xml\s[^>]{0,100}?encoding)\s*=\s*[\"']([\w-]+)")
_BROKEN: Final = "\ufffd"
_PIECE: Final = 1024  # bytes, at least, decoded at a time
_SAMPLE: Final = 1000  # bytes from the first that is no UTF-8: enough to tell a GBK page


class _DeclaredCharset(NamedTuple):
    where: str  # 'header' or 'page'
    label: str  # as written: 'GB2312'
    codec: str | None  # None where nobody knows the label


class Decoded(NamedTuple):
    text: str
    warnings: list[str]
    utf8: bytes | None  # the text in UTF-8, where it need not be made of it


def decode(body: bytes, charset: str | None = None) -> tuple[str, list[str]]:
    """The text of a page, and what was doubtful about it, as `read` does."""
    return read(body, charset)[:2]


def read(body: bytes, charset: str | None = None) -> Decoded:
    """The text of a page, and what was doubtful about it, each `encoding: …`.

    `charset` is what the HTTP header said. The bytes decide: byte order mark, UTF-8, what header
    or page declare, GB18030; else what loses least, with U+FFFD for broken bytes. The text holds
    no NUL; none of the codecs makes a lone surrogate.
    """
    declared = _declarations(body, charset)
    for mark, codec in _BOMS:
        if body.startswith(mark):
            text, utf8 = body[len(mark) :].decode(codec, "replace"), None
            break
    else:
        text, codec, utf8 = _decode(body, [one.codec for one in declared if one.codec])
    warnings = []
    for one in declared:
        if codec not in (one.codec, _WIDER.get(one.codec or "")) and not body.isascii():
            said = one.label if one.codec else f"{one.label}, which is no known charset"
            warnings.append(f"encoding: the {one.where} says {said}, the bytes say {codec}")
    if utf8 is None and (broken := text.count(_BROKEN)):
        warnings.append(f"encoding: {broken} broken characters replaced")
    if b"\x00" in body and (nuls := text.count("\x00")):
        text, utf8 = text.replace("\x00", ""), None
        warnings.append(f"encoding: {nuls} NUL characters removed")
    return Decoded(text, warnings, utf8)


def _declarations(body: bytes, charset: str | None) -> list[_DeclaredCharset]:
    labels = []
    if charset and (label := charset.strip(" \t\"'")):
        labels.append(("header", label))
    if match := _XML.match(body, 0, _HEAD) or _META.search(body, 0, _HEAD):
        labels.append(("page", match[1].decode("ascii", "replace")))
    return [
        _DeclaredCharset(where, label, _CODECS.get(label.lower().replace("_", "-")))
        for where, label in labels
    ]


def _decode(body: bytes, declared: list[str]) -> tuple[str, str, bytes | None]:
    """The text, the codec that reads it, and the text in UTF-8 unless something in it is broken."""
    try:
        return body.decode("utf-8"), "utf-8", body
    except UnicodeDecodeError as error:
        sample = body[error.start : error.start + _SAMPLE].decode("utf-8", "replace")
    codecs = [codec for codec in declared if codec not in _PROVES_NOTHING]
    codecs += [_WIDER[codec] for codec in codecs if codec in _WIDER]
    # Reading the whole page as what it is not costs as much as parsing it.
    if codecs and not _is_utf8(sample) and (whole := _whole(body, codecs[0])):
        return whole[0], codecs[0], whole[1]
    torn = body.decode("utf-8", "replace")
    if _is_utf8(torn):
        return torn, "utf-8", None
    codecs.append("gb18030")
    for codec in codecs:
        if whole := _whole(body, codec):
            return whole[0], codec, whole[1]
    read = {codec: body.decode(codec, "replace") for codec in codecs} | {"utf-8": torn}
    best = min(read, key=lambda codec: read[codec].count(_BROKEN))
    return read[best], best, None


def _whole(body: bytes, codec: str) -> tuple[str, bytes] | None:
    """The text in a Chinese codec, and the same in UTF-8; None if a byte is none of its.

    Cut at line feeds, which are part of no other character: pieces of ASCII alone (styles, scripts)
    take no time, and are half of many a page.
    """
    texts: list[str] = []
    utf8: list[bytes] = []
    begin = 0
    try:
        while begin < len(body):
            end = body.find(b"\n", begin + _PIECE) + 1 or len(body)
            piece = body[begin:end]
            text = piece.decode("ascii" if piece.isascii() else codec)
            texts.append(text)
            utf8.append(piece if text.isascii() else text.encode())
            begin = end
    except UnicodeDecodeError:
        return None
    return "".join(texts), b"".join(utf8)


def _is_utf8(torn: str) -> bool:
    """Was it but for a few bytes? Of GBK's pairs about one in three reads as UTF-8 by chance."""
    broken = torn.count(_BROKEN)
    whole = len(torn) - len(torn.encode("ascii", "ignore")) - broken
    return whole > 9 * broken
