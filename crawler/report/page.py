"""A template to a file: everything printed is escaped, seen for what it is, and not too long."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_LONGEST = 4000  # characters of one text: a traceback is shown whole, a page in an error is not
_LONGEST_LINK = 2000

# Control characters, what turns the direction of writing, what has no width, half characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def write(path: Path, template: str, **values: Any) -> None:
    """Let `path` hold the page, at once or, with an OSError, not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            for piece in _environment().get_template(template).generate(**values):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from crawler.report import verdict

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_finalize,  # of every value printed: no template can forget it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": clock,
        "day": lambda moment: f"{moment:%m-%d}" if moment else "–",
        "last_line": last_line,
        "number": number,
        "share": share,
        "short": short,
        "size": size,
        "span": span,
        "verdict": verdict.of,
    }
    environment.tests["web"] = is_web
    return environment


def _finalize(value: Any) -> Any:
    if hasattr(value, "__html__"):  # made by a macro, whose own values came through here
        return value
    return visible(short(str(value), _LONGEST))


def visible(text: str) -> str:
    """Unseen characters as ␀ or ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda found: _named(ord(found[0])), text)


def _named(point: int) -> str:
    return chr(0x2400 + point) if point < 0x20 else f"⟨U+{point:04X}⟩"


def is_web(url: str) -> bool:
    """May this be a link?"""
    if len(url) > _LONGEST_LINK or _UNSEEN.search(url) or re.search(r"[\s\\]", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def short(text: str, length: int = 160) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def last_line(text: str) -> str:
    """Of a traceback, the line that says what was wrong."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


def clock(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"


def number(value: float | None) -> str:
    """12,345 or –"""
    return "–" if value is None else f"{value:,.0f}"


def share(value: float | None) -> str:
    """98.3 %; 99.97 % is not 100."""
    if value is None:
        return "–"
    return "100 %" if value == 1 else f"{min(value * 100, 99.9):.1f} %"


def size(value: float | None) -> str:
    """Bytes as 1.8 MB"""
    return "–" if value is None else next(_sizes(value))


def _sizes(value: float) -> Iterator[str]:
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            yield f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    yield f"{value:,.1f} TB"


def span(seconds: float | None) -> str:
    """3 h 05 min, 2 min 05 s, 4 s"""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
