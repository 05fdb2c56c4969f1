"""Answers that there is nothing to read in, and parsers that failed."""

from __future__ import annotations

import traceback
from pathlib import Path

from scrapy.http import Response

import crawler
from crawler.fetching import failures
from crawler.watching.doctor.findings import Problem

NO_LISTING = "crawler/site/sections.toml: deny, if it is no listing of articles any more"

_HOME = Path(crawler.__file__).parents[1]  # of the project


def unusable(answer: Response | Exception) -> Problem | None:
    """Why an answer is nothing to read; None if it is."""
    if isinstance(answer, Exception):
        why = failures.reason(answer)
        if why is None:
            return bug(answer)
        return Problem(expected="an answer", found=f"{why}: {answer}")
    if answer.status == 200:
        return None
    look_at = NO_LISTING if answer.status in (404, 410) else None
    found = f"{answer.url} answered {answer.status}"
    return Problem(expected="200", found=found, look_at=look_at)


def bug(error: Exception) -> Problem:
    """An exception of ours, and the last place in this project that it came through."""
    places = [
        f"{Path(frame.filename).relative_to(_HOME)}: {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_HOME / "crawler")
    ]
    found = f"{type(error).__name__}: {error}"
    return Problem(expected="no exception", found=found, look_at=places[-1] if places else None)
