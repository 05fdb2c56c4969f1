"""The embedded site from night to night: a real site's habits, and what fails of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from crawler.samplesite import Server, Site, listings
from crawler.samplesite.articles import SECTIONS, Story
from crawler.samplesite.document import JSON, Document
from crawler.samplesite.modern import JSON_PATH

DAY = timedelta(days=1)
FRESH = 1.5 * DAY  # how old what changes or goes may be
LATE = timedelta(hours=13)  # how long an article may wait for its approval
BUSIEST = "character"  # the section whose listing is walked furthest down

NOTICE = (
    "为丰富广大职工的精神文化生活，本栏目长期面向一线职工征集原创稿件，体裁不限，字数以一千五百字以内为宜，"
    "来稿请注明作者姓名、单位和联系方式。",
    "稿件一经采用，即按标准支付稿酬。三个月内未收到采用通知的，作者可自行处理。本栏目不退稿，敬请自留底稿。",
)

BUSY = '{"code":500,"msg":"系统繁忙","data":null}'
OF_ARTICLES = (
    "status=500", "status=503,1", "status=404", "status=410", "reset", "reset-body", "truncated",
    "bad-gzip", "empty", "no-article", "html", "stall", "slow=2000", "charset=gbk", "redirect=/",
    "big=20", "redirect=https://elsewhere.example/", "redirect=/edu/", "body=[]",
)  # fmt: skip
OF_LISTINGS = (
    "/edu/:status=500", "/rights/:empty", "/culture/:html", "/acftu/:stall", "/json/*:reset@2",
    "/json/*:html", "/json/*:endless=repeat", "/:status=502", "/cms/*:reset", "/cms/*:status=404",
    "*:status=503,1@6", "*:truncated@4", "/edu/:redirect=/rights/", "/culture/:redirect=/",
    f"/rights/:body={BUSY}", "/acftu/:as=/edu/", "/character/:half", "/character/:status=404",
)  # fmt: skip
OF_AN_END = ("status=404", "body=[]", f"body={BUSY}", "html", "half", "empty", "status=500")
OF_ALL_ARTICLES = (
    "status=404", "status=410", "html", "no-article", "redirect=/", "status=503,1", "one", "body=",
)  # fmt: skip
OF_THE_PAPER = (
    "/papers/*:status=404", "/papers/*:reset@9", "/papers/*:status=500", "/papers/*/2/*:status=404",
    "/papers/*/page.html:html", "/papers/*/news-1.html:status=404",
)  # fmt: skip
OF_EVERYTHING = ("/robots.txt:status=503", "/robots.txt:reset", "*:reset")  # no crawl at all


class Stage(Site):
    """A site some of whose listings are files of an earlier night."""

    def __init__(self, *args: Any, capped: int | None = None, **given: Any) -> None:
        self._stale: dict[str, Document] = {}
        self._capped = capped  # the greatest page of a list that the site writes
        super().__init__(*args, **given)

    def find(self, host: str, path: str, query: str = "") -> Document | None:
        page = JSON_PATH.fullmatch(path)
        if page and self._capped is not None and int(page[2]) > self._capped:
            return None
        return self._stale.get(path) or super().find(host, path, query)

    def stop_writing(self, slugs: Collection[str], first: int, *, dated: bool) -> None:
        """From now on the JSON pages of these sections, from number `first`, stay as they are."""
        for slug in slugs:
            stories = self.listed(slug)
            for number in range(first, listings.json_pages(slug, stories) + 1):
                path = f"/json/{slug}/index_{number}.json"
                page = super().find("", path)
                assert page is not None
                text, modified = page.plain, page.modified if dated else None
                self._stale[path] = Document(lambda text=text: text, JSON, modified)  # type: ignore[misc]

    def write_again(self) -> None:
        self._stale.clear()

    def listed(self, slug: str) -> list[Story]:
        """A section's articles in the order of its list."""
        return self._modern.lists[slug]

    @property
    def stories(self) -> list[Story]:
        return self._stories


