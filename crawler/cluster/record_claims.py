"""A record is claimed before its line is written, so that it stands once over all workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler import cluster
from crawler.cluster.worker import Worker
from crawler.items import Article

if TYPE_CHECKING:
    from crawler.state.revision_claims import Holder


class HeldError(DropItem):
    """Another run has the record: `holder`."""

    def __init__(self, article: Article, holder: Holder) -> None:
        super().__init__(f"{article.id} revision {article.revision} is in {holder.run_id}")
        self.holder = holder


class ClaimsPipeline:
    """The last of the pipelines."""

    def __init__(self, crawler: Crawler, worker: Worker) -> None:
        self._stats = crawler.stats
        self._worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClaimsPipeline:
        worker = cluster.worker_of(crawler)
        assert worker is not None
        return cls(crawler, worker)

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Article):
            holder = await self._worker.claim(item.id, item.revision)
            if holder is not None:
                self._stats.inc_value(cluster.REFUSED_STAT)
                raise HeldError(item, holder)
        return item
