"""How many articles the site's own search has of the last days, to compare with what is known."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler.site import urls
from crawler.site.listing_errors import ListingError
from crawler.site.listings import search_answers
from crawler.spiders.responses import charset

if TYPE_CHECKING:
    from crawler.spiders.discovery import Discovery

logger = logging.getLogger(__name__)

STAT = "workercn/search/"  # + the day: how many there are
_WORD = "的"  # stands in nearly every text, and the search wants a word
_DAYS = 3  # before that of the start, whose articles are still coming
_PAGE = 10  # results, of which only the total is read


async def ask(walk: Discovery) -> None:
    """Three requests; a day for which no answer can be read is left out, and said."""
    for day in (walk.began - timedelta(days=back) for back in range(1, _DAYS + 1)):
        if walk.since and day < walk.since and not walk.memory.knows_of(day):
            continue  # a day that no run has taken
        total = await _total(walk, day)
        if total is not None:
            walk.count(f"{STAT}{day.isoformat()}", total)


async def _total(walk: Discovery, day: date) -> int | None:
    url = urls.search(_WORD, day, day, 0, _PAGE)
    answer = await walk.ask(url, {"Referer": urls.HOME})
    if not isinstance(answer, Response):
        logger.warning("the search does not tell what there is of %s: %s", day, answer)
        return None
    try:
        return search_answers.read(answer.body, answer.url, charset(answer)).total
    except ListingError as error:
        logger.warning(
            "the search does not tell what there is of %s: %s, %s", day, answer.status, error
        )
        return None
