"""README.zh-CN.md says what README.md says: section by section the same headings, code, names,
numbers and links, the words around them in Chinese.
"""

from __future__ import annotations

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
    words = re.sub(r"`[^`\n]+`|\([^)\s]+\)", "", prose(section))
    return set(re.findall(r"\d[\d.,]*\d|\d", words))


def tables(section: str) -> list[set[str]]:
    """What names the first column of each row has, in order."""
    rows = re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)
    return [set(re.findall(r"`([^`]+)`", cell)) for cell in rows]


ENGLISH, CHINESE = sections("README.md"), sections("README.zh-CN.md")
PAIRS = [
    pytest.param(here, there, id=here.partition("\n")[0].lstrip("# "))
    for here, there in zip(ENGLISH, CHINESE, strict=False)
]


def levels(parts: list[str]) -> list[int]:
    return [len(part) - len(part.lstrip("#")) for part in parts]


def test_as_many_headings_of_the_same_levels():
    assert levels(CHINESE) == levels(ENGLISH)
    assert len(ENGLISH) > 5


def test_each_links_the_other_at_its_top():
    assert "](README.zh-CN.md)" in ENGLISH[0]
    assert "](README.md)" in CHINESE[0]


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
def test_the_same_links(english, chinese):
    other = {"README.zh-CN.md": "README.md"}
    assert links(chinese) == sorted(other.get(link, link) for link in links(english))


@pytest.mark.parametrize("chinese", CHINESE, ids=[pair.id for pair in PAIRS])
def test_every_heading_paragraph_and_row_is_chinese(chinese):
    words = re.sub(r"`[^`\n]+`", "", prose(chinese))
    paragraphs = re.split(r"\n\n+|\n(?=\|)", words)
    for paragraph in filter(re.compile(r"[A-Za-z]").search, paragraphs):
        assert _HAN.search(paragraph), paragraph


def test_comments_in_code_are_chinese():
    blocks = [block for part in CHINESE for block in code(part)]
    comments = [match[0] for block in blocks for match in _COMMENT.finditer(block)]
    assert len(comments) > 10
    for comment in comments:
        assert _HAN.search(comment), comment
