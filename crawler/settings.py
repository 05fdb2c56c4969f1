"""Every setting with its reason. The environment is read here and nowhere else.

What is derived from a setting (FEEDS from the run folder, USER_AGENT from CONTACT) is derived in an
add-on: `-s` reaches settings after this module was evaluated.
"""

import os

BOT_NAME = "workercn"
SPIDER_MODULES = ["crawler.spiders.workercn"]  # the one; its neighbours are imported when it starts
COMMANDS_MODULE = "crawler.commands"  # its `crawl` takes the place of Scrapy's: exit codes
ADDONS = {
    "crawler.fetching.identity.Identity": 100,
    "crawler.fetching.unused.Unused": 150,
    "crawler.feeds.addon.RunFeeds": 200,
}

# --- ours: each may be set by -s or by an environment variable of the same name --------------

OUTPUT_DIR = os.environ.get("OUTPUT_DIR") or "output"
# Taken from the rights of all that is written, besides what the process's own umask takes: folders
# are 0750, files 0640.
OUTPUT_UMASK = os.environ.get("OUTPUT_UMASK") or "027"
# What is known between runs: sqlite:///… or postgresql://…; without one, state.db in OUTPUT_DIR.
STATE_URL = os.environ.get("STATE_URL") or ""
# Articles published in the last so many days are asked for again.
RECHECK_DAYS = os.environ.get("RECHECK_DAYS") or 3
# An article is removed where it answers 404 twice with so many hours between.
REMOVAL_HOURS = os.environ.get("REMOVAL_HOURS") or 20
# A gap that stays open for so many nights is given up: it stands in the manifest only.
GAP_NIGHTS = os.environ.get("GAP_NIGHTS") or 3
# What came is kept as it came, in OUTPUT_DIR/archive, to be read again.
ARCHIVE_ENABLED = os.environ.get("ARCHIVE_ENABLED") or True

# Where the site really is, for tests and trials: http://127.0.0.1:8000
MIRROR_URL = os.environ.get("MIRROR_URL") or ""
# 1: what MIRROR_URL names is a gateway to the live site, and its runs are those of the live site.
MIRROR_IS_LIVE = os.environ.get("MIRROR_IS_LIVE") or False
# Hosts, with commas between, that may have an address of no public network besides those of
# MIRROR_URL, SPLASH_URL and the proxy: where a gateway answers for the site under such a one.
PRIVATE_HOSTS = os.environ.get("PRIVATE_HOSTS") or ""
# An address or page where whoever runs this can be reached; goes into the User-Agent.
CONTACT = os.environ.get("CONTACT") or ""

# --- ours, of `scrapy nightly` ----------------------------------------------------------------

CATCH_UP_DAYS = os.environ.get("CATCH_UP_DAYS") or 14  # of missed nights at most
MAX_RUN_MINUTES = os.environ.get("MAX_RUN_MINUTES") or 180  # then it ends in order, exit 7
RETAIN_DAYS = os.environ.get("RETAIN_DAYS") or 90  # archives, trials and logs; never run folders
# Who hears of a bad night, as apprise addresses with a blank or comma between: mailto://…
ALERT_URLS = os.environ.get("ALERT_URLS") or ""
# The language of reports and alerts, en or zh: as the locale says, where it is not set.
_locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
REPORT_LANGUAGE = os.environ.get("REPORT_LANGUAGE") or ("zh" if _locale.startswith("zh") else "en")
# The address at which OUTPUT_DIR is served, for links in alerts: https://news1.example.org/crawl
REPORT_URL = os.environ.get("REPORT_URL") or ""
METRICS_FILE = os.environ.get("METRICS_FILE") or ""  # for node_exporter: …/workercn.prom

# --- when a run is degraded (docs/checks.md says why these) ------------------------------------

