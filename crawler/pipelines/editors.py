"""editors: who stands behind 责任编辑, 审核, 校对 and 监制."""

from __future__ import annotations

from crawler.items import Page
from crawler.pipelines.authors import Authors
from crawler.text import bylines, clean
from crawler.text.people import Person


class Editors(Authors):
    field = "editors"

    def people(self, page: Page) -> list[Person]:
        lines = map(clean.line, page.editors)
        return list(dict.fromkeys(person for line in lines for person in bylines.editors(line)))
