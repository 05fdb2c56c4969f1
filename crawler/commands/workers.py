"""`scrapy workers [CRAWL_ID]`: how the crawls stand that workers share."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from crawler import cluster
from crawler.commands import exits
from crawler.commands.project_command import ProjectCommand
from crawler.exit_codes import ExitCode


class Command(ProjectCommand, ScrapyCommand):
    requires_crawler_process = False
    usage = "[CRAWL_ID]"
    most_words = 1
    does = "Show a shared crawl: queue, in flight, workers, rate, time left"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if not self.settings["REDIS_URL"]:
            exits.refuse("setting REDIS_URL=: nothing is shared; allowed: redis://host")
        if wrong := cluster.address_problem(self.settings):
            exits.refuse(wrong)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.cluster import shared_crawl
        from crawler.cluster.redis_server import RedisServer, RedisUnavailableError

        try:
            server = RedisServer(self.settings["REDIS_URL"])
            known = shared_crawl.crawls(server)
            if unknown := set(args) - set(known):
                what = f"{min(unknown)!r} is no crawl that Redis knows"
                exits.refuse(f"{what}; allowed: {', '.join(known) or 'there is none'}")
            for crawl_id in args or known:
                for line in shared_crawl.lines(crawl_id, shared_crawl.look(server, crawl_id)):
                    print(line)
            server.close()
        except RedisUnavailableError as error:
            exits.stop(ExitCode.OUTPUT, str(error))
        if not known:
            exits.say("workers: no shared crawl")
