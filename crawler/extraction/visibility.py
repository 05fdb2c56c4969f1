"""Which elements a reader does not see: hidden by their own markup or by a style sheet in the page.

What a script or a click will show, `revealed` tells: only there does hidden text count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

# each selector is a walk over the page, so what the style says is not asked here
_MAY_HIDE = "[hidden], [style], dialog, details"
_HIDING_STYLE = re.compile(r"none|hidden|collapse|clip|opacity|font-size|-[\d.]", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(px|pt|em|rem|%|vw|vh)?")
_FAR = {"": 900, "px": 900, "pt": 700, "em": 60, "rem": 60}  # of what shifts out of the window
_FAR_SHARE = 100  # %, vw, vh
_CLIPPED = re.compile(r"rect\(\s*[01](?:px)?[\s,)]|inset\(\s*(?:50|100)%")
_SENTENCE = re.compile(r"[。！？]|[a-z][.!?](?:\s|$)")

# --- style sheets ---------------------------------------------------------------------------------

# 'display:none', 'visibility : hidden': words first, since a pattern looks at every sign of a sheet
_HIDING = ("none", "hidden")
_SETS = re.compile(r"(?:display|visibility)\s{0,3}:\s{0,3}$", re.IGNORECASE)
_SHOWS = re.compile(r"display\s*:\s*(?!none\b)[a-z]|visibility\s*:\s*visible", re.IGNORECASE)
_PRINTED = re.compile(r"print|speech", re.IGNORECASE)
# '.share-tip', 'div.layer.off', '#old .box > p'; what a state or an attribute decides is left alone
_COMPOUND = r"[a-zA-Z0-9]{0,16}(?:[.#][\w-]{1,60}){0,4}"
_SELECTOR = re.compile(rf"{_COMPOUND}(?:(?:\s|\s?>\s?){_COMPOUND}){{0,4}}")
_NAME = re.compile(r"[.#]([\w-]+)")
_CLASS = re.compile(r"class\s?=\s?[\"']?([^\"'<>]+)")
_ID = re.compile(r" id\s?=\s?[\"']?([^\"'<>]+)")
_MOST_WORDS = 1_000  # of those in a sheet
_MOST_SELECTORS = 100  # each is compared with every element
_LONGEST_PROPERTY = 24  # characters
_LONGEST = 2_000  # characters of a rule
_MOST_MENTIONS = 10  # of one name in other rules


def hidden(tree: LexborHTMLParser, root: LexborNode, markup: str) -> dict[int, LexborNode]:
    """The hidden elements under the root by their `mem_id`, in document order; those inside a
    hidden one are among them only if they hide themselves, too."""
    found: dict[int, LexborNode] = {}
    for node in root.css(_MAY_HIDE):
        attributes = node.attributes
        style = attributes.get("style") or ""
        if "hidden" in attributes or (_may_hide(style) and _is_unseen(node, declarations(style))):
            found[node.mem_id] = node
        elif node.tag in ("dialog", "details") and "open" not in attributes:
            inner = _folded(node) if node.tag == "details" else [node]
            found |= {element.mem_id: element for element in inner}
    for element in _by_sheets(tree, root, markup):
        found.setdefault(element.mem_id, element)
    return found


@lru_cache(maxsize=128)  # a page's paragraphs have one style
def _may_hide(style: str) -> bool:
    return _HIDING_STYLE.search(style) is not None


def _folded(details: LexborNode) -> Iterator[LexborNode]:
    """What a closed `<details>` keeps back, but for sentences: a reader opens those."""
    inner = list(details.iter(include_text=True))
    kept = [one for one in inner if one.tag != "summary"]
    if any(
        _SENTENCE.search(one.text() if one.tag != "-text" else one.text_content or "")
        for one in kept
    ):
        return
    if any(one.tag == "-text" and (one.text_content or "").strip() for one in kept):
        yield details
    else:
        yield from (one for one in kept if one.tag != "-text")


def declarations(style: str) -> dict[str, str]:
    """Property -> value in lower case; of two the later counts, unless the earlier is important."""
    found: dict[str, str] = {}
    important: set[str] = set()
    if "/*" in style:
        style = _COMMENT.sub("", style)
    for one in style.lower().split(";"):
        name, _, value = one.partition(":")
        name = name.strip()
        value, bang, _ = value.partition("!")
        value = value.strip()
        if value and name.replace("-", "").isalpha() and (bang or name not in important):
            found[name] = value
            if bang:
                important.add(name)
    return found


def _is_unseen(node: LexborNode, style: dict[str, str]) -> bool:
    get = style.get
    if get("display") == "none" or get("visibility") in ("hidden", "collapse"):
        return True
    if node.tag != "img" and _is_zero(get("opacity")):  # pictures fade in once they are loaded
        return True
    if _is_far(get("text-indent")):
        return True
    if get("position") in ("absolute", "fixed") and (
        any(map(_is_far, map(get, ("left", "top", "right", "bottom", "margin-left", "margin-top"))))
        or _CLIPPED.match(get("clip", "")) is not None
        or _CLIPPED.match(get("clip-path", "")) is not None
    ):
        return True
    if "hidden" in (get("overflow"), get("overflow-x"), get("overflow-y")) and any(
        _is_zero(get(name)) or get(name) == "1px"
        for name in ("width", "height", "max-width", "max-height")
    ):
        return True
    # `font-size: 0` closes the gaps between boxes, which then have a size of their own
    return _is_zero(get("font-size")) and all(
        one.mem_id == node.mem_id for one in node.css("[style*=font i], [class], img, font")
    )


def _is_zero(value: str | None) -> bool:
    number = _NUMBER.fullmatch(value) if value else None
    return number is not None and float(number[1]) == 0


def _is_far(value: str | None) -> bool:
    number = _NUMBER.fullmatch(value) if value else None
    return number is not None and -float(number[1]) >= _FAR.get(number[2] or "", _FAR_SHARE)


def _by_sheets(tree: LexborHTMLParser, root: LexborNode, markup: str) -> list[LexborNode]:
    """The elements that simple selectors of the page's own `<style>` hide, and no other shows."""
    sheets = [sheet.text() for sheet in tree.css("style") if _counts(sheet)]
    css = "\n".join(sheets)
    rules = list(_hiding(css))
    if not rules:
        return []
    marks = _CLASS.findall(markup) + (
        _ID.findall(markup) if any("#" in one for one in rules) else []
    )
    used = set(" ".join(marks).split())
    selectors = [
        one
        for one in dict.fromkeys(selector.strip() for rule in rules for selector in rule.split(","))
        if (names := _NAME.findall(one)) and used.issuperset(names) and _SELECTOR.fullmatch(one)
    ][:_MOST_SELECTORS]
    found = _matching(root, selectors)
    if not found:
        return []
    mentioned = dict.fromkeys(name for one in selectors for name in _NAME.findall(one))
    shows = [selector for name in mentioned for selector in _showing(css, name)][:_MOST_SELECTORS]
    shown = {node.mem_id for node in _matching(root, shows)}
    return [
        node
        for node in found
        if node.mem_id not in shown and not _SHOWS.search(node.attributes.get("style") or "")
    ]