class World:
    """What happens on the site between two nights, and what it fails with in one."""

    def __init__(
        self, site: Stage, server: Server, dice: random.Random, holidays: Collection[date] = ()
    ) -> None:
        self.site, self.server, self.dice = site, server, dice
        self.changed: set[str] = set()  # whose entry in a listing says something new
        self._holidays = holidays
        self._late: list[Story] = []  # written, and not approved yet

    def go_on(self, now: datetime, *, stale: bool = False) -> None:
        """To that moment. `stale`: some later pages of listings are not written again."""
        dice, site = self.dice, self.site
        site.write_again()
        if stale:
            slugs = dice.choice(([BUSIEST], [*SECTIONS]))
            site.stop_writing(slugs, dice.choice((2, 2, 3)), dated=dice.random() < 0.5)
        self.changed.clear()
        new = site.advance(now)
        for story in self._late:
            site.add(story)
        self._late = [
            site.withdraw(id_)
            for id_ in new
            if now - site.story(id_).published < LATE and dice.random() < 0.05
        ]
        late = {story.id for story in self._late}
        self._rest([id_ for id_ in new if id_ not in late])
        self._repeat(now, set(new))
        for story in self._fresh():
            chance = dice.random()
            if chance < 0.03:
                site.withdraw(story.id)
            elif chance < 0.15:
                site.revise(story.id, title=f"{story.title}（更新）")
                self.changed.add(story.id)
            elif chance < 0.17:  # moved
                site.revise(story.id, sections=(dice.choice([*SECTIONS]),), on_news_host=False)

    def _rest(self, new: list[str]) -> None:
        """At weekends and on holidays a third of the articles is written."""
        for id_ in new:
            day = self.site.story(id_).published.date()
            if (day.weekday() >= 5 or day in self._holidays) and self.dice.random() < 0.65:
                self.site.withdraw(id_)

    def _repeat(self, now: datetime, new: Collection[str]) -> None:
        """An agency's story under a second id, a column's notice with the text that it always has.

        Now and then there are several notices in a night.
        """
        fresh = [s for s in self._fresh() if s.id in new and s.kind == "article" and not s.pinned]
        if fresh and self.dice.random() < 0.5:
            story = self.dice.choice(fresh)
            other = self.dice.choice([slug for slug in SECTIONS if slug not in story.sections])
            number = str(int(story.id) - 4_000_000)
            if all(one.id != number for one in self.site.stories):
                self.site.add(replace(story, id=number, sections=(other,), on_news_host=False))
        notices = self.dice.choice((0, 0, 0, 1, 1, 6))
        for place, story in enumerate(fresh[:notices], 1):
            title = "《职工书屋》栏目征稿启事"
            if notices > 1:
                title += f"（第{now.timetuple().tm_yday + place}期）"
            self.site.revise(
                story.id,
                title=title,
                paragraphs=NOTICE,
                headings=frozenset(),
                byline=None,
                pictures=(),
                language="zh-Hans",
            )
            self.changed.add(story.id)

    def _fresh(self) -> list[Story]:
        oldest = self.site.now - FRESH
        return [story for story in self.site.stories if story.published > oldest]

    # --- faults -----------------------------------------------------------------------------------

    def fail(self, *, wholly: bool, articles: bool) -> str:
        """Other faults than the night before, in words. `wholly`: so that nothing can be had;
        `articles`: in the place of all of them too.
        """
        self.server.heal()
        dice = self.dice
        if wholly:
            return self._inject(dice.choice(OF_EVERYTHING))
        faults = []
        if articles and dice.random() < 0.12:
            faults += self._of_all_articles()
        kinds: list[Callable[[], list[str]]] = [
            self._of_some_articles,
            lambda: dice.sample(OF_LISTINGS, dice.choice((0, 1, 2))),
            self._of_an_end,
            lambda: dice.sample(OF_THE_PAPER, 1),
        ]
        for kind in dice.sample(kinds, dice.choice((0, 1, 1, 2))):
            faults += kind()
        return self._inject(*faults)

    def _inject(self, *faults: str) -> str:
        self.server.inject(*faults)
        return " ".join(faults)

    def _of_some_articles(self) -> list[str]:
        oldest = (self.site.now - FRESH).isoformat()
        articles = self.site.truth("modern", "paper")
        fresh = [one for one in articles if one["published_at"] > oldest]
        some = self.dice.sample(fresh, min(len(fresh), self.dice.randrange(1, 5)))
        paths = [article["url"].partition(".cn")[2] for article in some]
        return [f"{path}:{self.dice.choice(OF_ARTICLES)}" for path in paths]

    def _of_an_end(self) -> list[str]:
        """A listing ends early, for this night; with it the search may be away."""
        slug = self.dice.choice((BUSIEST, BUSIEST, *SECTIONS))
        number = self.dice.choice((2, 2, 3))
        before = f"/{slug}/" if number == 2 else f"/json/{slug}/index_{number - 1}.json"
        fault = self.dice.choice((*OF_AN_END, f"as={before}"))
        search = ["/cms/*:status=404"] if self.dice.random() < 0.5 else []
        return [f"/json/{slug}/index_{number}.json:{fault}", *search]

    def _of_all_articles(self) -> list[str]:
        fault = self.dice.choice(OF_ALL_ARTICLES)
        if fault == "one":  # the page of one, whatever is asked for
            fault = f"as={self.site.stories[0].path}"
        return [f"/c/*:{fault}"]
