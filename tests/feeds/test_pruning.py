"""`scrapy feed prune`: old folders make room for a snapshot, and nobody loses anything by that."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from crawler.feeds import follow, read_runs
from crawler.feeds.formats import jsonl
from crawler.feeds.merging import merge
from crawler.feeds.pruning import prune
from crawler.feeds.verifying import verify
from crawler.runs import projection
from crawler.runs.locks import lock
from crawler.runs.run import RunFolder
from crawler.runs.startup import opened
from crawler.state import StateError, default_url, open_state, published_line
from crawler.state.tables import metadata
from tests.feeds.folders import edit, publish, record, run_id
from tests.support.harness import command, run, start
from tests.support.nights_apart import clock

REMOVED = {"change": "removed"}
BEFORE = date(2026, 11, 6)  # the runs of nights 1 to 4 began before it in China


def seen(*ids):
    return {"note": "seen", "slug": "edu", "name": "教育", "ids": list(ids), "seen_at": _AT}


_AT = "2026-11-03T19:00:00Z"
_FAILED = {
    "note": "failed", "id": "z", "url": "https://www.workercn.cn/c/2026-11-01/z.shtml",
    "reason": "timeout", "error": "slow", "failed_at": _AT, "entry": {"title": "z", "sections": []},
}  # fmt: skip
_WALKED = {"note": "walked", "slug": "edu", "down_to": "2026-11-01", "pages": 2, "noted": True}


@pytest.fixture
def output(tmp_path):
    """Six nights, the last two of which stay, and a state that knows them all."""
    output = tmp_path / "output"
    publish(output, 1, record("a"), record("b"), record("c"))
    publish(output, 2, record("a", 2), record("d"))
    run = publish(output, 3, record("c", 2, **REMOVED), record("e"))
    notes = (seen("a", "d"), _FAILED, _WALKED)
    (run / "journal.jsonl").write_text("".join(json.dumps(note) + "\n" for note in notes), "utf-8")
    publish(output, 4, record("a", 3), rejects=1, complete=False)
    publish(output, 5, record("b", 2), record("f"))
    publish(output, 6, record("a", 4), complete=False)
    _measure_again(run)
    with opened(output, default_url(output)):
        return output


def _measure_again(run):
    """After an edit the manifest says what is there."""
    folder = RunFolder(run.parents[1], run.name, trial=False)
    folder.partial = run
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    folder.write_manifest(manifest | {"files": folder.files()})


def pruned(output, before=BEFORE):
    return prune(output, default_url(output), before)


def names(output):
    return sorted(path.name for path in (output / "runs").iterdir())


def snapshot(output):
    (found,) = output.glob("runs/*-snapshot-*")
    return found


def problems(output):
    found = []
    verify(output, on_error=found.append)
    return [str(error) for error in found]


def view(output):
    file = io.BytesIO()
    merge(output, file, jsonl, removed=True)
    return file.getvalue()


def given(records):
    return [(record.id, record.revision) for record in records]


def rows(output):
    """Of the state: by table, the snapshot's own run aside."""
    state = open_state(default_url(output))
    tables = [table for table in metadata.sorted_tables if table.name != "migration"]
    found = {
        table.name: [row._asdict() for page in state.pages_of(table) for row in page]
        for table in tables
    }
    state.close()
    found["run"] = [row for row in found["run"] if "-snapshot-" not in row["run_id"]]
    return found


def without_places(found):
    """Rows of articles, but where their records stand."""
    return [{k: v for k, v in row.items() if k not in ("run_id", "place")} for row in found]


# --- what it makes ----------------------------------------------------------------------------


def test_the_newest_record_of_each_article_takes_the_place_of_the_folders(output):
    merged = view(output)
    lines = {
        line: run.parent.name
        for run in sorted(output.glob("runs/*/articles.jsonl"))
        for line in run.read_bytes().splitlines()
    }
    done = pruned(output)
    assert (done.folders, done.records, done.unreadable) == (4, 5, None)
    made = snapshot(output)
    assert names(output) == [made.name, run_id(5), run_id(6)]
    assert names(output) == sorted(names(output))
    kept = (made / "articles.jsonl").read_bytes().splitlines()
    assert all(line in lines for line in kept)  # as they stood, run_id and all
    assert given(read_runs(output))[:5] == [("b", 1), ("d", 1), ("c", 2), ("e", 1), ("a", 3)]
    assert view(output) == merged
    assert problems(output) == []
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    assert manifest["replaces"] == [run_id(number) for number in (1, 2, 3, 4)]
    assert manifest["counts"]["removed"] == 1


