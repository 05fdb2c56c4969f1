"""What every check shares: what it judges by, and how it tells what it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn
from unittest import SkipTest

from spidermon import Monitor  # type: ignore[import-untyped]

from crawler.monitoring.checks import CheckResult, RunReview, past
from crawler.report import findings
from crawler.report.translation import Words

FEW = 2  # pages that degrade no run, however small


class RunMonitor(Monitor):  # type: ignore[misc]
    code = findings.OK

    def setUp(self) -> None:
        self.numbers: dict[str, Any] = {}  # the data of the check
        self.night: RunReview = self.data.night
        self.settings = self.night.settings
        self.counts = self.night.manifest["counts"]
        self.past = past.comparable(self.night)
        later = past.from_the_future(self.night)
        self.dated_later = {"dated_later": later} if later else {}

    def stat(self, name: str) -> int:
        number: int = self.night.stats.get(f"workercn/{name}", 0)
        return number

    def expect(self, ok: bool, *, code: str, **numbers: Any) -> None:
        """`code`: what is wrong where it is not ok; `numbers`: what was seen and what is wanted,
        of which `crawler.report.findings` makes a sentence.
        """
        self.numbers = numbers
        if not ok:
            self.code = code
            self.fail(code)

    def expect_few(self, number: int, total: int, setting: str, **more: Any) -> None:
        share = self.settings.getfloat(setting)
        numbers = {"number": number, "total": total, "allowed_share": share, "few": FEW} | more
        self.expect(is_few(number, total, share), code="too_many", **numbers)

    def median(self, values: Iterable[float | None]) -> float | None:
        return past.usual(values, self.settings.getint("CHECK_MIN_RUNS"))

    def skip(self, why: str, **numbers: Any) -> NoReturn:
        """Nothing to judge by: no failure, and said."""
        self.code, self.numbers = findings.NOT_JUDGED, {"why": why} | numbers
        raise SkipTest(why)

    def skip_as_young(self, runs: int) -> NoReturn:
        least = self.settings.getint("CHECK_MIN_RUNS")
        self.skip("young", runs=runs, least=least, **self.dated_later)


def check_result(
    name: str, *, ok: bool, code: str, data: dict[str, Any], names: Mapping[str, str] | None = None
) -> CheckResult:
    """`names`: of sections, by slug."""
    said = findings.Findings(Words(), names or {}).sentence(name, code, data) or code
    return CheckResult(name=name, ok=ok, detail=said, code=code, data=data)


def part(share: float, number: float) -> float:
    """0.2 of 35 is 7, not 7.000000000000001."""
    return round(share * number, 6)


def is_few(number: int, total: int, share: float) -> bool:
    return number <= FEW or number <= part(share, total)
