"""`scrapy workers` from the command line."""

import pytest

from crawler.cluster.redis_server import RedisServer
from crawler.cluster.shared_crawl import SharedCrawl, join
from tests.support.harness import command, run


def workers(*words, **settings):
    return run(command("workers", *words, **settings))


@pytest.fixture
def crawls(redis):
    server = RedisServer(redis.url)
    for crawl_id in ("one", "two"):
        join(server, crawl_id, {})
        SharedCrawl(server, crawl_id, "20261122T000000Z-workercn-0000", 60).beat()
    yield redis.url
    server.close()


def test_all_crawls_or_one(crawls):
    done = workers(REDIS_URL=crawls)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[::2]] == ["one", "two"]
    assert lines[1] == "  20261122T000000Z-workercn-0000: 0 in flight, 0 finished"
    assert workers("two", REDIS_URL=crawls).stdout.splitlines() == lines[2:]


@pytest.mark.parametrize(
    ("words", "settings", "code", "said"),
    [
        ((), {}, 2, "setting REDIS_URL=: nothing is shared"),
        ((), {"REDIS_URL": "http://host"}, 2, "setting REDIS_URL=http://…: no address"),
        ((), {"REDIS_URL": "redis://:secret@127.0.0.1:1"}, 6, "redis 127.0.0.1:1: "),
        (("one", "two"), {}, 2, "'two' is no option or argument here"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_line(words, settings, code, said):
    done = workers(*words, **settings)
    assert done.returncode == code
    (line,) = done.stderr.splitlines()
    assert said in line
    assert "secret" not in line


def test_a_crawl_that_is_not_known(crawls):
    done = workers("three", REDIS_URL=crawls)
    assert done.returncode == 2
    assert done.stderr == "scrapy: 'three' is no crawl that Redis knows; allowed: one, two\n"
