"""Pages that were not read as they should be, kept for a test of the parser to be mended."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse, JsonResponse, Response

from crawler.doctor.result_rows import Row
from crawler.runs.run import stamp
from crawler.site import urls

_LISTING = (
    "write the entries that a reader of the page sees into a test beside those of "
    "tests/site/listings/test_parsers.py, then mend what `look_at` names"
)
_ARTICLE = (
    "move both files to tests/pages/{generation}/ as <case>.html and <case>.json; write what the "
    "page `shows`, as `expected` the words that a reader of the page sees (keys as in the files "
    "there), as `empty` those of its keys that are meant to be empty; then mend what "
    "`look_at` names"
)


class FixtureSaver:
    """Writes the body as served (unpacked, in its own charset) and a JSON file about it: address,
    status, headers, what to do with it. No name is made of the site's words, no file is replaced.

    `error` is what ended it: what else is found is worth more than a traceback.
    """

    def __init__(self, folder: Path | None, now: datetime) -> None:
        self._folder = folder  # None: nothing is kept
        self._stamp = stamp(now)
        self._number = 0
        self.error: OSError | None = None

    def keep(self, row: Row, answer: Response | None) -> Row:
        """The row, which then names the file."""
        if self._folder and answer is not None and row.problems and self.error is None:
            try:
                row.saved = str(self._write(self._folder, row, answer).absolute())
            except OSError as error:
                self.error = error
        return row

    def _write(self, folder: Path, row: Row, answer: Response) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        self._number += 1
        while any(folder.glob(f"{self._stamp}-{self._number:02}-*")):
            self._number += 1  # kept by another doctor in the same second
        name = f"{self._stamp}-{self._number:02}-{row.kind}"
        page, about = f"{name}.html", f"{name}.json"
        if isinstance(answer, JsonResponse):
            page, about = f"{name}.json", f"{name}.about.json"
        elif not isinstance(answer, HtmlResponse):
            page = f"{name}.bytes"
        with (folder / page).open("xb") as file:
            file.write(answer.body)
        with (folder / about).open("x", encoding="utf-8") as file:
            json.dump(self._about(row, answer), file, ensure_ascii=False, indent=2)
            file.write("\n")
        return folder / page

    def _about(self, row: Row, answer: Response) -> dict[str, Any]:
        headers = {
            name.decode("latin-1"): [value.decode("latin-1") for value in values]
            for name, values in answer.headers.items()
        }
        served = {
            "made": f"as served, kept by scrapy doctor at {self._stamp}",
            "url": answer.url,
            "status": answer.status,
            "headers": headers,
            "problems": [problem.model_dump(exclude_none=True) for problem in row.problems],
        }
        if row.kind not in ("article", "fields"):
            return {"to_do": _LISTING, **served}
        to_do = _ARTICLE.format(generation=urls.identify(answer.url).generation)
        return {"to_do": to_do, "shows": "", **served, "expected": {}, "empty": []}
