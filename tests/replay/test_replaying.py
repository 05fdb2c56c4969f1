"""The archive again through today's parsers: what becomes of each article, network or not."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import socket
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import brotli
import pytest
from scrapy.utils.project import get_project_settings

from crawler.feeds.verifying import verify
from crawler.pipelines import rules as rules_of
from crawler.replay import archive_files, driver
from crawler.replay.rereading import Kind, ReplayPlan, Rereader
from crawler.run_context import RunContext
from crawler.runs.projection import rebuild
from crawler.runs.run import FILES, RunFolder
from crawler.runs.startup import opened
from crawler.site import page_table
from crawler.state import default_url, open_state
from tests.archive.captures import GZIP, HTML, capture, packed, write
from tests.state.samples import checked, write_run
from tests.support.harness import lines

FIRST = "20261002T074000Z-workercn-0001"
SECOND = "20261003T074000Z-workercn-0002"
LEGACY = Path(__file__).parents[1] / "pages" / "legacy"
LIMITS = {"MAX_ARTICLE_PAGES": 3, "MAX_PAGE_ELEMENTS": 5000, "DOWNLOAD_MAXSIZE": 50_000}
LONG = "http://character.workercn.cn/32850/201711/03/171103093005117.shtml"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*words, **keywords):
        raise AssertionError("a socket was used")

    for name in ("bind", "connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def html(title="产业工人队伍建设取得新突破", time="2026-10-02 15:30", text="劳动最光荣。") -> bytes:
    return f"""<html><head><meta charset="utf-8"><title>{title} - 中工网</title></head><body>
<h1>{title}</h1><div class="info"><span>来源：中工网</span><span>{time}</span></div><div class="con">
<p>10月2日，全国总工会在北京召开座谈会，有关单位负责人和一线职工代表参加会议并作交流发言。</p>
<p>会议强调，要进一步提高认识，抓好工作落实，让广大职工有更多获得感、幸福感。{text}</p>
</div><p>责任编辑：于小淑</p></body></html>""".encode()


def page(number=0, *, days=0, **words):
    one = capture(number, html(**words))
    return replace(one, fetched_at=one.fetched_at + timedelta(days=days))


def listing(*entries, slug="edu"):
    items = "".join(
        f'<li id="li_{number}"><h3><a href="/c/2026-10-02/{8163000 + number}.shtml">{title}</a></h3>'
        f'<div class="info"><span>{time}</span><span>{source}</span></div></li>'
        for number, title, time, source in entries
    )
    body = f"<html><title>教育 - 中工网</title><ul class='list'>{items}</ul></html>".encode()
    return capture(0, body, url=f"https://www.workercn.cn/{slug}/")


def archive(output, run_id, *captures):
    return write(output / "archive" / f"{run_id}.warc.gz", captures)


class Done:
    """A replay that has ended."""

    def __init__(self, run, ending, replay, told):
        self.code, self.sentence = ending
        self.told, self.number = told, replay.number
        self.folder = run.final
        self.records = lines(run.final / "articles.jsonl")
        self.rejects = lines(run.final / "rejects.jsonl")
        self.manifest = json.loads((run.final / "manifest.json").read_text("utf-8"))

    @property
    def kinds(self):
        """Of the articles that were read."""
        return {kind: self.number(kind) for kind in get_args(Kind) if self.number(kind)}

    @property
    def changes(self):
        return [(r["id"], r["revision"], r["change"], r["changed_fields"]) for r in self.records]


_SECONDS = itertools.count(1)


def next_folder(output, *, trial):
    """As RunFolder.create, a second after the one before: a run_id tells no more."""
    second = next(_SECONDS)
    run = RunFolder(
        output,
        f"202610{4 + second // 60:02}T0000{second % 60:02}Z-replay-{second:04x}",
        trial=trial,
    )
    run.partial.mkdir(parents=True)
    for name in FILES:
        (run.partial / name).touch()
    return run


def replay(output, *words, full=False, everything=False, limits=LIMITS):
    settings = get_project_settings()
    settings.setdict(limits)
    told = []
    files = archive_files.find(output, words, told.append, trials=full)
    url = default_url(output)
    with ExitStack() as stack:
        state = None
        if not full:
            stack.enter_context(opened(output, url))
            state = stack.enter_context(closing(open_state(url)))
        run = next_folder(output, trial=full)
        context = RunContext(run_id=run.run_id, folder=run.partial, trial=full, command="replay")
        plan = ReplayPlan(
            files=files,
            context=context,
            settings=settings,
            state_url=None if full else url,
            all=everything,
        )
        one = driver.Replay(plan, bool)
        ending = driver.write(one, state, [])
    return Done(run, ending, one, told)


def known(output, id_):
    with closing(open_state(default_url(output))) as state:
        return state.find(id_)


def assert_verified(output):
    problems = []
    verify(output, set(), on_error=problems.append)
    assert problems == []


@pytest.fixture
def rules(monkeypatch):
    """Today's rules, to be changed: rules(title="…") has them read another title."""
    parse = page_table.parse
    versions = itertools.count()

    def change(**fields):
        def other(*words, **keywords):
            return replace(parse(*words, **keywords), **fields)

        monkeypatch.setattr(page_table, "parse", other)
        version = f"changed {next(versions)}"
        monkeypatch.setattr(rules_of, "version", lambda: version)

    return change


