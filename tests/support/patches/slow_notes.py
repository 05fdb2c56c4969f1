"""What is not the page of an article takes a second in the pipelines, in a process whose PATCHED_BY
names this module.
"""

import asyncio

from scrapy.pipelines import ItemPipelineManager

from crawler.items import Page

_process = ItemPipelineManager.process_item_async


async def _slowly(self, item):
    if not isinstance(item, Page):
        await asyncio.sleep(1)
    return await _process(self, item)


ItemPipelineManager.process_item_async = _slowly
