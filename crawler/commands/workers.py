"""`scrapy workers [CRAWL_ID]`: how the crawls stand that workers share."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from crawler import cluster
from crawler.commands import exits
from crawler.exit_codes import ExitCode

_USAGE = "scrapy workers [CRAWL_ID]"


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[CRAWL_ID]"

    def short_desc(self) -> str:
        return "Show a shared crawl: queue, in flight, workers, rate, time left"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        exits.in_one_line(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        with exits.usage_in_one_line():
            super().process_options(args, opts)
        exits.refuse_leftovers(args, 1, _USAGE)
        assert self.settings is not None
        exits.check_settings(self.settings)
        if not self.settings["REDIS_URL"]:
            exits.stop(
                ExitCode.USAGE, "setting REDIS_URL=: nothing is shared; allowed: redis://host"
            )
        if wrong := cluster.address_problem(self.settings):
            exits.stop(ExitCode.USAGE, wrong)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.cluster import status
        from crawler.cluster.redis_server import RedisServer, RedisUnavailableError

        assert self.settings is not None
        try:
            server = RedisServer(self.settings["REDIS_URL"])
            known = status.crawls(server)
            if unknown := set(args) - set(known):
                what = f"{min(unknown)!r} is no crawl that Redis knows"
                exits.stop(
                    ExitCode.USAGE, f"{what}; allowed: {', '.join(known) or 'there is none'}"
                )
            for crawl_id in args or known:
                for line in status.lines(status.look(server, crawl_id)):
                    print(line)
            server.close()
        except RedisUnavailableError as error:
            exits.stop(ExitCode.OUTPUT, str(error))
        if not known:
            exits.say("workers: no shared crawl")
