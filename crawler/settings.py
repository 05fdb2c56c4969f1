"""Scrapy's settings: the components of this project; all values are in settings.toml.

The environment is read here. What is derived from a setting (USER_AGENT from CONTACT) is
derived in an add-on: `-s` reaches settings after this module was evaluated.
"""

import os

from scrapy.settings import default_settings as _default_settings

from crawler.settings_model import SETTINGS as _SETTINGS

globals().update({name: setting.value(os.environ) for name, setting in _SETTINGS.items()})

_locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
if _locale.startswith("zh") and not os.environ.get("REPORT_LANGUAGE"):
    REPORT_LANGUAGE = "zh"

BOT_NAME = "workercn"
SPIDER_MODULES = ["crawler.spiders.workercn"]  # the one; its neighbours are imported when it starts
COMMANDS_MODULE = "crawler.commands"  # its `crawl` replaces Scrapy's: exit codes
ADDONS = {"crawler.downloader.identity.Identity": 100}

STATS_CLASS = "crawler.runs.counters.RunStats"

DEFAULT_REQUEST_HEADERS = {
    "Accept-Encoding": "gzip",  # the one whose early end is recognised (downloader/compression.py)
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

DOWNLOAD_HANDLERS = {
    "http": "crawler.downloader.handler.SiteDownloadHandler",
    "https": "crawler.downloader.handler.SiteDownloadHandler",
    # The site is on the web: nothing it writes may make us read files or other protocols.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.downloader.redirects.AddressGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.downloader.robots.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.downloader.retries.Backoff": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.downloader.redirects.MetaRefresh": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.downloader.compression.Compression": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.downloader.redirects.Redirects": 600,
    "crawler.downloader.archiving.Archiving": 950,  # sees bodies as they came
}

# Each fills its part of the record; Validation makes the record, or a reject, of it; Revisions
# tells whether it is new.
ITEM_PIPELINES = {
    "crawler.pipelines.headings.Titles": 50,
    "crawler.pipelines.publication_time.Dates": 100,
    "crawler.pipelines.window.WindowPipeline": 150,
    "crawler.pipelines.source_name.Sources": 200,
    "crawler.pipelines.authors.Authors": 300,
    "crawler.pipelines.authors.Editors": 400,
    "crawler.pipelines.content.Content": 500,
    "crawler.pipelines.validation.Validation": 600,
    "crawler.pipelines.revisions.Revisions": 700,
}

# Scrapy's own that are never on here leave its lists: a `None` would import them, with a web
# server, a console and the list of all top-level domains (.3 s of each start). UrlLengthMiddleware
# drops what is too long for it, and its errback is told nothing.
_NEVER = (
    *("RemoteControl", "TelnetConsole", "MemoryUsage", "CookiesMiddleware"),
    "UrlLengthMiddleware",
)
for _name in ("EXTENSIONS_BASE", "DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE"):
    _base = getattr(_default_settings, _name)
    globals()[_name] = {path: at for path, at in _base.items() if not path.endswith(_NEVER)}

EXTENSIONS = {
    "crawler.state.session.Session": 50,
    "crawler.runs.run_files.RunWriter": 60,
    "crawler.downloader.hosts.Hosts": 100,
    "crawler.downloader.rendering.Rendering": 110,
    "crawler.monitoring.memory_limit.OwnMemory": 190,
    "crawler.monitoring.progress.Progress": 200,
    "crawler.monitoring.outcome.Outcome": 300,
}

FEED_EXPORTERS = {
    "csv": "crawler.feeds.formats.PlainCsvExporter",
    "marshal": "crawler.feeds.formats.PlainMarshalExporter",
    "xml": "crawler.feeds.formats.PlainXmlExporter",
}
FEED_EXPORT_ENCODING = "utf-8"  # of -o: 人物, not \u4eba\u7269
