"""Wrong values of any setting: found before anything is touched, named in one line."""

from __future__ import annotations

import os

import pytest
from scrapy.utils.project import get_project_settings

from crawler.commands import outputs, values
from tests.support.harness import command, run


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # of Scrapy's, by the types of their defaults
        ("DNSCACHE_SIZE", "x"),
        ("DNSCACHE_SIZE", "1.5"),
        ("DNSCACHE_SIZE", ""),
        ("DEPTH_LIMIT", "-1"),
        ("DEPTH_LIMIT", 1.5),
        ("CONCURRENT_REQUESTS", "-1"),
        ("CONCURRENT_ITEMS", "0"),
        ("REACTOR_THREADPOOL_MAXSIZE", "0"),
        ("RETRY_PRIORITY_ADJUST", "high"),
        ("DOWNLOAD_DELAY", "nan"),
        ("DOWNLOAD_DELAY", "-inf"),
        ("LOGSTATS_INTERVAL", "inf"),
        ("CLOSESPIDER_TIMEOUT", "abc"),
        ("LOG_FILE_APPEND", "x"),
        ("DOWNLOAD_FAIL_ON_DATALOSS", "yes"),
        ("TELNETCONSOLE_ENABLED", "off"),
        ("RETRY_HTTP_CODES", "x"),
        ("RETRY_HTTP_CODES", "500,"),
        ("RETRY_HTTP_CODES", "5000"),
        ("HTTPERROR_ALLOWED_CODES", 404),
        ("DOWNLOAD_SLOTS", {"www.workercn.cn": {"delay": "x"}}),
        ("DOWNLOAD_SLOTS", {"www.workercn.cn": 1}),
        ("ITEM_PIPELINES", {"crawler.pipelines.headings.Titles": "first"}),
        # with words of their own
        ("LOG_LEVEL", "LOUD"),
        ("RETRY_GIVE_UP_LOG_LEVEL", "x"),
        ("LOG_ENCODING", "klingon"),
        ("DOWNLOAD_TLS_MIN_VERSION", "3"),
        ("DOWNLOADER_CLIENT_TLS_CIPHERS", "none-such"),
        ("DOWNLOAD_BIND_ADDRESS", "here"),
        ("HTTPCACHE_DBM_MODULE", "no.such"),
        ("TWISTED_REACTOR", "twisted.internet.selectreactor.SelectReactor"),
        ("TWISTED_REACTOR_ENABLED", "0"),
        ("ASYNCIO_EVENT_LOOP", "nothing"),
        ("SPIDER_MODULES", "no.such"),
        ("SPIDER_LOADER_CLASS", "no.such.Class"),
        ("ADDONS", {"no.such.Class": 1}),
        ("ADDONS", {}),
        ("FEED_TEMPDIR", "/no/such"),
        ("TEMPLATES_DIR", "/no/such"),
        ("MAIL_PORT", 0),
        ("MAIL_PORT", 65_536),
        ("JOBDIR", "/proc/x"),
        # of ours
        ("MAX_REJECT_SHARE", "nan"),
        ("RECHECK_DAYS", "x"),
        ("RECHECK_DAYS", None),
        ("COVERAGE_FLOORS", "[1]"),
        ("ARCHIVE_ENABLED", "perhaps"),
        # bytes that are not UTF-8
        ("CONTACT", "a\udcffb"),
        ("OUTPUT_DIR", "here/\udcff"),
        ("DEFAULT_REQUEST_HEADERS", {"Accept": "\udcff"}),
        ("OF_ANOTHER\udcff", "x"),
    ],
)
def test_wrong(name, value):
    settings = get_project_settings()
    settings.set(name, value, priority="cmdline")
    with pytest.raises(values.SettingError) as caught:
        values.check(settings)
    assert f"setting {name}=" in str(caught.value)
    assert "allowed: " in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DNSCACHE_SIZE", "0"),
        ("DNS_TIMEOUT", "2.5"),
        ("RETRY_PRIORITY_ADJUST", "-5"),
        ("RETRY_HTTP_CODES", "500,503"),
        ("RETRY_HTTP_CODES", ""),
        ("HTTPERROR_ALLOWED_CODES", [404]),
        ("CLOSESPIDER_TIMEOUT", "90.5"),
        ("LOG_FILE_APPEND", "False"),
        ("FEED_EXPORT_INDENT", None),
        ("FEED_EXPORT_FIELDS", "id,url"),
        ("DOWNLOAD_SLOTS", {"www.workercn.cn": {"delay": 2, "concurrency": 1}}),
        ("DOWNLOAD_BIND_ADDRESS", "127.0.0.1"),
        ("LOG_LEVEL", "debug"),
        ("USER_AGENT", "somebody's/1.0 (人物)"),
        ("OF_ANOTHER_PROGRAM", "x"),
    ],
)
def test_right(name, value):
    settings = get_project_settings()
    settings.set(name, value, priority="cmdline")
    values.check(settings)


