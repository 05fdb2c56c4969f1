"""A spider that asks for a page, again, and again unless it was modified. See test_archiving.py"""

from scrapy import Request, Spider

PAGE = "https://www.workercn.cn/"


class AskingAgain(Spider):
    name = "asking-again"

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
