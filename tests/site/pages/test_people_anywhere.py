"""People are found wherever on a page a label names them, and their line is no part of the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.site import page_table
from crawler.text import bylines
from crawler.text.labels import EDITOR_ROLES
from tests.text.labelled import LINES, NAMES, PEOPLE, WRITTEN

from .small_pages import INFO, TEXT, URL, page

TIME, SOURCE = INFO.rsplit(" ", 1)


def cells(*texts: str) -> str:
    return "".join(f"<span>{text}</span>" for text in texts)


# where on the page a line stands
POSITIONS: dict[str, Callable[[str], str]] = {
    "first paragraph": lambda line: page(line, *TEXT, signed=""),
    "second paragraph": lambda line: page(TEXT[0], line, *TEXT[1:], signed=""),
    "last paragraph": lambda line: page(*TEXT, line, signed=""),
    "end of the last paragraph": lambda line: page(*TEXT[:2], TEXT[2] + line, signed=""),
    "in brackets there": lambda line: page(*TEXT[:2], f"{TEXT[2]}（{line}）", signed=""),
    "under the text": lambda line: page(signed=line),
    "far under it": lambda line: page(signed="", after=f"<div>分享到：</div><div>{line}</div>"),
    "over the text": lambda line: page(lead=f"<div>{line}</div>", signed=""),
    "over the heading's time": lambda line: page(info=f"<p>{line}</p><p>{INFO}</p>", signed=""),
    "behind time and source": lambda line: page(info=f"{INFO} {line}", signed=""),
    "between them": lambda line: page(info=f"{TIME}　{line}　{SOURCE}", signed=""),
    "before them": lambda line: page(info=f"{line} {INFO}", signed=""),
    "in a cell beside them": lambda line: page(info=cells(TIME, SOURCE, line), signed=""),
    "in a cell between them": lambda line: page(info=cells(TIME, line, SOURCE, "打印"), signed=""),
}
BRACKETS = "）)】]〕〗〉》」"


def read(markup: str) -> tuple[list[tuple[str, str]], list[str], str | None]:
    """The people with their roles, the paragraphs and the time."""
    found = page_table.parse(markup.encode(), URL)
    people = [tuple(one) for words in found.authors for one in bylines.authors(words)]
    people += [tuple(one) for words in found.editors for one in bylines.editors(words)]
    return people, [block.text for block in found.blocks if block.text], found.published


def fits(position: str, line: str, role: str) -> bool:
    """May the line stand there? An ornament in the middle of a line opens nothing."""
    if position in ("end of the last paragraph", "in brackets there"):
        return line[:1].isalnum() and line[-1:] not in BRACKETS and role != "photographer"
    if position in ("behind time and source", "between them", "before them"):
        return line[-1:] not in BRACKETS and line[:1] not in "|·•"
    return True


@pytest.mark.parametrize("step", [331, pytest.param(41, marks=pytest.mark.long)])
@pytest.mark.parametrize("position", POSITIONS)
def test_every_label(position: str, step: int) -> None:
    for line, people in LINES[len(position) :: step]:  # others at each position
        if fits(position, line, people[0][1]):
            markup = POSITIONS[position](line)
            assert read(markup) == (people, TEXT, "2025-03-11 07:45"), line


@pytest.mark.parametrize("tag", ["div", "p", "span", "dt"])
def test_the_names_in_a_box_beside_their_label(tag: str) -> None:
    for label, (role, everyday) in PEOPLE.items():
        if everyday:
            continue
        marks = ("：", ":", "： ") if tag in ("div", "p") else ("：", "", ": ")
        for mark, written, names in zip(marks, WRITTEN, NAMES, strict=False):
            box = f"<{tag}>{label}{mark}</{tag}><{tag}>{written}</{tag}>"
            people = [(name, role) for name in names]
            assert read(page(signed=box)) == (people, TEXT, "2025-03-11 07:45"), box


@pytest.mark.parametrize("position", POSITIONS)
def test_beside_another_label(position: str) -> None:
    for label, (role, _) in PEOPLE.items():
        for line, people in (
            (f"{label}：孙川 责任编辑：于小淑", [("孙川", role), ("于小淑", "editor")]),
            (
                f"作者：于小淑　{label}：孙川、葛红普",
                [("于小淑", "author"), ("孙川", role), ("葛红普", role)],
            ),
        ):
            found, text, _ = read(POSITIONS[position](line))
            assert (sorted(found), text) == (sorted(people), TEXT), line
            desk = [one for one in found if one[1] in EDITOR_ROLES]
            assert found[len(found) - len(desk) :] == desk
