"""The entries in a JSON answer whose form nobody has shown: which array, which keys."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.text import clean, dates

# The keys under which the site's JSON answers and those of its older versions were seen to say
# a thing; the answer of /json/<slug>/index_<n>.json itself nobody has shown.
ADDRESS = ("href", "url", "artUrl", "link", "linkUrl")
TITLE = ("title", "artTitle", "name")
TIME = (
    "publishDate",
    "publishTime",
    "pubDate",
    "pubTime",
    "time",
    "date",
    "addTime",
    "createTime",
)
SOURCE = ("source", "sourceName", "origin", "media", "from")
LABEL = ("label", "tag", "type")
# The keys under which an answer past the end says that it holds nothing.
_LIST = ("data", "list", "rows", "items", "records", "result", "results")
_TOTAL = ("total", "totalcount", "count")

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # <em>产业工人</em> in a title
# What an answer says of itself: whether it went well, and in words.
_CODES = (
    "code", "errcode", "errno", "errorcode", "ret", "status", "state", "success", "ok", "result",
)  # fmt: skip
_WENT_WELL = ("", "1", "200", "true", "ok", "success")  # less zeros before it: '0000'
_MESSAGES = ("message", "msg", "error", "errmsg", "info", "exception")
# '没有数据', '暂无更多', '已经到底了', '共0条', 'no more data'
_NOTHING_MORE = re.compile(
    r"没有|暂无|无数据|无更多|到底|最后一页|(?<!\d)0\s*[条篇个]|\bno (?:more|data)|\bempty", re.I
)
# '操作成功', 'OK': what else an answer without entries says is why it has none, in words that no
# list would hold all of
_WELL = re.compile(r"\W*|\w{0,4}(?:成功|完成|完毕|正常)\W*|(?:ok|success\w*|succeeded)\W*", re.I)
_NEVER = re.compile(r"\D*(?:0\d{3}|19[0-8]\d)\D")  # '0000-00-00', '1970-01-01 08:00:00'
_LONG_AGO = 631_152_000  # 1990 in seconds since 1970: what is less is a zero gone wrong


def richest_array(data: Any) -> list[dict[str, Any]]:
    """The entries of an answer: the array with the most articles, the longest of several.

    Raises ListingError where no array holds an address and the answer does not say it is empty.
    """
    best: list[dict[str, Any]] = []
    most = (0, 0)
    empty = data is None or data in ([], {})
    strange = False  # there is an array of something that is no entry
    for array in _arrays(data):
        objects = [found for item in array for found in _objects(item)]
        articles = sum(_is_article(address_of(item)) for item in objects)
        if (articles, len(objects)) > most:
            best, most = objects, (articles, len(objects))
        empty = empty or not array
        strange = strange or (not objects and any(isinstance(item, list | str) for item in array))
    if best:
        return best
    if not strange and (empty or _says_nothing(data)):
        if isinstance(data, dict) and (trouble := _trouble(data)):
            raise ListingError("bad_status", f"an error in place of a list: {trouble}")
        return []
    raise ListingError("unknown_form", f"JSON without an array of entries: {str(data)[:60]!r}")


def _arrays(data: Any) -> Iterator[list[Any]]:
    """Every array in an answer that is not itself inside an entry of another.

    `{"1": {…}, "2": {…}}`, an array by number, is one.
    """
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            if value and all(key.isdecimal() for key in value):
                yield list(value.values())
            waiting.extend(value.values())


def _objects(item: Any) -> list[dict[str, Any]]:
    """The entries that an item of an array is; one level of nesting is looked through.

    `"/c/…shtml"` and `{"article": {…}}` are one, `[{…}, {…}]` are two.
    """
    if isinstance(item, list):
        return [inner for inner in item if isinstance(inner, dict)]
    if isinstance(item, str) and _is_article(item):
        return [{ADDRESS[0]: item}]
    if not isinstance(item, dict):
        return []
    if address_of(item) is None:
        for inner in item.values():
            if isinstance(inner, dict) and _is_article(address_of(inner)):
                return [item | inner]
    return [item]


def _trouble(data: dict[str, Any]) -> str | None:
    """What went wrong, of an answer that says so: `{"code": 500, "msg": "系统繁忙", "data": null}`.

    An error says nothing of what there is; 没有数据 does.
    """
    lower = {k.lower(): v for k, v in data.items() if isinstance(v, str | int | float)}
    messages = [str(lower[key]) for key in _MESSAGES if lower.get(key)]
    if any(map(_NOTHING_MORE.search, messages)):
        return None
    codes = [str(lower[key]).lower() for key in _CODES if key in lower]
    failed = [code for code in codes if code.lstrip("0") not in _WENT_WELL]
    # status 1 is what this CMS calls success
    failed += [f"status {code}" for code in [str(lower.get("status"))] if code == "0"]
    if failed or not all(map(_WELL.fullmatch, messages)):
        return f"{', '.join(failed)} {' '.join(messages)}".strip()
    inner = (_trouble(value) for value in data.values() if isinstance(value, dict))
    return next(filter(None, inner), None)


def _says_nothing(data: Any) -> bool:
    """`{"status": 0, "data": null}`, `{"status": 1, "total": 0}`: past the last page."""
    if not isinstance(data, dict):
        return False
    for key, value in data.items():
        if key.lower() in _LIST and (not value or _says_nothing(value)):
            return True
        if key.lower() in _TOTAL and value in (0, "0"):
            return True
    return False


def address_of(item: dict[str, Any]) -> str | None:
    """The address of an article under any key, else the first address."""
    found = _said(item, ADDRESS)
    return next(filter(_is_article, found), found[0] if found else None)


def _is_article(href: str | None) -> bool:
    address = urls.absolute(href, urls.HOME) if href else None
    return address is not None and urls.is_article(address)


def time_of(item: dict[str, Any]) -> str | None:
    """The first time that can be one, else what words there are in its place."""
    lower = {key.lower(): value for key, value in item.items()}
    words: list[str] = []
    for key in TIME:
        value = lower.get(key.lower())
        if isinstance(value, str):
            value = _plain(value)
            if not (value.isascii() and value.isdigit() and len(value) in (10, 13)):
                words.append(value)
                continue
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            words.append(_from_epoch(value) or "")
    words = [one for one in words if one not in ("", "0") and not _NEVER.match(one)]
    return next(filter(dates.find, words), words[0] if words else None)


def first(item: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """The first of these keys that says something, as words."""
    return next(iter(_said(item, keys)), None)


def _said(item: dict[str, Any], keys: tuple[str, ...]) -> list[str]:
    """What these keys say in words, in their order."""
    lower = {key.lower(): value for key, value in item.items()}
    values = [lower.get(key.lower()) for key in keys]
    return [words for value in values if isinstance(value, str) and (words := _plain(value))]


def _from_epoch(number: float) -> str | None:
    """1764547200 (seconds) or 1764547200000 (milliseconds) in the site's time."""
    try:
        seconds = number / 1000 if number > 1e11 else number
        moment = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.strftime("%Y-%m-%d %H:%M:%S") if seconds >= _LONG_AGO else None


def _plain(text: str) -> str:
    """Highlight tags and entities out of a title, one clean line."""
    return clean.line(html.unescape(_TAG.sub("", text)))
