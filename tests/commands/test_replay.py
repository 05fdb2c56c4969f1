"""`scrapy replay` as a user runs it: a crawl's archive, words, table, exit codes, processes."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crawler import clock
from crawler.runs.locks import lock
from crawler.samplesite import Site, serve
from tests.support.harness import Run, command, crawl, lines, run, start

SECTIONS = "sections=edu,legacy:news/32841,json2021:cj/34179,paper"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Path:
    """The output of a crawl over all generations: of more articles than two processes have in hand."""
    output = tmp_path_factory.mktemp("crawled")
    with serve(
        Site(seed=5, articles=150, legacy=60, json2021=30, papers=5, now=clock.now())
    ) as server:
        done = crawl(output, server.url, SECTIONS, "pages=4")
    assert done.code == 0, done.stderr
    return output


@pytest.fixture
def output(crawled, tmp_path) -> Path:
    return Path(shutil.copytree(crawled, tmp_path / "output"))


def environment(rules) -> dict[str, str]:
    return {**os.environ, "PATCHED_BY": "rules", "REPLAYED_BY": rules}


def replay(output, *words, rules="offline", **settings) -> Run:
    """In a process that can open no socket; `changed`: and whose rules read other titles."""
    line = command("replay", *map(str, words), OUTPUT_DIR=output, **settings)
    done = run(line, env=environment(rules))
    return Run(done.returncode, done.stderr, done.stdout, output)


def newest(output, kind="runs"):
    return max(output.glob(f"{kind}/*-replay-*"))


def tree(output):
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and path.name not in ("state.db-wal", "state.db-shm")
    }


def test_what_was_crawled_by_the_same_rules_is_unchanged(output):
    records = sum(len(lines(path)) for path in output.glob("runs/*/articles.jsonl"))
    done = replay(output)
    assert done.code == 0, done.stderr
    assert done.last_line.startswith(f"replay: complete and healthy: 0 new, 0 updated, {records} ")
    assert " pages/s; see " in done.last_line
    assert lines(newest(output) / "articles.jsonl") == []
    assert run(command("feed", "verify", OUTPUT_DIR=output)).returncode == 0


def test_other_rules_are_published_and_learnt(output):
    done = replay(output, rules="changed")
    assert done.code == 0, done.stderr
    records = lines(newest(output) / "articles.jsonl")
    assert records
    assert {(r["change"], r["revision"], *r["changed_fields"]) for r in records} == {
        ("updated", 2, "title")
    }
    assert done.manifest["counts"]["updated"] == len(records)
    again = replay(output, rules="changed")
    assert lines(newest(output) / "articles.jsonl") == []
    assert again.code == 0
    assert run(command("feed", "verify", OUTPUT_DIR=output)).returncode == 0
    assert run(command("feed", "rebuild-state", OUTPUT_DIR=output)).returncode == 0
    assert " 0 new, 0 updated, " in replay(output, rules="changed").last_line


def test_a_killed_runs_articles_are_found_in_its_archive(crawled, tmp_path):
    shutil.copytree(crawled / "archive", tmp_path / "archive")
    done = replay(tmp_path)
    assert done.code == 0, done.stderr
    (original,) = crawled.glob("runs/*/articles.jsonl")
    about_the_run = ("run_id", "fetched_at")
    bare = [
        {
            record["id"]: {k: v for k, v in record.items() if k not in about_the_run}
            for record in some
        }
        for some in (lines(original), done.records)
    ]
    assert bare[0] == bare[1]


def test_processes_write_the_same_lines(output, tmp_path):
    alone = replay(output, "-a", "full=1")
    first = lines(newest(output, "trials") / "articles.jsonl")
    several = replay(output, "-a", "full=1", "--jobs", 3)
    second = lines(newest(output, "trials") / "articles.jsonl")
    assert (alone.code, several.code) == (0, 0), several.stderr
    for record in (*first, *second):
        del record["run_id"]
    assert first
    assert first == second


def test_a_trial_leaves_feed_and_state_as_they_are(output):
    before = tree(output)
    done = replay(output, "-a", "full=1", rules="changed")
    assert done.code == 0
    after = tree(output)
    assert {name: data for name, data in after.items() if not name.startswith("trials/")} == before
    assert all(record["change"] == "new" for record in done.records)


# --- the table --------------------------------------------------------------------------------


def test_a_dry_run_shows_field_by_field_and_writes_nothing(output):
    before = tree(output)
    done = replay(output, "--dry-run", rules="changed")
    assert done.code == 0, done.stderr
    assert tree(output) == before
    head, first, *_ = done.stdout.splitlines()
    assert head.split() == ["field", "changed", "for", "example", "before", "→", "after"]
    name, count, _, words = first.split(maxsplit=3)
    assert name == "title"
    assert f" {count} updated, " in done.last_line
    assert " → 改过的" in words
    assert done.last_line.startswith("replay: nothing is written: ")


def test_a_dry_run_of_what_is_the_same_prints_no_table(output):
    done = replay(output, "--dry-run", "--jobs", 2)
    assert (done.code, done.stdout) == (0, "")


def test_a_dry_run_makes_no_state(crawled, tmp_path):
    shutil.copytree(crawled / "archive", tmp_path / "archive")
    done = replay(tmp_path, "--dry-run")
    assert "new records" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


# --- exit codes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["20240101T000000Z-workercn-0000"], "is no run with an archive, nor a file"),
        (["no/such.warc.gz"], "'no/such.warc.gz' is no run with an archive"),
        (["-a", "full=2"], "-a full=2: no argument of replay; allowed: full=1"),
        (["-a", "limit=2"], "allowed: full=1"),
        (["--jobs", "0"], "--jobs 0: allowed: 1 to 64"),
        (["--jobs", "two"], "--jobs"),
        (["--every"], "'--every' is no option or argument here"),
    ],
)
def test_wrong_words(crawled, words, named):
    before = sorted(crawled.rglob("*"))
    done = replay(crawled, *words)
    assert done.code == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert named in done.stderr
    assert sorted(crawled.rglob("*")) == before


def test_no_archive_at_all(tmp_path):
    done = replay(tmp_path)
    assert done.code == 2
    assert "no archive to read" in done.last_line
    assert list(tmp_path.iterdir()) == []


def test_another_run_holds_the_lock(output):
    with lock(output):
        done = replay(output)
    assert (done.code, list(output.glob("runs/*replay*"))) == (5, [])
    assert "another run holds the lock" in done.last_line


def test_a_state_that_is_away(output):
    done = replay(output, STATE_URL="postgresql://nobody:secret@127.0.0.1:1/none")
    assert done.code == 6, done.stderr
    assert "secret" not in done.stderr
    assert list(output.glob("runs/*replay*")) == []


def test_a_feed_that_cannot_be_written_is_kept_as_partial(output):
    small = {resource.RLIMIT_FSIZE: (200 << 10, 200 << 10)}  # the state is smaller, the feed larger
    line = command("replay", OUTPUT_DIR=output)
    done = run(line, env=environment("changed"), limits=small)
    assert done.returncode == 6, done.stderr
    assert "kept as" in done.stderr.splitlines()[-1]
    assert "File too large" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
def test_interrupted_it_ends_in_order(output, jobs, number):
    line = command("replay", "--jobs", str(jobs), OUTPUT_DIR=output)
    with start(
        line, env=environment("slow"), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while not any(p.stat().st_size for p in output.glob("runs/*partial/articles.jsonl")):
            assert process.poll() is None
            time.sleep(0.02)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does, to every process
        else:
            process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    done = Run(process.returncode, stderr, "", output)
    assert done.code == 7, stderr
    assert "interrupted (shutdown), incomplete" in done.last_line
    assert done.folder.name.split("-")[1] == "replay"
    assert done.manifest["complete"] is False
    assert done.manifest["finish_reason"] == "shutdown"
    rest = replay(output, rules="changed")
    assert rest.code == 0
    ids = [
        {r["id"] for r in some} for some in (done.records, lines(newest(output) / "articles.jsonl"))
    ]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]
    assert run(command("feed", "verify", OUTPUT_DIR=output)).returncode == 0


def test_a_killed_replay_is_salvaged_by_the_next_run_and_lets_the_lock_go(output):
    line = command("replay", "--jobs", "2", OUTPUT_DIR=output)
    with start(line, env=environment("slow"), stderr=subprocess.DEVNULL) as process:
        while not any(p.stat().st_size for p in output.glob("runs/*partial/articles.jsonl")):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    deadline = time.monotonic() + 60
    while (done := replay(output, rules="changed")).code == 5 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert done.code == 0, done.stderr
    salvaged, last = sorted(output.glob("runs/*-replay-*"))
    assert '"salvaged": true' in (salvaged / "manifest.json").read_text("utf-8")
    ids = [{r["id"] for r in lines(path / "articles.jsonl")} for path in (salvaged, last)]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]
    assert run(command("feed", "verify", OUTPUT_DIR=output)).returncode == 0
