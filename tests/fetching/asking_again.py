"""A spider that asks for a page, again, and again unless it was modified. See test_archiving.py"""

from scrapy import Request, Spider

from crawler.fetching.archiving import Archiving

PAGE = "https://www.workercn.cn/"


class AskingAgain(Spider):
    name = "asking-again"

    async def start(self):
        first = await self.ask()
        archiving = self.crawler.get_downloader_middleware(Archiving)
        archiving.lookup = lambda url, digest: None if digest else first.meta["archived"]
        await self.ask()
        third = await self.ask(**{"If-None-Match": first.headers["Etag"]})
        assert third.status == 304
        for request in ():
            yield request

    async def ask(self, **headers):
        request = Request(PAGE, headers=headers, dont_filter=True)
        return await self.crawler.engine.download_async(request)