def _counts(sheet: LexborNode) -> bool:
    """Does it count on a screen, and where scripts run?"""
    if sheet.parent is not None and sheet.parent.tag == "noscript":
        return False
    return not _PRINTED.search(sheet.attributes.get("media") or "")


def _hiding(css: str) -> Iterator[str]:
    """The selectors, commas and all, of each rule that hides something, `@media` aside."""
    for word in _HIDING:
        depth = last = at = 0
        for _ in range(_MOST_WORDS):
            at = css.find(word, at + 1)
            if at < 0:
                break
            if _SETS.search(css, max(0, at - _LONGEST_PROPERTY), at):
                depth += css.count("{", last, at) - css.count("}", last, at)
                last = at
                if depth == 1:
                    yield _prelude(css, css.rfind("{", 0, at))


def _prelude(css: str, opened: int) -> str:
    begun = max(css.rfind(mark, max(0, opened - _LONGEST), opened) for mark in "{};/")
    return css[begun + 1 : opened]


def _showing(css: str, name: str) -> Iterator[str]:
    """The selectors of the rules that name a class or an id and show what it marks."""
    at = -1
    for _ in range(_MOST_MENTIONS):
        at = css.find(name, at + 1)
        if at < 0:
            return
        opened, closed = css.find("{", at, at + _LONGEST), css.find("}", at, at + _LONGEST)
        if 0 <= opened < closed and _SHOWS.search(css, opened, closed):
            prelude = _prelude(css, opened)
            yield from (one.strip() for one in prelude.split(",") if ":" not in one)


def _matching(root: LexborNode, selectors: list[str]) -> list[LexborNode]:
    found: list[LexborNode] = []
    try:
        found = root.css(", ".join(selectors)) if selectors else []
    except SelectolaxError:  # one of them is none
        for one in selectors if len(selectors) > 1 else ():
            found += _matching(root, [one])
    return found