# Shares of all articles asked for; three at least.
MAX_REJECT_SHARE = os.environ.get("MAX_REJECT_SHARE") or 0.05
MAX_FAILED_SHARE = 0.02
# Of the known articles asked for in a run: where more are gone, from five on, none counts as
# removed, for three nights at most.
MAX_REMOVED_SHARE = os.environ.get("MAX_REMOVED_SHARE") or 0.1
REMOVAL_HELD_NIGHTS = os.environ.get("REMOVAL_HELD_NIGHTS") or 3
MAX_FALLBACK_SHARE = 0.1  # of the pages of a generation that its templates could not read
# Shares of records that have a field: at least these, while there is no history to compare with.
COVERAGE_FLOORS = {"body": 0.95, "source": 0.8, "editors": 0.5, "authors": 0.3}
MAX_UPDATED_SHARE = os.environ.get("MAX_UPDATED_SHARE") or 0.5  # of the known articles asked for
MIN_UPDATED = 10  # articles; fewer changed ones degrade no run
MIN_SHORTER = 5  # updated articles that have lost more than half of their body
MAX_SAME_BODY = 4  # ids that one body may stand under
MAX_OTHER_SHARE = 0.2  # of the new entries of listings that are no article
# How long a section may be without a new article: so many times its longest pause, but this.
MAX_PAUSE_TIMES = 3
MIN_PAUSE_HOURS = 48
MIN_PAPER_PAUSE_DAYS = 4  # the same of the paper, in days and once its longest pause
MAX_COVERAGE_DROP = 0.25  # of the median share
MIN_LISTED_SHARE = 0.5  # of what a section usually lists
MIN_NEW_SHARE = 0.2  # of a usual night's new records
MAX_AGE_HOURS = os.environ.get("MAX_AGE_HOURS") or 48  # of the newest article
MAX_MISSING_SHARE = 0.1  # of a day's articles, as the site's search counts them
CHECK_MIN_RUNS = 5  # for a median
CHECK_MIN_RECORDS = 20  # for a share

# --- the walk ---------------------------------------------------------------------------------

# A window of more days is walked and fetched in spans of this many, newest first: a night that
# catches up two weeks is one span, a backfill does not list years ahead.
SLICE_DAYS = 14
# No section was seen with more; ends a listing whose every page brings something new.
MAX_LISTING_PAGES = 5000
# One that names more is made to have us ask for hours; the longest seen names some dozens.
MAX_LISTING_ENTRIES = 1000
MAX_SECTIONS = 300  # that the home page links; it has linked 60
MAX_PAPER_PLATES = 100  # of an issue of the paper, which has 8
MAX_ARTICLE_PAGES = 100
GAP_SEARCH_PAGES = 50  # of the site's search, to look for what a listing does not have
LISTING_FAILURES = 2  # pages in a row that cannot be read before a section is given up
# Pages in a row that may bring nothing new: older entries in pages of ten repeat the first
# twenty-seven twice before they go on.
LISTING_REPEATS = 3

# --- politeness -------------------------------------------------------------------------------

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "workercn-crawler"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0  # seconds
DOWNLOAD_DELAY_JITTER = 0  # the delay is a promise: never below it
# Few: what waits in the downloader is still asked for after Ctrl-C.
CONCURRENT_REQUESTS = 4
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0
COOKIES_ENABLED = False  # nothing here needs to be remembered

# --- failing ----------------------------------------------------------------------------------

DOWNLOAD_TIMEOUT = 60  # seconds for a whole response
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes, unpacked as well; the longest article is under 2 MB
# Of a page tags, of an answer in JSON values; more are not read. The longest have 20,000.
MAX_PAGE_ELEMENTS = 200_000
DOWNLOAD_HEADERS_MAXSIZE = 64 * 1024  # bytes of an answer's head; Scrapy knows no limit
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
MEMUSAGE_LIMIT_MB = 900  # then the crawl ends in order, exit 1; a night takes 150
CLOSESPIDER_PAGECOUNT = 1_000_000  # answers, twelve days at one a second: then it ends, exit 7
DNS_TIMEOUT = 20
TWISTED_DNS_RESOLVER = "crawler.fetching.resolver.PublicResolver"
RETRY_TIMES = 3
# Where nobody was reached, no name or no open port, asking costs the site nothing: two minutes, so
# that a name server may be away for one. A lost robots.txt loses its whole host.
RETRY_TIMES_UNREACHED = 6
RETRY_DELAY = 2.0  # seconds before the first retry, doubled for each further one
RETRY_DELAY_MAX = 60.0
RETRY_AFTER_MAX = 300.0  # a server that asks for a longer pause is left alone for this run
# A host that fails so often in a row is left alone for a while, and then asked by one request at a
# time; each that fails doubles the pause: 15 minutes in all until it is given up for the run.
CIRCUIT_FAILURES = 10
CIRCUIT_PAUSE = 30.0  # seconds
CIRCUIT_PROBES = 5
REDIRECT_MAX_TIMES = 5  # as many as RFC 9309 asks for robots.txt
METAREFRESH_MAXDELAY = 5

# --- safety -----------------------------------------------------------------------------------

DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default is not to
TELNETCONSOLE_ENABLED = False  # both let whoever is on this machine run code in the crawl
REMOTE_CONTROL_ENABLED = False

# --- the chain --------------------------------------------------------------------------------

DEFAULT_REQUEST_HEADERS = {
    "Accept-Encoding": "gzip",  # the one whose early end is recognised (fetching/compression.py)
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

DOWNLOAD_HANDLERS = {
    "http": "crawler.fetching.handler.SiteDownloadHandler",
    "https": "crawler.fetching.handler.SiteDownloadHandler",
    # The site is on the web: nothing it writes may make us read files or other protocols.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.fetching.guard.AddressGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetching.robots.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.fetching.backoff.Backoff": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.fetching.redirects.MetaRefresh": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.fetching.compression.Compression": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.fetching.redirects.Redirects": 600,
    "crawler.fetching.archiving.Archiving": 950,  # sees bodies as they came
}

# A page is one item. Scrapy starts this many tasks for each response, whatever it yields: its
# default of 100 costs 1 ms a page.
CONCURRENT_ITEMS = 1

# Each fills its part of the record; Validation makes the record, or a reject, of it; Revisions
# tells whether it is new.
ITEM_PIPELINES = {
    "crawler.pipelines.titles.Titles": 50,
    "crawler.pipelines.dates.Dates": 100,
    "crawler.pipelines.window.Window": 150,
    "crawler.pipelines.sources.Sources": 200,
    "crawler.pipelines.authors.Authors": 300,
    "crawler.pipelines.editors.Editors": 400,
    "crawler.pipelines.content.Content": 500,
    "crawler.pipelines.validation.Validation": 600,
    "crawler.pipelines.revisions.Revisions": 700,
}

EXTENSIONS = {
    "crawler.state.session.Session": 50,
    "crawler.fetching.hosts.Hosts": 100,
    "crawler.fetching.rendering.Rendering": 110,
    "crawler.watching.memory.OwnMemory": 190,
    "crawler.watching.progress.Progress": 200,
    "crawler.watching.slowest.Slowest": 210,
    "crawler.watching.outcome.Outcome": 300,
}

FEED_STORAGES = {"run": "crawler.feeds.exporter.RunStorage"}
FEED_EXPORTERS = {
    "lines": "crawler.feeds.exporter.LineExporter",
    "journal": "crawler.feeds.exporter.JournalExporter",
    "csv": "crawler.feeds.exporter.PlainCsvExporter",
    "xml": "crawler.feeds.exporter.PlainXmlExporter",
}
FEED_EXPORT_ENCODING = "utf-8"  # of -o: 人物, not \u4eba\u7269

# --- many machines, one crawl (docs/scale-out.md) -----------------------------------------------

REDIS_URL = os.environ.get("REDIS_URL") or ""  # redis://…: where workers share a crawl
# A worker that is not heard of for so long is presumed dead, and what it had taken given back.
VISIBILITY_SECONDS = os.environ.get("VISIBILITY_SECONDS") or 60
# An article with which so many workers have died is a reject, and not fetched any more.
MAX_WORKER_DEATHS = os.environ.get("MAX_WORKER_DEATHS") or 3
REDIS_PATIENCE = os.environ.get("REDIS_PATIENCE") or 300  # seconds that Redis may be away
# 1: delay and concurrency are each worker's own; else all workers together stay within them.
PER_WORKER_RATE = os.environ.get("PER_WORKER_RATE") or False

# --- the log ----------------------------------------------------------------------------------

LOG_LEVEL = os.environ.get("LOG_LEVEL") or "INFO"
# "json" or a form of Python's logging, which the run's id precedes.
LOG_FORMAT = os.environ.get("LOG_FORMAT") or "%(asctime)s [%(name)s] %(levelname)s: %(message)s"
LOG_FORMATTER = "crawler.watching.log.Events"
LOGSTATS_INTERVAL = 600.0  # seconds: a line a minute is more than anybody reads of a long night
LOG_VERSIONS: list[str] = []  # the manifest names those that matter
STATS_DUMP = False  # the manifest tells the numbers that matter

# --- pages built by script (docs/rendering.md) ------------------------------------------------

RENDERER = os.environ.get("RENDERER") or "off"  # or splash, or playwright
SPLASH_URL = os.environ.get("SPLASH_URL") or "http://127.0.0.1:8050"
# Chromium's path; without one, the system's.
PLAYWRIGHT_CHROMIUM = os.environ.get("PLAYWRIGHT_CHROMIUM") or ""
