"""Faults of the embedded site, switched on by path: `PATTERN:KIND[=VALUE][@TIMES]`.

PATTERN is a shell pattern for the path (`/c/*`) or for host and path (`news.workercn.cn/*`), KIND
and VALUE one of the table below, TIMES after how many answers the fault is over (else never).
The first fault that matches a request spoils its answer.

    status=CODE[,RETRY-AFTER]   404, 410, 500, 503, 429, …; seconds or an HTTP date
    empty                       an empty body
    charset=NAME                a wrong charset in Content-Type (gbk)
    bad-bytes[=N]               bytes that are no text, N times inside it (3)
    html                        an HTML page, whatever was asked for
    body=TEXT                   200 and this text, as JSON
    as=PATH                     what another path answers, such as the page before
    half                        the first half of the body, as if that were all
    no-article                  a page without title and text
    script[=old|new|loop]       a page that its script builds, from what the page would be: a script
                                that browsers of 2016 can run, or one of today, or one without end
    redirect=TARGET             302 to a path or an address
    endless[=repeat|older]      JSON lists: one page for ever, or made-up entries, ever older
    big=MB                      so many megabytes more
    bad-gzip                    Content-Encoding: gzip, and a body that is none
    stall[=SECONDS]             no answer for so long (for ever)
    reset                       the connection is reset before the answer
    reset-body                  … in the middle of the body
    truncated                   Content-Length promises more than comes
    slow=BYTES                  so many bytes a second
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from crawler.samplesite.document import HTML, JSON, Document

Ending = Literal["whole", "reset", "reset-body", "truncated"]

TIMES = re.compile(r"@(\d{1,9})$")
FULL_STOPS = ("。".encode(), "。".encode("gb18030"))
NO_TEXT = b"\xff\xfe"  # in UTF-8 as in GB18030
EMPTY_PAGE = (
    b"<!DOCTYPE html><html><head><meta charset=utf-8></head><body><div></div></body></html>"
)
BUSY_PAGE = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>系统繁忙</title></head>"
    "<body><p>系统繁忙，请稍后再试</p></body></html>"
).encode()
# What else such a page has, none of it needed for its text; %s is the script.
SCRIPTED_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>中工网</title>
<link rel="stylesheet" href="/static/app.css">
<style>@font-face{font-family:song;src:url(/static/song.woff2)}body{font-family:song}</style>
<script src="http://stat.example.cn/tongji.js"></script>
<script src="/login/user.js"></script></head>
<body><div id="app">加载中…<img src="/static/loading.gif"><video src="/static/lead.mp4" autoplay>
</video></div><script>%s</script></body></html>"""
SCRIPTS = {
    "old": "var r = new XMLHttpRequest(); r.open('GET', location.pathname + '?part=page');"
    "r.onload = function () { document.documentElement.innerHTML = r.responseText; }; r.send();",
    "new": "(async () => { const r = await fetch(`${location.pathname}?part=page`);"
    "document.documentElement.innerHTML = (await r?.text()) ?? ''; })();",
    "loop": "for (;;) {}",
}


