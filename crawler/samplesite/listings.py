"""Home page, section pages and the JSON of older entries of the embedded site."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import Any

from crawler.samplesite.articles import ORIGIN, Story
from crawler.samplesite.templates import render
from crawler.samplesite.words import SECTIONS

PAGE_SIZE = 27  # entries of a section page, as on the real site


def href(story: Story, slug: str) -> str:
    """An entry's address in a section: a few are linked under another host of the site."""
    if story.on_news_host and slug == story.sections[0]:
        return "https://news.workercn.cn" + story.path
    return story.path


def section_page(slug: str, entries: Sequence[Story], others: Sequence[Story]) -> str:
    """The section's newest entries; `others` are articles for its side boxes."""
    title = f"{SECTIONS[slug]} - 中工网"
    return _page("section", title, entries, slug=slug, href=href, entries=entries, others=others)


def home_page(lists: dict[str, list[Story]], newest: Sequence[Story]) -> str:
    title = "中工网-中华全国总工会新闻门户-权威主流媒体"
    return _page("home", title, newest, lists=lists, newest=newest)


def _page(template: str, title: str, stories: Sequence[Story], **words: Any) -> str:
    year = stories[0].published.year if stories else 2026
    return render(template, theme="listing", title=title, language="zh-Hans", year=year, **words)


# --- older entries --------------------------------------------------------------------------
# What the keys of the real site are, nobody knows: every section here has a form of its own.


@dataclass(frozen=True, slots=True)
class JsonForm:
    size: int  # entries a page
    entry: Callable[[Story, str], dict[str, Any]]
    wrap: Callable[[list[dict[str, Any]], int], Any] = lambda entries, total: entries


def _stamp(story: Story) -> str:
    return f"{story.published:%Y-%m-%d %H:%M:%S}"


JSON_FORMS = {
    "character": JsonForm(
        PAGE_SIZE,
        lambda story, slug: {
            "href": href(story, slug),
            "title": story.title,
            "publishDate": _stamp(story),
            "source": story.source,
            "logo": story.thumbnail,
            "catalogName": SECTIONS[slug],
        },
    ),
    "edu": JsonForm(
        10,
        lambda story, slug: {
            "id": int(story.id),
            "title": story.title,
            "url": href(story, slug) if story.on_news_host else ORIGIN + story.path,
            "time": _stamp(story),
            "origin": story.source,
        },
        lambda entries, total: {
            "status": 1,
            "message": "",
            "data": {"total": total, "list": entries},
        },
    ),
    "acftu": JsonForm(
        20,
        lambda story, slug: {
            "artUrl": href(story, slug).removeprefix("/"),
            "title": escape(story.title).replace(" ", "&#32;"),
            "addTime": _stamp(story),
            "source": story.source,
        },
        lambda entries, total: {"pageSize": 20, "list": entries},
    ),
    "rights": JsonForm(
        15,
        lambda story, slug: {
            "title": story.title,
            "url": href(story, slug),
            "date": int(story.published.timestamp() * 1000),
            "source": story.source,
            "type": story.label,
        },
        lambda entries, total: {"data": entries, "total": total},
    ),
    "culture": JsonForm(
        PAGE_SIZE,
        lambda story, slug: {
            "Title": story.title,
            "Link": href(story, slug),
            "PublishDate": _stamp(story),
            "Source": story.source,
        },
    ),
}


def json_pages(slug: str, stories: Sequence[Story]) -> int:
    """The number of the last JSON page; 1 where the section page holds everything."""
    return 1 + -(-max(len(stories) - PAGE_SIZE, 0) // JSON_FORMS[slug].size)


def json_page(slug: str, stories: Sequence[Story], number: int) -> str:
    """Page `number`, from 2, of a section's entries."""
    form = JSON_FORMS[slug]
    start = PAGE_SIZE + (number - 2) * form.size
    entries = [form.entry(story, slug) for story in stories[start : start + form.size]]
    return json.dumps(form.wrap(entries, len(stories)), ensure_ascii=False)


def endless_page(slug: str, oldest: Story, number: int) -> str:
    """A page of entries that do not exist, ever older: for a list that never ends."""
    form = JSON_FORMS[slug]
    entries = []
    for offset in range(form.size):
        back = (number - 2) * form.size + offset + 1
        published = oldest.published - timedelta(minutes=back)
        made_up = replace(
            oldest,
            id=str(int(oldest.id) - back),
            published=published,
            url_day=published.date(),
            title=f"{oldest.title}（{back}）",
        )
        entries.append(form.entry(made_up, slug))
    return json.dumps(form.wrap(entries, 10**6), ensure_ascii=False)
