"""What every check shares: what it judges by, and how it says what it found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn
from unittest import SkipTest

from spidermon import Monitor  # type: ignore[import-untyped]

from crawler.watching.checks import Night, past

FEW = 2  # pages that degrade no run, however small


class Judged(Monitor):  # type: ignore[misc]
    seen = ""  # the detail of a check that was made
    code = "ok"

    def setUp(self) -> None:
        self.numbers: dict[str, Any] = {}  # behind the detail
        self.night: Night = self.data.night
        self.settings = self.night.settings
        self.counts = self.night.manifest["counts"]
        self.past = past.comparable(self.night)
        future = past.from_the_future(self.night)
        self.left_out = f"; {future} runs dated after this one left out" if future else ""

    def expect(
        self, ok: bool, detail: str, bad: Iterable[str] = (), *, code: str, **numbers: Any
    ) -> None:
        """`code`: what is wrong where it is not ok. `numbers` are for programs."""
        self.seen = _named(detail, bad)
        self.numbers |= numbers
        if not ok:
            self.fail(self.seen, code)

    def expect_few(self, number: int, total: int, what: str, setting: str, more: str = "") -> None:
        share = self.settings.getfloat(setting)
        detail = f"{number} of {total} {what}, allowed a share of {share:g} (or {FEW}){more}"
        numbers = {"number": number, "total": total, "allowed_share": share}
        self.expect(is_few(number, total, share), detail, code="too_many", **numbers)

    def median(self, values: Iterable[float | None]) -> float | None:
        return past.usual(values, self.settings.getint("CHECK_MIN_RUNS"))

    def fail(self, detail: str, code: str) -> NoReturn:
        self.code = code
        raise self.failureException(detail)

    def skip(self, detail: str) -> NoReturn:
        """Nothing to judge by: no failure, and said."""
        self.code = "not_judged"
        raise SkipTest(detail)

    def skip_as_young(self, runs: int) -> NoReturn:
        least = self.settings.getint("CHECK_MIN_RUNS")
        self.skip(f"{runs} earlier runs to compare with, judged from {least} on{self.left_out}")


def part(share: float, number: float) -> float:
    """0.2 of 35 is 7, not 7.000000000000001."""
    return round(share * number, 6)


def is_few(number: int, total: int, share: float) -> bool:
    return number <= FEW or number <= part(share, total)


def _named(detail: str, bad: Iterable[str]) -> str:
    words = ", ".join(bad)
    return f"{detail}; not: {words}" if words else detail
