"""What Redis keeps of a crawl, and what it does where a worker is not heard of."""

from __future__ import annotations

import pytest
from redis import Redis

from crawler.cluster import shared_crawl
from crawler.cluster.redis_server import RedisServer, RedisUnavailableError
from crawler.cluster.shared_crawl import SharedCrawl, decoded, encoded, join, key_of
from crawler.items import ListingEntry
from tests.cluster.workers import wait_until


@pytest.fixture
def server(redis):
    server = RedisServer(redis.url)
    yield server
    server.close()


@pytest.fixture
def worker(server):
    return lambda run_id="a", visibility=60.0: SharedCrawl(server, "one", run_id, visibility)


@pytest.fixture
def silence(redis):
    """Lets the time of a worker run out in which it should have been heard of."""

    def let(worker):
        client = Redis.from_url(redis.url)
        client.zadd(f"{key_of('one')}:workers", {worker.run_id: 0}, xx=True)
        client.close()

    return let


def entry(id_):
    return ListingEntry(f"https://www.workercn.cn/c/2024-02-29/{id_}.shtml", id_)


def taken(worker):
    return [found.entry.id for found in iter(worker.take, None)]


def test_an_entry_is_the_same_when_it_comes_back():
    whole = entry("1")
    whole.title, whole.again = "工人\u2028日报", True
    whole.sections = [{"slug": "edu", "name": None}]
    assert decoded(encoded(whole)) == whole


def test_each_article_is_queued_once_and_taken_in_that_order(worker):
    a, b = worker("a"), worker("b")
    assert [a.push(entry(id_)) for id_ in ("3", "1", "2")] == [True] * 3
    assert b.push(entry("1")) is False
    assert taken(b) == ["3", "1", "2"]
    b.done(entry("1"), "b")
    assert a.push(entry("1")) is False
    assert taken(a) == []


def test_it_is_over_when_everything_is_seeded_and_done(worker):
    a, b = worker("a"), worker("b")
    a.acquire_leadership()
    a.push(entry("1"))
    assert a.poll()[:3] == (False, 1, 0)
    b.take()
    a.seeded()
    assert (a.poll()[:3], a.poll().over) == ((True, 0, 1), False)
    b.done(entry("1"), "b")
    assert a.poll().over


def test_what_a_silent_worker_had_comes_back_first_what_was_taken(worker, silence):
    dead, a = worker("dead"), worker("a")
    for id_ in ("1", "2", "3"):
        dead.push(entry(id_))
    dead.take()
    dead.take()
    dead.done(entry("1"), "dead")
    silence(dead)
    assert taken(a) == ["2", "3", "1"]


def test_what_is_published_or_another_answers_for_is_not_done_again(worker):
    a, b, c = worker("a"), worker("b"), worker("c")
    for id_ in ("1", "2"):
        a.push(entry(id_))
    a.take()
    b.take()
    a.done(entry("1"), "a")
    b.done(entry("2"), "c")  # whose line it is
    a.leave(published=True)
    b.leave(published=False)
    assert taken(worker("d")) == ["2"]  # c was never heard of
    assert c.is_alive("a") is False


def test_what_is_known_to_be_published_is_done_for_good(worker):
    a = worker("a")
    a.push(entry("1"))
    a.take()
    a.done(entry("1"), None)
    a.leave(published=False)
    assert taken(worker("b")) == []


def test_what_was_not_published_is_done_by_others(worker):
    a = worker("a")
    a.push(entry("1"))
    a.take()
    a.done(entry("1"), "a")
    a.leave(published=False)
    assert taken(worker("b")) == ["1"]


def test_what_is_given_back_is_taken_at_once(worker):
    a = worker("a", 3600)
    a.push(entry("1"))
    a.take()
    a.give_back()
    assert taken(worker("b")) == ["1"]


def test_of_what_workers_died_with_each_takes_one_at_a_time_and_is_told_how_many(worker, silence):
    a = worker("a")
    for id_ in ("1", "2", "3"):
        a.push(entry(id_))
    first = worker("first")
    assert (taken(first), first.take()) == (["1", "2", "3"], None)
    silence(first)
    assert a.poll()[:3] == (False, 3, 0)
    second = worker("second")
    again, none = second.take(), second.take()
    assert (again.deaths, none) == (1, None)
    silence(second)
    found = {one.entry.id: one.deaths for one in (a.take(), worker("b").take(), worker("c").take())}
    assert found == {"1": 1, "2": 1, "3": 1} | {again.entry.id: 2}