@dataclass(slots=True)
class Reply:
    """An answer on its way out, and how it travels."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0  # seconds; inf: never
    pace: int = 0  # bytes a second; 0: at once
    ending: Ending = "whole"


@dataclass(slots=True)
class Asked:
    """What a fault may know of the request besides the reply that it would have had."""

    path: str
    query: str
    endless: Callable[[str, bool], Document | None]
    find: Callable[[str], Document | None]  # by path, on the same host


def _positive(value: str) -> float:
    number = float(value)
    if not number > 0:  # nan neither
        raise ValueError
    return number


def _status(value: str) -> Callable[[Reply, Asked], Reply]:
    code, _, retry_after = value.partition(",")
    status = int(code)
    if not 200 <= status < 600:
        raise ValueError
    headers = {"Retry-After": retry_after.strip()} if retry_after else {}
    body = f"<html><body><h1>{status}</h1></body></html>".encode()
    return lambda reply, asked: Reply(status, body, headers=headers)


def _charset(value: str) -> Callable[[Reply, Asked], Reply]:
    if not re.fullmatch(r"[\w-]+", value):
        raise ValueError
    return lambda reply, asked: replace(
        reply, content_type=f"{reply.content_type.partition(';')[0]}; charset={value}"
    )


def _bad_bytes(value: str) -> Callable[[Reply, Asked], Reply]:
    times = int(_positive(value or "3"))

    def spoil(reply: Reply, asked: Asked) -> Reply:
        stop = next((stop for stop in FULL_STOPS if stop in reply.body), b"</")
        return replace(reply, body=reply.body.replace(stop, NO_TEXT + stop, times))

    return spoil


def _redirect(value: str) -> Callable[[Reply, Asked], Reply]:
    if not re.fullmatch(r"(https?://|/)[!-~]*", value):
        raise ValueError
    return lambda reply, asked: Reply(302, headers={"Location": value})


def _endless(value: str) -> Callable[[Reply, Asked], Reply]:
    if value not in ("", "repeat", "older"):
        raise ValueError

    def spoil(reply: Reply, asked: Asked) -> Reply:
        page = asked.endless(asked.path, value == "older")
        return Reply(200, page.plain, page.content_type) if page else reply

    return spoil


def _body(value: str) -> Callable[[Reply, Asked], Reply]:
    return lambda reply, asked: Reply(200, value.encode(), JSON)


def _as(value: str) -> Callable[[Reply, Asked], Reply]:
    if not value.startswith("/"):
        raise ValueError

    def spoil(reply: Reply, asked: Asked) -> Reply:
        page = asked.find(value)
        return Reply(200, page.plain, page.content_type) if page else Reply(404)

    return spoil


def _script(value: str) -> Callable[[Reply, Asked], Reply]:
    if value not in ("", *SCRIPTS):
        raise ValueError
    page = (SCRIPTED_PAGE % SCRIPTS[value or "old"]).encode()
    return lambda reply, asked: reply if asked.query == "part=page" else Reply(200, page)


def _big(value: str) -> Callable[[Reply, Asked], Reply]:
    size = int(_positive(value) * 2**20)
    return lambda reply, asked: replace(reply, body=reply.body + b" " * size)


def _slow(value: str) -> Callable[[Reply, Asked], Reply]:
    pace = max(int(_positive(value)), 1)
    return lambda reply, asked: replace(reply, pace=pace)


def _stall(value: str) -> Callable[[Reply, Asked], Reply]:
    seconds = _positive(value or "inf")
    return lambda reply, asked: replace(reply, delay=seconds)


def _plainly(change: Callable[[Reply], Reply]) -> Callable[[str], Callable[[Reply, Asked], Reply]]:
    """A kind that takes no value."""

    def make(value: str) -> Callable[[Reply, Asked], Reply]:
        if value:
            raise ValueError
        return lambda reply, asked: change(reply)

    return make


KINDS: dict[str, Callable[[str], Callable[[Reply, Asked], Reply]]] = {
    "status": _status,
    "empty": _plainly(lambda reply: replace(reply, body=b"")),
    "charset": _charset,
    "bad-bytes": _bad_bytes,
    "html": _plainly(lambda reply: Reply(200, BUSY_PAGE)),
    "body": _body,
    "as": _as,
    "half": _plainly(lambda reply: replace(reply, body=reply.body[: len(reply.body) // 2])),
    "no-article": _plainly(lambda reply: Reply(200, EMPTY_PAGE)),
    "script": _script,
    "redirect": _redirect,
    "endless": _endless,
    "big": _big,
    "bad-gzip": _plainly(
        lambda reply: replace(
            reply,
            body=b"\x1f\x8b\x08\0" + reply.body[:2000],
            headers={**reply.headers, "Content-Encoding": "gzip"},
        )
    ),
    "stall": _stall,
    "reset": _plainly(lambda reply: replace(reply, ending="reset")),
    "reset-body": _plainly(lambda reply: replace(reply, ending="reset-body")),
    "truncated": _plainly(lambda reply: replace(reply, ending="truncated")),
    "slow": _slow,
}


class Fault:
    """One fault, from its specification; ValueError says what is wrong with it."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        times = TIMES.search(spec)
        pattern, colon, rest = spec[: times.start() if times else None].partition(":")
        kind, _, value = rest.partition("=")
        if not pattern or not colon:
            raise ValueError(f"fault {spec!r}: not of the form PATTERN:KIND[=VALUE][@TIMES]")
        if kind not in KINDS:
            raise ValueError(f"fault {spec!r}: no kind {kind!r}; there are {', '.join(KINDS)}")
        try:
            self._spoil = KINDS[kind](value)
        except (ValueError, OverflowError):
            raise ValueError(f"fault {spec!r}: {kind} cannot be {value!r}") from None
        self.pattern = pattern
        self.left = int(times[1]) if times else None  # answers; None: no end

    def matches(self, host: str, path: str) -> bool:
        return self.left != 0 and (
            fnmatchcase(path, self.pattern) or fnmatchcase(host + path, self.pattern)
        )

    def spoil(self, reply: Reply, asked: Asked) -> Reply:
        if self.left is not None:
            self.left -= 1
        return self._spoil(reply, asked)


def read(faults: Iterable[Fault | str]) -> list[Fault]:
    return [Fault(fault) if isinstance(fault, str) else fault for fault in faults]
