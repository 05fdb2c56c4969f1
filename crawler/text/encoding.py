"""From a page's bytes to its text, whatever the page says of itself."""

from __future__ import annotations

import re
from typing import Final

# What servers and pages call them -> Python's codecs. Each Chinese one is read as its largest
# superset: pages that say gb2312 hold characters that only gb18030 has.
_CODECS: Final = (
    dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8")
    | dict.fromkeys(
        ("gb2312", "gb-2312", "gb2312-80", "gbk", "x-gbk", "cp936", "ms936", "gb18030"), "gb18030"
    )
    | dict.fromkeys(("big5", "big-5", "x-x-big5", "cn-big5", "cp950"), "cp950")
    | dict.fromkeys(("big5-hkscs", "big5hkscs"), "big5hkscs")
    | dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252")
    | {"windows-1252": "cp1252"}
)
_PROVES_NOTHING: Final = "cp1252"  # it decodes nearly everything; servers name it by default

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_META_WITHIN: Final = 2048  # bytes
# '<meta charset="gb2312">', '<meta http-equiv=… content="text/html; charset=gb2312">', '<?xml … encoding="utf-8"?>'
_META = re.compile(
    rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]+)|^\s*<\?xml\s[^>]{0,100}encoding=[\"']([\w-]+)",
    re.IGNORECASE,
)
_NEVER = re.compile("[\x00\ud800-\udfff]+")


def decode(body: bytes, charset: str | None = None) -> tuple[str, list[str]]:
    """The text of a page and what was doubtful about it, each `encoding: …`.

    `charset` is what the HTTP header said. The bytes decide: byte order mark, UTF-8, what header
    or page declare, GB18030; broken bytes become U+FFFD. The text holds no NUL and no surrogate.
    """
    declared = _declarations(body[:_META_WITHIN], charset)
    bom, codec = next((one for one in _BOMS if body.startswith(one[0])), (b"", ""))
    if bom:
        text = body[len(bom) :].decode(codec, "replace")
    else:
        text, codec = _by_bytes(body, [codec for _, _, codec in declared if codec])
    warnings = [
        f"encoding: {who} says {label}, the bytes are {codec}"
        for who, label, named in declared
        if named != codec and not _same(named, codec) and not body.isascii()
    ]
    replaced = text.count("\ufffd") - body.count(b"\xef\xbf\xbd" if codec == "utf-8" else b"\x841\xa47")
    if replaced > 0:
        warnings.append(f"encoding: {replaced} broken bytes or characters replaced")
    if _NEVER.search(text):
        text, removed = _NEVER.subn("", text)
        warnings.append(f"encoding: control bytes removed in {removed} places")
    return text, warnings


def _same(named: str | None, codec: str) -> bool:
    return {named, codec} == {"cp950", "big5hkscs"}


def _declarations(head: bytes, charset: str | None) -> list[tuple[str, str, str | None]]:
    """Who declares what: (`header`, `GB2312`, `gb18030`); an unknown name has no codec."""
    found = []
    if charset and charset.strip():
        found.append(("header", charset.strip().strip("\"'")))
    if match := _META.search(head):
        found.append(("page", (match[1] or match[2]).decode("ascii", "replace")))
    return [(who, label, _CODECS.get(label.lower().replace("_", "-"))) for who, label in found]


def _by_bytes(body: bytes, declared: list[str]) -> tuple[str, str]:
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        torn = body.decode("utf-8", "replace")
    broken = torn.count("\ufffd")
    whole = sum(char > "\x7f" for char in torn) - broken
    if whole > 9 * broken:  # of GBK's pairs of bytes not one in three reads as UTF-8
        return torn, "utf-8"
    codecs = [codec for codec in declared if codec not in ("utf-8", _PROVES_NOTHING)]
    if "cp950" in codecs:
        codecs.insert(codecs.index("cp950") + 1, "big5hkscs")
    codecs.append("gb18030")
    for codec in codecs:
        try:
            return body.decode(codec), codec
        except UnicodeDecodeError:
            continue
    read = {codec: body.decode(codec, "replace") for codec in codecs} | {"utf-8": torn}
    best = min(read, key=lambda codec: read[codec].count("\ufffd"))
    return read[best], best
