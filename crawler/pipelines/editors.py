"""editors: who stands behind 责任编辑, 审核, 校对 and 监制."""

from __future__ import annotations

from crawler.items import Page
from crawler.pipelines.authors import as_people, unusual
from crawler.pipelines.stage import Stage
from crawler.text import bylines, clean


class Editors(Stage):
    def fill(self, page: Page) -> None:
        people = [person for words in page.editors for person in bylines.editors(clean.line(words))]
        page.record["editors"] = as_people(list(dict.fromkeys(people)))
        for name, signs in unusual(people).items():
            self.warn(page, "editors", f"{name} has {signs}, which few fonts have")
        if not people:
            page.extracted_by.pop("editors", None)
