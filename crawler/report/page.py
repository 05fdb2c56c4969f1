"""A template to a file: everything printed is escaped, seen for what it is, and not too long."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.files import replacing
from crawler.report import advice, verdict
from crawler.report.translation import Words

if TYPE_CHECKING:
    from jinja2 import Environment

    from crawler.report.findings import Findings

_HERE = Path(__file__).parent
_LONGEST = 4000  # characters of one text: a traceback is shown whole, a page in an error is not
_LONGEST_LINK = 2000

# Control characters, what turns the direction of writing, what has no width, half characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def write(path: Path, template: str, found: Findings, **values: Any) -> None:
    """Let `path` hold the page, at once or, with an OSError, not at all; in the language of `found`
    and with its names of sections.
    """
    environment = _environment(found.say.language)
    values["finding"] = found.of
    values["verdict_of"] = lambda run: verdict.of(run, found)
    values["word_of"] = lambda run: verdict.word(verdict.kind(run), found.say)
    with replacing(path) as file:
        environment.get_template(template).stream(**values).dump(file, "utf-8")


@functools.cache
def _environment(language: str) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    say = Words(language)
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
        "number": say.number,
        "share": say.share,
        "short": short,
        "size": say.size,
        "span": say.span,
        "tone": verdict.tone,
    }
    # Strings, not markup: what is printed is escaped and made visible as a whole.
    environment.globals |= {
        "say": say,
        "plural": say.plural,
        "title": lambda check: advice.title(check, say),
        "language": {"en": "en", "zh": "zh-Hans"}[language],
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