# --- what becomes of an article ---------------------------------------------------------------


def test_an_article_that_is_not_known_becomes_a_new_record(tmp_path):
    archive(tmp_path, FIRST, page(1), packed(2, html("第二篇文章的标题在这里")))
    done = replay(tmp_path)
    assert done.code == 0
    assert [(r["id"], r["change"], r["revision"]) for r in done.records] == [
        ("8163001", "new", 1),
        ("8163002", "new", 1),
    ]
    assert done.records[0]["fetched_at"] == "2026-10-02T07:42:16Z"
    assert done.records[0]["run_id"] == done.folder.name
    assert done.manifest["spider"] == "replay"
    assert "-replay-" in done.manifest["run_id"]
    assert done.manifest["counts"]["new"] == 2
    assert done.manifest["complete"] is True
    assert (done.folder / "report.html").exists()
    assert_verified(tmp_path)


def test_what_the_same_rules_read_is_unchanged_and_no_record(tmp_path):
    archive(tmp_path, FIRST, page(1), page(2))
    replay(tmp_path)
    again = replay(tmp_path)
    assert (again.code, again.records) == (0, [])
    assert again.manifest["counts"]["unchanged"] == 2


def test_what_other_rules_read_otherwise_is_the_next_revision(tmp_path, rules):
    archive(tmp_path, FIRST, listing((1, None, "2026-10-02 15:30:16", "中工网")), page(1))
    (before,) = replay(tmp_path).records
    rules(title="更好的标题：产业工人")
    done = replay(tmp_path)
    assert done.changes == [("8163001", 2, "updated", ["title"])]
    (record,) = done.records
    assert record["title"] == "更好的标题：产业工人"
    assert any(words.startswith("parser: revision 1 ") for words in record["warnings"])
    assert record["published_at"] == before["published_at"] == "2026-10-02T15:30:16+08:00"
    assert record["sections"] == before["sections"] == [{"slug": "edu", "name": "教育"}]
    assert record["fetched_at"] == before["fetched_at"]
    assert replay(tmp_path).records == []
    assert_verified(tmp_path)


def test_a_field_outside_the_hash_is_a_difference_too(tmp_path, rules):
    archive(tmp_path, FIRST, page(1))
    replay(tmp_path)
    rules(subtitle="——副题")
    assert replay(tmp_path).changes == [("8163001", 2, "updated", ["subtitle"])]


def test_only_the_body_behind_the_newest_revision_counts(tmp_path, rules):
    archive(tmp_path, FIRST, page(1, text="旧的一段。"))
    replay(tmp_path)
    archive(tmp_path, SECOND, page(1, days=1, text="还没有人知道的一段。"))
    done = replay(tmp_path, everything=True)
    assert (done.records, done.number("unchanged")) == ([], 1)
    rules(title="更好的标题：产业工人")
    (record,) = replay(tmp_path).records
    assert record["changed_fields"] == ["title"]
    assert record["body"].endswith("旧的一段。")
    only_second = replay(tmp_path, SECOND)
    assert (only_second.records, only_second.number("superseded")) == ([], 1)


