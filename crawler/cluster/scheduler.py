"""scrapy-redis' scheduler and queue, over requests that are given back where a worker dies."""

from __future__ import annotations

from collections import deque
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter
from scrapy_redis import queue, scheduler

from crawler import cluster
from crawler.cluster.redis_server import RedisUnavailableError
from crawler.cluster.worker import Worker


class Queue(queue.PriorityQueue):  # type: ignore[misc]
    """What waits for any worker: articles, each as what its listing said of it."""

    def __init__(self, worker: Worker, spider: Any) -> None:
        self._worker = worker
        self._spider = spider

    def pop(self, timeout: float = 0) -> Request | None:
        entry = self._worker.take()
        return None if entry is None else self._spider.article_request(entry)


class Scheduler(scheduler.Scheduler):  # type: ignore[misc]
    """What a worker asks for by itself is what it has taken from the queue, once more: a retry, or
    where a redirect leads. Nobody else is told.

    Without the statistics of the one below, which tells them in a way that Scrapy deprecates.
    """

    def __init__(self, worker: Worker) -> None:
        super().__init__(worker.crawl.server, persist=True, dupefilter=BaseDupeFilter())
        self._worker = worker
        self._again: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Scheduler:
        worker = cluster.worker_of(crawler)
        assert worker is not None
        return cls(worker)

    def open(self, spider: Spider) -> None:
        self.spider = spider
        self.queue = Queue(self._worker, spider)

    def enqueue_request(self, request: Request) -> bool:
        self._again.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._again:
            return self._again.popleft()
        try:
            request: Request | None = super().next_request()
        except RedisUnavailableError:
            return None  # the engine asks again; the worker says when that is in vain
        return request

    def has_pending_requests(self) -> bool:
        """Of its own; whether others have any is what the worker waits for in `work`."""
        return bool(self._again)