def test_every_default_is_right():
    settings = get_project_settings()
    values.check(settings)
    values.check_all_classes(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCHEDULER", "no.such.Scheduler"),
        ("DNS_RESOLVER", "no.such.Resolver"),
        ("STATS_CLASS", "scrapy.statscollectors.NoSuch"),
        ("DUPEFILTER_CLASS", "x"),
        ("DUPEFILTER_CLASS", "os.path"),
        ("LOG_FORMATTER", ""),
        ("DOWNLOADER_MIDDLEWARES", {"no.such.Middleware": 5}),
        ("EXTENSIONS", {"no.such.Extension": 5}),
        ("EXTENSIONS", {}),
        ("ITEM_PIPELINES", {"crawler.pipelines.headings.Titles": 1}),
        ("DOWNLOAD_HANDLERS", {"http": None}),
        ("FEED_EXPORTERS", {"csv": "x"}),
        ("RETRY_EXCEPTIONS", "no.such.Error"),
        ("REFERRER_POLICY", "whatever"),
    ],
)
def test_classes_that_cannot_be_imported(name, value):
    settings = get_project_settings()
    settings.set(name, value, priority="cmdline")
    values.check(settings)
    with pytest.raises(values.SettingError, match=f"setting {name}="):
        values.check_all_classes(settings)


@pytest.mark.parametrize(
    ("uri", "options", "named"),
    [
        ("s3://bucket/x.json", {}, "boto3"),
        ("gs://bucket/x.json", {}, "google-cloud-storage"),
        ("swift://bucket/x.json", {}, "swift"),
        ("http://[::1/x.json", {}, "no address"),
        ("{}/x.unheard", {}, "unheard"),
        ("{}/x", {}, "format ''"),
        ("{}/x.json", {"format": "yaml"}, "yaml"),
        ("{}/x.json", {"batch_item_count": 5}, "batch_id"),
        ("{}/x.json", {"batch_item_count": "x"}, "options"),
        ("{}/x.json", {"item_classes": ["no.such.Item"]}, "no"),
        ("{}/x-%(weather)s.json", {}, "weather"),
        ("{}/none/x.json", {}, "no folder"),
        ("{}/file/x.json", {}, "no folder"),
        ("file://{}/none/x.json", {}, "no folder"),
        ("{}", {"format": "json"}, "directory"),
        ("/proc/x.json", {}, "allowed: a file"),
        ("ftp:///x.json", {}, "host"),
    ],
)
def test_feeds_that_cannot_work(tmp_path, uri, options, named):
    (tmp_path / "file").write_text("in the way")
    settings = get_project_settings()
    settings.set("FEEDS", {uri.format(tmp_path): options}, priority="cmdline")
    problem = outputs.problem(settings, object)
    assert problem is not None
    assert named in problem
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("uri", "options"),
    [
        ("{}/x.json", {}),
        ("{}/人物.csv", {}),
        ("{}/x%20y.jsonl", {}),
        ("{}/%(time)s/%(name)s-%(batch_id)d.json", {"batch_item_count": 5}),
        ("file://{}/x.xml", {"overwrite": True}),
        ("stdout:", {"format": "jsonl"}),
        ("ftp://user:password@host/x.json", {}),
        ("/dev/full", {"format": "json"}),
    ],
)
def test_feeds_that_can_work(tmp_path, uri, options):
    settings = get_project_settings()
    settings.set("FEEDS", {uri.format(tmp_path): options}, priority="cmdline")
    assert outputs.problem(settings, object) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["-s", "DNSCACHE_SIZE=x"], "DNSCACHE_SIZE=x"),
        (["-s", "STATE_URL=mysql://me:secret@host/x"], "STATE_URL=mysql://me:***@host/x"),
        (["-s", "STATE_URL=sqlite:////x.db?colour=red"], "colour"),
        (["-s", "STATE_URL=postgresql://host/x?colour=red"], "colour"),
        (["-s", "REDIS_URL=http://x"], "REDIS_URL=http:"),
        (["-s", "FEEDS=[1]"], "FEEDS=[1]"),
        (["-s", "ITEM_PIPELINES=x"], "ITEM_PIPELINES=x"),
        (["-s", "SCHEDULER=no.such.Scheduler"], "SCHEDULER=no.such.Scheduler"),
        (["-s", "SPIDER_MODULES="], "SPIDER_MODULES="),
        (["-o", "s3://bucket/x.json"], "boto3"),
        (["-o", "x.unheard"], "unheard"),
        (["-a", "query=\udcff"], "query="),
        (["-o", "\udcff.json"], "UTF-8"),
        (["--pidfile", "/no/such"], "/no/such"),
        (["--profile", "/no/such"], "/no/such"),
        (["-s", "LOG_FILE={}/log", "-a", "limit=x"], "limit=x"),
    ],
)
def test_in_one_line_and_nothing_is_touched(tmp_path, words, named):
    given = [word.format(tmp_path) for word in words]
    done = run([*command("crawl", "workercn", OUTPUT_DIR=tmp_path / "out"), *given])
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert named in done.stderr
    assert "secret" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environb, b"CONTACT", b"a\xffb")
    done = run(command("nightly", "workercn", OUTPUT_DIR=tmp_path / "out"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "CONTACT=" in done.stderr
    assert list(tmp_path.iterdir()) == []
