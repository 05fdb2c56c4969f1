"""authors: the people in the bylines, with their roles. editors: who stands behind 责任编辑, 审核,
校对 and 监制.
"""

from __future__ import annotations

from typing import ClassVar

from crawler.items import Page
from crawler.pipelines.stage import Stage
from crawler.text import bylines, clean, names
from crawler.text.people import Person


class Authors(Stage):
    field: ClassVar = "authors"

    def fill(self, page: Page) -> None:
        people = self.people(page)
        page.record[self.field] = [{"name": one.name, "role": one.role} for one in people]
        for name in dict.fromkeys(person.name for person in people):
            if signs := " and ".join(names.unusual(name)):
                self.warn(page, self.field, f"{name} has {signs}, which few fonts have")
        for words in getattr(page, self.field):
            for token in bylines.doubted(clean.line(words)):
                self.warn(page, self.field, f"{token} in {words!r} is perhaps a name")
        if not people:
            page.extracted_by.pop(self.field, None)

    def people(self, page: Page) -> list[Person]:
        """Each once a role; `author`, which says the least, only for who has no other.

        A name often stands over the text (记者 张三) and again under it (（张三）).
        """
        people = [person for words in page.authors for person in bylines.authors(clean.line(words))]
        named = {person.name for person in people if person.role != "author"}
        kept = (one for one in people if one.role != "author" or one.name not in named)
        return list(dict.fromkeys(kept))


class Editors(Authors):
    field = "editors"

    def people(self, page: Page) -> list[Person]:
        lines = map(clean.line, page.editors)
        return list(dict.fromkeys(person for line in lines for person in bylines.editors(line)))
