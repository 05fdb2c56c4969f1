"""The languages of reports and alerts: English, as the code has it, and Chinese.

Chinese is in locale/zh/LC_MESSAGES/report.po; `make messages` brings it in step with the code and
compiles the report.mo beside it, which is what is read here.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator
from pathlib import Path

_LOCALE = Path(__file__).with_name("locale")
_BETWEEN = {"en": ("; ", ", "), "zh": ("；", "、")}  # sentences, names


def mark(message: str) -> str:
    """For a message in a table, which is translated where it is used."""
    return message


class Words:
    """What turns messages into sentences of one language."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        # English has no catalogue: its messages are the code's own.
        fallback = language == "en"
        self._catalogue = gettext.translation("report", _LOCALE, [language], fallback=fallback)

    def __call__(self, message: str, /, **values: object) -> str:
        return self._catalogue.gettext(message).format(**values)

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """`number` is a value of the message, too."""
        words = self._catalogue.ngettext(one, many, number)
        return words.format(number=f"{number:,}", **values)

    def sentences(self, parts: Iterable[str]) -> str:
        return _BETWEEN[self.language][0].join(parts)

    def names(self, parts: Iterable[str]) -> str:
        return _BETWEEN[self.language][1].join(parts)

    # --- quantities -----------------------------------------------------------------------------

    def number(self, value: float | None) -> str:
        """12,345 or –"""
        return "–" if value is None else f"{value:,.0f}"

    def share(self, value: float | None) -> str:
        """98.3 %, 5 %; 99.97 % is not 100."""
        if value is None:
            return "–"
        percent = "100" if value == 1 else f"{min(value * 100, 99.9):.1f}".removesuffix(".0")
        return self(mark("{percent} %"), percent=percent)

    def size(self, value: float | None) -> str:
        """Bytes as 1.8 MB"""
        return "–" if value is None else next(_sizes(value))

    def span(self, seconds: float | None) -> str:
        """3 h 05 min, 2 min 05 s, 4 s"""
        if seconds is None:
            return "–"
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self(
                mark("{hours} h {minutes} min"), hours=f"{hours:,}", minutes=f"{minutes:02}"
            )
        if minutes:
            return self(mark("{minutes} min {seconds} s"), minutes=minutes, seconds=f"{rest:02}")
        return self(mark("{seconds} s"), seconds=rest)


def _sizes(value: float) -> Iterator[str]:
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            yield f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    yield f"{value:,.1f} TB"
