"""Each Chinese page says what its English one says: section by section the same headings, code,
names, numbers and links, the words around them in Chinese.
"""

from __future__ import annotations

import posixpath
import re

import pytest

from tests.support.harness import ROOT

_HAN = re.compile(r"[\u4e00-\u9fff]")
_BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"(^|\s+)# .*$", re.MULTILINE)  # in a block of code: it is translated


def sections(name: str) -> list[str]:
    """Text from each heading, of any level, to the next; what is commented out is not there."""
    text = re.sub(r"<!--.*?-->\n?", "", (ROOT / name).read_text("utf-8"), flags=re.DOTALL)
    parts: list[str] = []
    fenced = False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            parts.append("")
        parts[-1] += line
    return parts


def code(section: str) -> list[str]:
    return _BLOCK.findall(section)


def prose(section: str) -> str:
    return _BLOCK.sub("", section)


def names(section: str) -> set[str]:
    """Commands, settings, arguments, keys, files: whatever stands as `code`."""
    return set(re.findall(r"`([^`\n]+)`", prose(section)))


def links(section: str) -> list[str]:
    return sorted(re.findall(r"\]\(([^)\s]+)\)", prose(section)))


def numbers(section: str) -> set[str]:
    words = re.sub(r"`[^`\n]+`|\]\([^)\s]+\)", "", prose(section))
    return set(re.findall(r"\d[\d.,]*\d|\d", words))


def tables(section: str) -> list[set[str]]:
    """What names the first column of each row has, in order."""
    rows = re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)
    return [set(re.findall(r"`([^`]+)`", cell)) for cell in rows]


PAGES = {"README.md": "README.zh-CN.md"} | {
    f"docs/{path.name}": f"docs/zh/{path.name}" for path in (ROOT / "docs/zh").glob("*.md")
}
ENGLISH = {there: here for here, there in PAGES.items()}
PAIRS = [
    pytest.param(here, there, id=f"{page}: {here.partition(chr(10))[0].lstrip('# ')}")
    for page, chinese in PAGES.items()
    for here, there in zip(sections(page), sections(chinese), strict=False)
]
EACH = pytest.mark.parametrize(("english", "chinese"), PAGES.items(), ids=PAGES)


def levels(parts: list[str]) -> list[int]:
    return [len(part) - len(part.lstrip("#")) for part in parts]


def targets(page: str, section: str) -> list[str]:
    """What the section links, as paths from the project's folder."""
    found = []
    for link in links(section):
        path, mark, anchor = link.partition("#")
        if "://" not in link:
            path = (
                posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
            )
        found.append(path if path in {*PAGES, *ENGLISH} else path + mark + anchor)
    return sorted(found)


def test_the_pages_that_are_in_chinese():
    there = {"README.md", *(f"docs/{name}.md" for name in ("deploy", "exit-codes", "report"))}
    assert there <= set(PAGES)


@EACH
def test_as_many_headings_of_the_same_levels(english, chinese):
    assert levels(sections(chinese)) == levels(sections(english))


@EACH
def test_each_links_the_other_at_its_top(english, chinese):
    for page, other in ((english, chinese), (chinese, english)):
        assert other in targets(page, sections(page)[0])


@EACH
def test_the_same_links(english, chinese):
    """A Chinese page links Chinese pages and pictures, where there are any."""
    for here, there in zip(sections(english)[1:], sections(chinese)[1:], strict=True):
        translated = (PAGES.get(path, path) for path in targets(english, here))
        assert targets(chinese, there) == sorted(
            path.replace("docs/report.png", "docs/zh/report.png") for path in translated
        )


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_the_same_code(english, chinese):
    here, there = ([_COMMENT.sub("", block) for block in code(part)] for part in (english, chinese))
    assert there == here


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_the_same_commands_settings_arguments_and_keys(english, chinese):
    assert names(chinese) == names(english)


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_the_same_rows_in_the_same_order(english, chinese):
    assert tables(chinese) == tables(english)


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_the_same_numbers(english, chinese):
    assert numbers(chinese) == numbers(english)


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_every_heading_paragraph_and_row_is_chinese(english, chinese):
    words = re.sub(r"`[^`\n]+`", "", prose(chinese))
    paragraphs = re.split(r"\n\n+|\n(?=\|)", words)
    for paragraph in filter(re.compile(r"[A-Za-z]").search, paragraphs):
        assert _HAN.search(paragraph), paragraph


def test_comments_in_code_are_chinese():
    parts = [part for page in PAGES.values() for part in sections(page)]
    blocks = [block for part in parts for block in code(part)]
    comments = [match[0] for block in blocks for match in _COMMENT.finditer(block)]
    assert len(comments) > 10
    for comment in comments:
        assert _HAN.search(comment), comment
