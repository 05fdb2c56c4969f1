"""authors: the people in the bylines, with their roles."""

from __future__ import annotations

from crawler.items import Page
from crawler.pipelines.stage import Stage
from crawler.text import bylines, clean, names
from crawler.text.people import Person


class Authors(Stage):
    def fill(self, page: Page) -> None:
        people = [person for words in page.authors for person in bylines.authors(clean.line(words))]
        page.record["authors"] = as_people(without_doubles(people))
        for name, signs in unusual(people).items():
            self.warn(page, "authors", f"{name} has {signs}, which few fonts have")
        if not people:
            page.extracted_by.pop("authors", None)


def without_doubles(people: list[Person]) -> list[Person]:
    """Each once a role; `author`, which says the least, only for who has no other.

    A name often stands over the text (记者 张三) and again under it (（张三）).
    """
    named = {person.name for person in people if person.role != "author"}
    kept = (person for person in people if person.role != "author" or person.name not in named)
    return list(dict.fromkeys(kept))


def unusual(people: list[Person]) -> dict[str, str]:
    """The names with characters that few fonts have, and these."""
    signs = {person.name: " and ".join(names.unusual(person.name)) for person in people}
    return {name: rare for name, rare in signs.items() if rare}


def as_people(people: list[Person]) -> list[dict[str, str]]:
    return [{"name": person.name, "role": person.role} for person in people]