def test_of_an_unknown_article_the_newest_body_counts(tmp_path):
    archive(tmp_path, FIRST, page(1, text="旧的一段。"))
    archive(tmp_path, SECOND, page(1, days=1, text="新的一段。"))
    (record,) = replay(tmp_path).records
    assert record["body"].endswith("新的一段。")
    assert record["fetched_at"] == "2026-10-03T07:42:16Z"


def test_what_was_served_unchanged_is_of_its_own_time(tmp_path):
    archive(tmp_path, FIRST, page(1), page(1, days=1))
    (record,) = replay(tmp_path).records
    assert record["fetched_at"] == "2026-10-03T07:42:16Z"


def test_a_relative_time_is_relative_to_the_archived_fetch(tmp_path):
    archive(tmp_path, FIRST, page(1, time="3小时前"))
    (record,) = replay(tmp_path).records
    assert record["published_at"].startswith("2026-10-02T12:4")
    assert replay(tmp_path).records == []


def test_the_time_of_the_listing_completes_the_pages_also_when_its_archive_is_gone(tmp_path):
    archive(tmp_path, FIRST, listing((1, None, "2026-10-02 15:30:16", "中工网")))
    archive(tmp_path, SECOND, page(1))
    with_both = replay(tmp_path)
    assert with_both.records[0]["published_at"] == "2026-10-02T15:30:16+08:00"
    (tmp_path / "archive" / f"{FIRST}.warc.gz").unlink()
    again = replay(tmp_path)
    assert (again.records, again.manifest["counts"]["unchanged"]) == ([], 1)


def test_a_page_that_could_not_be_read_then_is_a_record_today(tmp_path, rules):
    archive(tmp_path, FIRST, page(1))
    rules(title=None)
    then = replay(tmp_path)
    assert (then.records, then.rejects, then.number("unreadable")) == ([], [], 1)
    rules(title="产业工人队伍建设")
    assert [r["change"] for r in replay(tmp_path).records] == ["new"]


def test_a_record_that_rules_make_no_more_is_a_reject_and_never_removed(tmp_path, rules):
    archive(tmp_path, FIRST, *(page(number) for number in range(4)))
    replay(tmp_path)
    rules(title=None)
    done = replay(tmp_path)
    assert (done.code, done.manifest["health"]) == (3, "degraded")
    assert done.records == []
    assert {r["reason"] for r in done.rejects} == {"missing_title"}
    assert done.rejects[0]["fetched_at"] == "2026-10-02T07:41:16Z"
    assert "4 of 4 articles rejected" in done.sentence
    assert known(tmp_path, "8163001").change == "new"
    with closing(open_state(default_url(tmp_path))) as state:
        assert list(state.waiting_failures()) == []


def test_what_the_site_has_removed_is_left_alone(tmp_path, rules):
    archive(tmp_path, FIRST, page(1))
    replay(tmp_path)
    with closing(open_state(default_url(tmp_path))) as state, state.learning() as writer:
        (row,) = writer.known(["8163001"]).values()
        writer.put([row._replace(change="removed", revision=2)])
    rules(title="更好的标题：产业工人")
    done = replay(tmp_path)
    assert (done.records, done.number("removed")) == ([], 1)


def test_what_a_later_check_found_stands(tmp_path, rules):
    archive(tmp_path, FIRST, page(1))
    replay(tmp_path)
    later = "2026-10-09T00:00:00Z"
    with closing(open_state(default_url(tmp_path))) as state, state.learning() as writer:
        (row,) = writer.known(["8163001"]).values()
        writer.put([row._replace(checked_at=later, next_check=later, missing=1, etag='"w"')])
    rules(title="更好的标题：产业工人")
    replay(tmp_path)
    row = known(tmp_path, "8163001")
    assert row.revision == 2
    assert (row.checked_at, row.next_check, row.missing, row.etag) == (later, later, 1, '"w"')


def test_where_the_run_folder_is_gone_what_changed_is_unknown(tmp_path, rules):
    archive(tmp_path, FIRST, page(1), page(2))
    first = replay(tmp_path)
    assert replay(tmp_path).records == []
    shutil.rmtree(first.folder)  # the oldest: any other would end the next run
    rules(title="更好的标题：产业工人")
    done = replay(tmp_path)
    assert done.changes == [("8163001", 2, "updated", []), ("8163002", 2, "updated", [])]
    assert "revision: revision 1 is not at hand" in done.records[0]["warnings"][-1]