def test_what_is_handed_back_or_done_has_killed_nobody(worker, silence):
    a, b = worker("a"), worker("b")
    a.push(entry("1"))
    a.take()
    a.give_back()
    assert b.take().deaths == 0
    silence(b)
    assert a.take().deaths == 1
    a.done(entry("1"), "a")
    a.leave(published=False)
    assert worker("c").take().deaths == 0


def test_one_worker_walks_and_another_when_it_dies(worker, silence):
    first, second = worker("first"), worker("second", 60)
    assert (
        first.acquire_leadership(),
        first.acquire_leadership(),
        second.acquire_leadership(),
    ) == (True, True, False)
    silence(first)
    assert (second.acquire_leadership(), first.acquire_leadership()) == (True, False)


def test_a_walk_of_which_redis_has_lost_something_is_not_over(redis, worker):
    a = worker("a")
    a.acquire_leadership()
    for id_ in ("1", "2", "3"):
        a.push(entry(id_))
    redis.stop()
    redis.start()
    for id_ in ("4", "5", "6"):
        a.push(entry(id_))
    assert (a.seeded(), a.poll().seeded) == (False, False)
    a.acquire_leadership()
    for id_ in ("1", "2", "3", "4", "5", "6"):
        a.push(entry(id_))
    assert (a.seeded(), a.poll().seeded) == (True, True)


def test_a_walk_that_another_has_begun_meanwhile_does_not_count(redis, worker):
    a, b = worker("a"), worker("b")
    a.acquire_leadership()
    redis.stop()
    redis.start()
    b.acquire_leadership()
    a.push(entry("1"))
    assert (a.seeded(), b.poll().seeded) == (False, False)
    assert b.seeded()


def test_what_was_in_flight_when_redis_lost_everything_is_known_to_it_when_it_is_done(
    redis, worker, silence
):
    a, b = worker("a"), worker("b")
    a.push(entry("1"))
    a.take()
    redis.stop()
    redis.start()
    a.done(entry("1"), "a")
    silence(a)
    assert taken(b) == ["1"]  # before any walk has named it again


def test_where_a_redirect_leads_belongs_to_the_first_that_was_redirected(worker):
    a, b = worker("a"), worker("b")
    a.push(entry("listed"))
    assert a.led_to("listed", "1") is False
    assert a.led_to("moved", "1") is True
    assert b.led_to("moved", "2") is False
    assert b.led_to("moved", "1") is True  # after a died
    assert b.push(entry("moved")) is False
    a.done(entry("moved"), "a")
    a.leave(published=False)
    assert taken(b) == ["listed"]  # the other is found where the redirect leads


def test_an_article_that_a_live_worker_has_is_not_queued_unless_that_dies(worker, silence):
    a, b = worker("a"), worker("b")
    assert b.answered(entry("1"), "a") is False
    a.beat()
    assert b.answered(entry("1"), "a") is True
    assert b.push(entry("1")) is False
    silence(a)
    assert taken(b) == ["1"]


def test_the_first_arguments_hold(server):
    assert join(server, "one", {"sections": "edu"}) == {"sections": "edu"}
    assert join(server, "one", {}) == {"sections": "edu"}
    assert join(server, "two", {}) == {}


def test_how_a_crawl_stands(server, worker):
    join(server, "one", {})
    a = worker("a")
    a.acquire_leadership()
    for id_ in ("1", "2", "3"):
        a.push(entry(id_))
    a.take()
    a.done(entry("1"), "a")
    a.take()
    assert shared_crawl.crawls(server) == ["one"]
    shown = list(shared_crawl.lines("one", shared_crawl.look(server, "one")))
    assert shown[0].startswith("one: listings being walked; 1 queued, 1 in flight, 1 workers, 0.")
    assert shown[1:] == ["  a: 1 in flight, 1 finished, walks the listings"]
    a.seeded()
    crawl = shared_crawl.look(server, "one")
    assert (crawl.left, crawl.rate > 0) == (2, True)
    assert next(shared_crawl.lines("one", crawl)).endswith(" left")


def test_a_server_that_is_away_says_so_in_one_line_and_is_asked_again_later(redis, worker):
    a = worker("a")
    a.push(entry("1"))
    redis.stop()
    for _ in range(3):
        with pytest.raises(RedisUnavailableError) as away:
            a.poll()
        assert str(away.value).startswith("redis 127.0.0.1:")
        assert "\n" not in str(away.value)
    redis.start()
    wait_until(lambda: answered(a))
    assert a.poll()[:3] == (False, 0, 0)


def answered(worker):
    try:
        return worker.poll()
    except RedisUnavailableError:
        return None
