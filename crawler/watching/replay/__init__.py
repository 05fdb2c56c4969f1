"""`scrapy replay`: what is archived through today's parsers and pipelines, without a network.

sources      which files
catalogue    where in them the pages of an article are, and what the listings said of it
reading      one article, read again and compared with the newest revision
workers      many of them, in one process or in several
running      all of them, with what the state knows
run          what comes of it as a run folder; differences: as a table
"""
