"""What Chinese news pages say in words: dates, bylines, sources, script and encoding.

Pure functions over text; nothing here knows Scrapy, the crawler or a particular site.
"""