def test_the_state_stays_and_can_be_made_again(output):
    before = rows(output)
    pruned(output)
    for rebuild in (False, True):
        state = open_state(default_url(output))
        if rebuild:
            assert projection.rebuild(state, output) == 3
        made = snapshot(output)
        records = (made / "articles.jsonl").read_bytes()
        for id_ in "de":
            known = state.find(id_)
            assert known.run_id == made.name
            assert json.loads(records[known.place :].splitlines()[0])["id"] == id_
        state.close()
        after = rows(output)
        assert without_places(after.pop("article")) == without_places(before["article"])
        assert after == {name: before[name] for name in after}
    assert learnt(output) == []
    assert [row["slug"] for row in before["mark"]] == ["edu"]
    assert [row["id"] for row in before["failure"]] == ["z"]


def learnt(output):
    """What the next run would have to learn; it begins without a complaint."""
    state = open_state(default_url(output))
    try:
        return projection.catch_up(state, output)
    finally:
        state.close()


def test_once_more_with_a_later_day(output):
    pruned(output, date(2026, 11, 4))
    first = snapshot(output)
    publish(output, 8, record("g"))
    merged = view(output)
    done = pruned(output, date(2026, 11, 8))
    assert (done.folders, done.records) == (1 + 4, 6)
    assert names(output) == [snapshot(output).name, run_id(8)]
    manifest = json.loads((snapshot(output) / "manifest.json").read_text("utf-8"))
    assert set(manifest["replaces"]) == {first.name, *(run_id(day) for day in range(1, 7))}
    assert view(output) == merged
    assert problems(output) == []
    state = open_state(default_url(output))
    assert projection.rebuild(state, output) == 2
    assert state.run_ids() == {*manifest["replaces"], *names(output)}
    state.close()


def test_nothing_before_the_day(output):
    there = names(output)
    for _ in range(2):
        assert pruned(output, date(2026, 11, 1)) == (0, None, None)
        assert names(output) == there
    pruned(output)
    there = names(output)
    assert pruned(output) == (0, None, None)
    assert names(output) == there


def test_the_newest_complete_run_and_what_came_after_it_stay(output):
    pruned(output, date(2026, 12, 24))
    assert names(output) == [snapshot(output).name, run_id(5), run_id(6)]
    assert json.loads((output / "latest.json").read_text("utf-8"))["run_id"] == run_id(5)


def test_a_folder_that_cannot_be_read_stays_with_all_after_it(output):
    edit(output / "runs" / run_id(3) / "articles.jsonl", '"title":"', '"title":"另')
    done = pruned(output)
    assert (done.folders, done.records) == (2, 4)
    assert run_id(3) in str(done.unreadable)
    assert names(output) == [snapshot(output).name, *(run_id(day) for day in (3, 4, 5, 6))]


def test_what_a_killed_run_left_is_published_first(output):
    publish(output, 7, record("g"), partial=True)
    done = pruned(output, date(2026, 12, 24))
    assert (done.folders, done.records) == (4, 5)
    assert names(output) == [snapshot(output).name, run_id(5), run_id(6), run_id(7)]
    (problem,) = problems(output)  # the report, which the command writes
    assert "report.html" in problem


def test_a_run_that_turns_up_late_is_learnt_behind_the_snapshot(output):
    """Such as one that was copied here, older than what was pruned."""
    pruned(output)
    late = publish(output, 2, record("h"), complete=False)
    late = late.rename(late.with_name(f"{late.name[:-4]}abcd"))
    for path in (late / "articles.jsonl", late / "manifest.json"):
        path.write_text(path.read_text("utf-8").replace(run_id(2), late.name), "utf-8")
    _measure_again(late)
    assert learnt(output) == [late.name]
    before = rows(output)
    state = open_state(default_url(output))
    projection.rebuild(state, output)
    state.close()
    assert rows(output)["article"] == before["article"]
    done = pruned(output)
    assert (done.folders, done.records) == (2, 6)
    assert problems(output) == []


# --- who follows ------------------------------------------------------------------------------


@pytest.mark.parametrize("taken", range(10))
def test_who_follows_loses_nothing_and_gets_nothing_twice(output, tmp_path, taken):
    """However far it has read: of what it has not, the newest revision of each article."""
    every = given(read_runs(output))
    with follow(tmp_path / "consumer", output) as records:
        for _ in range(taken):
            next(records)
    pruned(output)
    rest = given(follow(tmp_path / "consumer", output))
    in_runs = every[:8]  # of the nights that went
    newest = dict(in_runs)
    expected = [one for one in every[taken:] if one not in in_runs or newest[one[0]] == one[1]]
    assert rest == expected
    assert given(follow(tmp_path / "consumer", output)) == []


