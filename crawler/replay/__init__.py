"""`scrapy replay`: the archive through the readers and pipelines of a crawl, without a network.

archive_files   which files
page_index      where in them the pages of an article are, and what the listings said of it
rereading       one article, read again and compared with the newest revision
processes       many of them, in one process or in several
driver          all of them, as a run folder; differences: as a table
"""
