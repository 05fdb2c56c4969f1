"""A spider that asks for a page, again, and again unless it was modified. See test_archiving.py"""

from pathlib import Path

from scrapy import Request, Spider

from crawler.run_context import RunContext

PAGE = "https://www.workercn.cn/"


class AskingAgain(Spider):
    name = "asking-again"

    @classmethod
    def update_settings(cls, settings):
        folder = Path(settings["RUN_FOLDER"])
        context = RunContext(run_id=folder.stem, folder=folder)
        settings.set("RUN_CONTEXT", context)

    async def start(self):
        first = await self.ask()
        await self.ask()
        earlier = {"earlier": first.meta["archived"]}
        third = await self.ask(earlier, **{"If-None-Match": first.headers["Etag"]})
        assert third.status == 304
        for request in ():
            yield request

    async def ask(self, meta=None, **headers):
        request = Request(PAGE, headers=headers, meta=meta, dont_filter=True)
        return await self.crawler.engine.download_async(request)