def test_a_bug_in_a_pipeline_costs_one_article(tmp_path, monkeypatch):
    from crawler.pipelines.source_name import Sources

    archive(tmp_path, FIRST, page(1), page(2))
    fill = Sources.fill

    def broken(stage, item):
        if item.id == "8163001":
            raise RuntimeError("a bug for the test")
        fill(stage, item)

    monkeypatch.setattr(Sources, "fill", broken)
    done = replay(tmp_path)
    assert (done.code, done.manifest["complete"]) == (1, False)
    assert [r["id"] for r in done.records] == ["8163002"]


# --- what need not be read again --------------------------------------------------------------


def test_the_same_bytes_are_not_read_again_by_the_same_rules(tmp_path, monkeypatch):
    archive(tmp_path, FIRST, listing((1, None, "2026-10-02 15:30:16", "中工网")), page(1), page(2))
    replay(tmp_path)
    with monkeypatch.context() as patch:
        patch.delattr(page_table, "parse")  # no page is read, nor any listing
        patch.setattr(Rereader, "response", None)
        again = replay(tmp_path)
    assert (again.kinds, again.number("skipped"), again.number("pages")) == ({}, 2, 0)
    assert again.manifest["counts"]["unchanged"] == 2
    assert "2 unchanged; 0 pages of 1 archives, 2 known to read the same" in again.sentence
    everything = replay(tmp_path, everything=True)
    assert (everything.kinds, everything.number("pages")) == ({"unchanged": 2}, 2)


def test_what_other_rules_have_read_as_it_was_is_not_read_again_by_them(tmp_path, rules):
    archive(tmp_path, FIRST, page(1))
    replay(tmp_path)
    rules()
    assert replay(tmp_path).kinds == {"unchanged": 1}
    assert replay(tmp_path).number("skipped") == 1
    with closing(open_state(default_url(tmp_path))) as state:
        rebuild(state, tmp_path)
    assert replay(tmp_path).number("skipped") == 1
    rules()
    assert replay(tmp_path).kinds == {"unchanged": 1}


@pytest.mark.parametrize("outcome", ["unchanged", "rebased"])
def test_what_a_crawl_has_checked_by_other_rules_is_read(tmp_path, rules, outcome):
    """It publishes nothing of what they alone read otherwise: that is for a replay."""
    archive(tmp_path, FIRST, page(1))
    replay(tmp_path)
    rules(subtitle="——副题")
    hashed = {"content_hash": "sha256:ab"} if outcome == "rebased" else {}
    check = checked(outcome, 0, "8163001", parser=rules_of.version(), **hashed)
    write_run(tmp_path, 0, [], [check])
    assert replay(tmp_path).kinds == {"updated": 1}


def test_a_body_of_other_bytes_is_read(tmp_path):
    """They are of the same content, or the crawl would have published a revision."""
    archive(tmp_path, FIRST, page(1))
    replay(tmp_path)
    other = page(1, days=1, text="劳动最光荣。<!-- -->")
    archive(tmp_path, SECOND, other)
    raw = hashlib.sha256(other.body).hexdigest()
    check = checked("unchanged", 0, "8163001", raw=raw, payload=other.digest)
    write_run(tmp_path, 0, [], [check])
    assert replay(tmp_path).kinds == {"unchanged": 1}
    assert replay(tmp_path).number("skipped") == 1


# --- articles of several pages, of other generations -------------------------------------------


def long_article(*numbers):
    for number in numbers:
        suffix = f"_{number}" if number > 1 else ""
        body = (LEGACY / f"pages-counted{suffix}.html").read_bytes()
        yield capture(number, body, url=LONG.replace(".shtml", f"{suffix}.shtml"), headers=[HTML])


