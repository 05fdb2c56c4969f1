"""Home page, section pages and the JSON of older entries of the embedded site."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import Any

from crawler.samplesite import frame
from crawler.samplesite.articles import ORIGIN, SECTIONS, Story
from crawler.samplesite.frame import headline, text

PAGE_SIZE = 27  # entries of a section page, as on the real site

INDENT = "\n" + "\t" * 10
ENTRY = (
    INDENT.join(
        (
            '<li id="li_{id}">',
            '<a href="{href}" target="_blank">',
            '\t<img class="lazy" data-src="{thumbnail}"',
            '\t\talt="{title}" title="{title}"',
            '\t\tsrc="{thumbnail}" />',
            "</a>",
            '<h3><a href="{href}" target="_blank">{title}</a></h3>',
            '<div class="info">',
            '\t<div class="info1"><span class="media">{label}</span></div>',
            '\t<div class="info2" style="float:left">{time}</div>',
            '\t<span style="float:right">{source}</span>',
            "</div>",
        )
    )
    + "\n"
    + "\t" * 9
    + "</li>"
)


def href(story: Story, slug: str) -> str:
    """An entry's address in a section: a few are linked under another host of the site."""
    if story.on_news_host and slug == story.sections[0]:
        return "https://news.workercn.cn" + story.path
    return story.path


def _entry(story: Story, slug: str) -> str:
    label = f'<font color="#ff0000">{story.label}</font>' if story.label == "原创" else story.label
    return ENTRY.format(
        id=story.id,
        href=href(story, slug),
        thumbnail=story.thumbnail,
        title=headline(story.title),
        label=label,
        time=f"{story.published:%Y-%m-%d %H:%M:%S}",
        source=text(story.source),
    )


def section_page(slug: str, entries: Sequence[Story], others: Sequence[Story]) -> str:
    """The section's newest entries; `others` are articles for its side boxes."""
    name = SECTIONS[slug]
    items = "".join(_entry(story, slug) for story in entries)
    return (
        f"{frame.head('listing', f'{name} - 中工网')}<body>\n{frame.navigation()}"
        f'<div class="container"><div class="left"><ul class="list">\n{items}\n</ul>'
        f'<div class="more" data-url="/json/{slug}/index_" data-page="2">加载更多</div></div>\n'
        f'<div class="right">{frame.side_box("热点新闻", others[:10])}'
        f"{frame.side_box('图片新闻', others[10:18])}</div></div>\n"
        f"{frame.footer(_year(entries))}"
    )


def home_page(lists: dict[str, list[Story]], newest: Sequence[Story]) -> str:
    blocks = "".join(
        f'<div class="block"><h3><a href="/{slug}/">{SECTIONS[slug]}</a></h3>'
        f"{frame.side_box('要闻', stories[:8])}</div>\n"
        for slug, stories in lists.items()
    )
    return (
        f"{frame.head('listing', '中工网-中华全国总工会新闻门户-权威主流媒体')}<body>\n"
        f'{frame.navigation()}<div class="container">\n{frame.side_box("头条", newest[:12])}'
        f"{blocks}</div>\n{frame.footer(_year(newest))}"
    )


def _year(stories: Sequence[Story]) -> int:
    return stories[0].published.year if stories else 2026


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
