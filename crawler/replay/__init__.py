"""`scrapy replay`: the archive through the readers and pipelines of a crawl, without a network."""