def test_an_article_of_several_pages_is_one_record_gbk_or_not(tmp_path, rules):
    archive(tmp_path, FIRST, *long_article(1, 2, 3))
    (record,) = replay(tmp_path).records
    expected = json.loads((LEGACY / "pages-counted.json").read_text("utf-8"))["expected"]
    assert (record["title"], record["url"]) == (expected["title"], LONG)
    assert record["generation"] == "legacy"
    assert len(record["body"].split("\n\n")) > 3
    assert replay(tmp_path, everything=True).number("unchanged") == 1


def test_half_an_article_is_none(tmp_path):
    archive(tmp_path, FIRST, *long_article(1, 3))
    done = replay(tmp_path)
    assert (done.code, done.records, done.rejects) == (0, [], [])
    assert done.number("incomplete") == 1


@pytest.mark.parametrize(
    "text", ["<b>" * LIMITS["MAX_PAGE_ELEMENTS"], "字" * LIMITS["DOWNLOAD_MAXSIZE"]]
)
def test_a_page_that_is_over_a_limit_of_the_crawl_is_none(tmp_path, text):
    archive(tmp_path, FIRST, page(1), page(2, text=text))
    done = replay(tmp_path)
    assert [r["id"] for r in done.records] == ["8163001"]
    assert done.number("unreadable") == 1


def test_a_body_in_brotli_is_read_and_a_bomb_is_none(tmp_path):
    """Nobody asks for it; who sends it all the same is read by the crawl."""
    kinds = [HTML, (b"Content-Encoding", b"br")]
    bomb = capture(2, brotli.compress(b"a" * 2**27), headers=kinds)
    archive(tmp_path, FIRST, capture(1, brotli.compress(html()), headers=kinds), bomb)
    done = replay(tmp_path)
    assert [r["id"] for r in done.records] == ["8163001"]
    assert done.kinds == {"new": 1, "damaged": 1}


def test_an_article_of_too_many_pages_is_none(tmp_path):
    archive(tmp_path, FIRST, *long_article(1, 2, 3))
    done = replay(tmp_path, limits=LIMITS | {"MAX_ARTICLE_PAGES": 2})
    assert done.kinds == {"unreadable": 1}


def test_a_listing_of_too_many_elements_is_none(tmp_path, caplog):
    caplog.set_level("INFO")
    long = listing(
        (1, "标题", "2026-10-02 15:41", "新华社" + "<b></b>" * LIMITS["MAX_PAGE_ELEMENTS"])
    )
    archive(tmp_path, FIRST, long, page(1))
    done = replay(tmp_path)
    assert [r["sections"] for r in done.records] == [[]]
    assert "MAX_PAGE_ELEMENTS" in caplog.text


def test_rules_that_find_no_further_pages_read_the_same_body(tmp_path, rules):
    archive(tmp_path, FIRST, *long_article(1, 2, 3))
    replay(tmp_path)
    rules(further=[], probe=None)
    done = replay(tmp_path)
    assert [(r["revision"], "body" in r["changed_fields"]) for r in done.records] == [(2, True)]


# --- trials -----------------------------------------------------------------------------------


def test_all_of_it_as_a_trial_touches_no_state(tmp_path, rules):
    archive(tmp_path, FIRST, page(1), page(2), capture(3, b"<html><p>x</p></html>"))
    done = replay(tmp_path, full=True)
    assert [r["change"] for r in done.records] == ["new", "new"]
    assert len(done.rejects) == 1
    assert done.folder.parent == tmp_path / "trials"
    assert not (tmp_path / "state.db").exists()
    assert not (tmp_path / "latest.json").exists()
    replay(tmp_path)
    assert len(replay(tmp_path, full=True).records) == 2


def test_the_archive_of_a_trial_is_no_part_of_the_feed(tmp_path):
    archive(tmp_path, FIRST, page(1))
    archive(tmp_path, SECOND, page(2))
    (tmp_path / "trials" / SECOND).mkdir(parents=True)
    done = replay(tmp_path)
    assert [r["id"] for r in done.records] == ["8163001"]
    assert any("of a trial" in words for words in done.told)


# --- what is no good --------------------------------------------------------------------------


def test_a_torn_end_costs_its_last_record_alone(tmp_path):
    path = archive(tmp_path, FIRST, page(1), page(2))
    path.write_bytes(path.read_bytes()[:-700])
    done = replay(tmp_path)
    assert done.code == 0
    assert [r["id"] for r in done.records] == ["8163001"]
    assert done.number("torn") == 1


