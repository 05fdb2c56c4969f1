"""The pages in tests/pages and what is read on them, as the .json beside each says.

`python -m tests.support.golden PAGE URL` writes that of a new page: what is read now, to be
corrected by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from crawler.items import Page
from crawler.site import page_table, urls


def words(page: Page) -> dict[str, Any]:
    return {
        "url": page.url,
        "id": page.id,
        "generation": page.generation,
        "kind": page.kind,
        "pretitle": page.pretitle,
        "title": page.title,
        "subtitle": page.subtitle,
        "published": page.published,
        "source": page.source,
        "authors": page.authors,
        "editors": page.editors,
        "paragraphs": [block.text for block in page.blocks if block.text],
        "pictures": [{"url": one.url, "caption": one.caption} for one in page.pictures],
        "language": page.language,
        "extracted_by": page.extracted_by,
        "warnings": page.warnings,
    }


def served(path: Path) -> list[bytes]:
    """The page, and the further ones that were saved with it."""
    further = sorted(path.parent.glob(f"{path.stem}_*.html"))
    return [one.read_bytes() for one in (path, *further)]


def expectation(path: Path, url: str) -> dict[str, Any]:
    """What is read on a page: `expected`, what of it is `empty`, and of several pages the `first`
    one's links to the others.
    """
    first, *others = (
        page_table.parse(body, urls.page_of(url, number))
        for number, body in enumerate(served(path), 1)
    )
    links = {"further": first.further, "probe": first.probe}
    page = page_table.join(first, others) if others else first
    expected = words(page)
    if page.generation != "modern":
        expected |= {"paper": page.paper, "missed": page.missed}
    found: dict[str, Any] = {"url": url}
    if any(links.values()):
        found["first"] = links
    empty = [name for name, value in expected.items() if not value]
    return found | {"expected": expected, "empty": empty}


def main() -> None:
    parser = argparse.ArgumentParser("golden", description="Write what is read on a page.")
    parser.add_argument("page", type=Path, help="tests/pages/<generation>/<case>.html")
    parser.add_argument("url", help="the address that it was saved from")
    options = parser.parse_args()
    case = options.page.with_suffix(".json")
    found = {"shows": ""} | expectation(options.page, options.url)
    case.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(f"{case}: correct what is wrong, say in `shows` what the page is there for")


if __name__ == "__main__":
    main()