@pytest.mark.parametrize(
    "first", [0, 3, *(pytest.param(taken, marks=pytest.mark.long) for taken in (1, 2, 4)), 5]
)
@pytest.mark.parametrize("second", range(4))
def test_who_follows_through_two_snapshots(output, tmp_path, first, second):
    publish(output, 8, record("g"))
    file = tmp_path / "consumer"
    seen = []
    for taken, day in ((first, 4), (second, 8)):
        with follow(file, output) as records:
            seen += given([next(records) for _ in range(taken)])
        pruned(output, date(2026, 11, day))
    seen += given(follow(file, output))
    assert len(seen) == len(set(seen))
    assert dict(seen) == {
        "a": 4, "b": 2, "c": 2, "d": 1, "e": 1, "f": 1, "g": 1,
    }  # fmt: skip
    assert given(follow(file, output)) == []


def test_a_consumer_that_is_at_it_goes_on(output, tmp_path):
    with follow(tmp_path / "consumer", output) as records:
        seen = given([next(records)])
        pruned(output)
        seen += given(records)
    assert seen[:3] == [("a", 1), ("b", 1), ("c", 1)]  # the file that it had open
    assert len(seen) == len(set(seen))
    assert dict(seen) == {"a": 4, "b": 2, "c": 2, "d": 1, "e": 1, "f": 1}


# --- death ------------------------------------------------------------------------------------

_EVENTS = {
    "open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.truncate", "sqlite3.connect",
}  # fmt: skip


def died_at(number, output):
    """Prune in a process that is killed before its so-many-th operation on files; did it die?"""
    if (child := os.fork()) == 0:
        left = number

        def kill(event, args):
            nonlocal left
            writes = event != "open" or args[1] is None or set(str(args[1])) & set("wxa+")
            if event in _EVENTS and writes:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(kill)
        try:
            pruned(output)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def assert_whole(output, merged, consumers, scratch):
    """No hole, no loss: the feed is what it was, for the next run, readers and consumers."""
    assert problems(output) == []
    assert view(output) == merged
    for number, consumer in enumerate(consumers):
        copy = scratch / f"{number}"
        if copy.exists():
            assert given(follow(copy, output)) == []  # it had read all that was there
            copy.unlink()
        if consumer.exists():
            shutil.copy(consumer, copy)
        seen = given(follow(copy, output))
        assert len(seen) == len(set(seen))
        assert seen[-3:] == [("b", 2), ("f", 1), ("a", 4)]
        assert {"d", "e"} <= {id_ for id_, _ in seen} or number
    with opened(output, default_url(output)):  # as the next run does
        state = open_state(default_url(output))
        for record in map(json.loads, merged.splitlines()):
            assert published_line(output, state.find(record["id"])) == record
        state.close()


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_killed_at_any_operation_on_files(output, tmp_path, step):
    merged, there = view(output), names(output)
    consumers = [tmp_path / f"consumer-{taken}" for taken in (0, 2, 4)]
    for consumer, taken in zip(consumers, (0, 2, 4), strict=True):
        with follow(consumer, output) as records:
            for _ in range(taken):
                next(records)
    number, found, looked_at = 0, set(), set()
    died = True
    while died:
        number += step
        copy = tmp_path / f"copy-{number}"
        scratch = tmp_path / f"scratch-{number}"
        scratch.mkdir()
        shutil.copytree(output, copy)
        died = died_at(number, copy)
        files = [(str(path), path.stat().st_size) for path in sorted(copy.rglob("*"))]
        if (there_are := str(files).replace(copy.name, "")) in looked_at:
            shutil.rmtree(copy)
            continue
        looked_at.add(there_are)
        left = [name for name in names(copy) if not name.startswith(".")]
        old = [name for name in left if name in there]
        new = [name for name in left if name not in there]
        assert len(new) <= 1
        assert old == there or new
        found.add((bool(new), len(old)))
        assert_whole(copy, merged, consumers, scratch)
        pruned(copy)
        assert names(copy) == [snapshot(copy).name, run_id(5), run_id(6)]
        assert_whole(copy, merged, consumers, scratch)
        shutil.rmtree(copy)
    assert step > 1 or {(False, 6), (True, 6), (True, 4), (True, 2)} <= found
    assert len(found) > 1
    assert number > 30


# --- the command ------------------------------------------------------------------------------


def feed_prune(output, *words):
    with clock(datetime(2026, 11, 9, tzinfo=UTC)):
        return run(command("feed", "prune", *words, OUTPUT_DIR=output))