def test_damage_in_the_middle_is_counted_and_what_follows_is_read(tmp_path, caplog):
    whole = archive(tmp_path, FIRST, page(1)).read_bytes()
    path = archive(tmp_path, SECOND, page(2))
    path.write_bytes(whole[:-300] + path.read_bytes())
    done = replay(tmp_path, str(path))
    assert (done.code, done.number("damaged")) == (3, 1)
    assert [r["id"] for r in done.records] == ["8163001", "8163002"]
    assert f"{path}: byte " in caplog.text


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04" * 100])
def test_a_foreign_file_is_named_and_left_out(tmp_path, data, caplog):
    archive(tmp_path, FIRST, page(1))
    (tmp_path / "other.warc.gz").write_bytes(data)
    done = replay(tmp_path, FIRST, str(tmp_path / "other.warc.gz"))
    assert (done.code, len(done.records), done.number("foreign")) == (3, 1, 1)
    assert "other.warc.gz" in caplog.text


def test_an_archive_of_another_spider_is_left_out(tmp_path, caplog):
    other = "20261002T074000Z-other-0001"
    archive(tmp_path, other, page(1))
    archive(tmp_path, FIRST, page(2))
    done = replay(tmp_path)
    assert [r["id"] for r in done.records] == ["8163002"]
    assert any(other in words for words in done.told)
    named = replay(tmp_path, other)
    assert (named.records, named.code) == ([], 3)
    assert "another spider" in caplog.text


def test_the_archive_of_another_program_is_read(tmp_path):
    path = write(tmp_path / "web.warc.gz", [page(1)])
    assert [r["id"] for r in replay(tmp_path, str(path)).records] == ["8163001"]


def test_a_revisit_whose_body_is_nowhere_is_counted(tmp_path, caplog):
    from crawler.archive import ArchivedBefore

    earlier = ArchivedBefore(page(1).url, page(1).fetched_at, page(1).digest)
    path = tmp_path / "archive" / f"{SECOND}.warc.gz"
    write(path, [page(1, days=1), page(2)], lookup=lambda url, digest: earlier)
    done = replay(tmp_path)
    assert [r["id"] for r in done.records] == []
    assert done.number("incomplete") == 2
    assert "is in no archive" in caplog.text


def test_a_revisit_finds_its_body_in_an_archive_that_was_not_named(tmp_path):
    from crawler.archive import ArchivedBefore

    archive(tmp_path, FIRST, page(1))
    earlier = ArchivedBefore(page(1).url, page(1).fetched_at, page(1).digest)
    path = tmp_path / "archive" / f"{SECOND}.warc.gz"
    write(path, [page(1, days=1)], lookup=lambda url, digest: earlier)
    (record,) = replay(tmp_path, SECOND).records
    assert (record["id"], record["fetched_at"]) == ("8163001", "2026-10-03T07:42:16Z")


def test_a_run_without_an_archive_is_said(tmp_path):
    archive(tmp_path, FIRST, page(1))
    (tmp_path / "runs" / SECOND).mkdir(parents=True)
    files, told = [], []
    files = archive_files.find(tmp_path, [SECOND, FIRST], told.append)
    assert [path.name for path in files] == [f"{FIRST}.warc.gz"]
    assert told[0].startswith(f"{SECOND} has no archive")


def test_what_is_no_article_is_nothing(tmp_path):
    headers = [(b"Content-Type", b"text/plain"), GZIP]
    robots = capture(1, packed(1, b"User-agent: *").body, url="https://www.workercn.cn/robots.txt")
    home = capture(2, html(), url="https://www.workercn.cn/")
    picture = capture(3, b"\xff\xd8", url="https://www.workercn.cn/upload/1.jpg")
    gone = replace(page(4), status=404)
    not_modified = replace(page(5), status=304, body=b"")
    broken = capture(6, b"<html>", url="https://www.workercn.cn/edu/")
    archive(
        tmp_path, FIRST, replace(robots, headers=headers), home, picture, gone, not_modified, broken
    )
    done = replay(tmp_path)
    assert (done.code, done.records, done.rejects) == (0, [], [])
    assert done.kinds == {}
