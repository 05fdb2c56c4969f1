"""`scrapy doctor`: is this machine ready, does the live site still look as the parsers expect.

Rows about the machine and the way to the site, then a trial crawl by the real spider, whose
answers, rejects, warnings and checks become rows.
"""