def test_the_command_says_what_it_did(output):
    done = feed_prune(output, "--before", "2026-11-06")
    assert (done.returncode, done.stdout) == (0, "")
    last = done.stderr.splitlines()[-1]
    assert last == "scrapy: feed prune: 4 run folders deleted, 5 records kept in a snapshot"
    assert "snapshot" not in (output / "index.html").read_text("utf-8")
    again = feed_prune(output, "--before=2026-11-06")
    assert again.returncode == 0
    assert (
        again.stderr.splitlines()[-1] == "scrapy: feed prune: nothing to delete before 2026-11-06"
    )


def test_the_command_names_the_folder_that_it_keeps(output):
    edit(output / "runs" / run_id(1) / "articles.jsonl", '"title":"', '"title":"另')
    there = names(output)
    done = feed_prune(output, "--before", "2026-11-06")
    assert done.returncode == 3
    assert f"runs/{run_id(1)}/articles.jsonl" in done.stderr.splitlines()[-1]
    assert names(output) == there


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no --before DAY"),
        (["--before", "soon"], "argument --before=soon: not a day; allowed: YYYY-MM-DD"),
        (["--before", "2026-11-31"], "argument --before=2026-11-31: not a day"),
        (["--before", "2026-11-10"], "--before=2026-11-10: the day is in the future"),
        (["--before", "2026-11-06", "more"], "'more' is no option or argument here"),
    ],
)
def test_words_that_are_wrong(output, words, said):
    before = sorted(output.rglob("*"))
    done = feed_prune(output, *words)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line
    assert sorted(output.rglob("*")) == before


def test_a_folder_without_runs(tmp_path):
    done = feed_prune(tmp_path / "none", "--before", "2026-11-06")
    assert done.returncode == 2
    assert "looked for the crawler's run folders" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_folder_in_use(output):
    there = names(output)
    with lock(output):
        done = feed_prune(output, "--before", "2026-11-06")
    assert done.returncode == 5
    assert "another run holds the lock" in done.stderr
    assert names(output) == there


def test_no_run_at_all(tmp_path):
    (tmp_path / "runs").mkdir()
    assert pruned(tmp_path) == (0, None, None)


def test_a_full_disk(output):
    """Nothing is gone, nothing half made is left, and then it goes on."""
    there, state = names(output), rows(output)
    line = command("feed", "prune", "--before=2026-11-06", OUTPUT_DIR=output)
    with clock(datetime(2026, 11, 9, tzinfo=UTC)):
        done = run(line, limits={resource.RLIMIT_FSIZE: (100_000, 100_000)})
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    assert (names(output), rows(output)) == (there, state)
    assert feed_prune(output, "--before=2026-11-06").returncode == 0


def test_interrupted(output):
    there = names(output)
    big = publish(output, 7, *(record(f"m{number}") for number in range(3000)))
    publish(output, 8)
    with clock(datetime(2026, 11, 12, tzinfo=UTC)):
        line = command("feed", "prune", "--before=2026-11-12", OUTPUT_DIR=output)
        with start(line, stderr=subprocess.PIPE, text=True) as process:
            while process.poll() is None and not list(output.glob("runs/.*/articles.jsonl")):
                time.sleep(0.01)
            process.terminate()
            stderr = process.communicate(timeout=60)[1]
    assert (process.returncode, stderr) == (7, "scrapy: feed prune: interrupted\n")
    assert names(output) == [*there, big.name, run_id(8)]


def test_an_older_state_is_told_how_to_go_on(output, tmp_path):
    """A backup from before some of the runs were learnt, beside a snapshot that replaces them."""
    old = open_state(default_url(tmp_path))
    with old.learning() as writer:
        projection.apply_run(writer, output / "runs" / run_id(1))
    pruned(output)
    with pytest.raises(StateError, match=r"replaces 3 runs .* rebuild-state helps"):
        projection.catch_up(old, output)
    assert projection.rebuild(old, output) == 3
    old.close()


def test_a_snapshot_written_by_an_older_version_is_brought_up_to_date(output):
    """Its state.db as every state, in a copy: the folder itself never changes."""
    pruned(output)
    made = snapshot(output) / "state.db"
    with closing(sqlite3.connect(made)) as database, database:
        database.execute("DELETE FROM migration WHERE name = 'm011_removals'")
        for column in ("kind", "precision", "language"):
            database.execute(f"ALTER TABLE article DROP COLUMN {column}")
    before = made.read_bytes()
    state = open_state(default_url(output))
    projection.rebuild(state, output)
    assert state.find("d").kind is None
    assert state.find("f").kind == "article"
    state.close()
    assert made.read_bytes() == before
    assert len(list(made.parent.iterdir())) == 5
