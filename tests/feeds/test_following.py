"""Each record once, whatever happens to the consumer and to the folder between two calls."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from itertools import pairwise

import pytest

from crawler.feeds import FeedError, follow
from tests.feeds.folders import edit, publish, record, run_id
from tests.support.harness import ROOT


@pytest.fixture
def checkpoint(tmp_path):
    return tmp_path / "consumer.checkpoint"


@pytest.fixture
def output(tmp_path):
    publish(tmp_path / "output", 1, record("a"), record("b"), record("c"))
    publish(tmp_path / "output", 3, record("d"), record("e"))
    return tmp_path / "output"


def ids(records):
    return [record.id for record in records]


def test_each_record_once(checkpoint, output):
    assert ids(follow(checkpoint, output)) == list("abcde")
    assert ids(follow(checkpoint, output)) == []
    publish(output, 4, record("f"))
    assert ids(follow(checkpoint, output)) == ["f"]
    assert [path.name for path in checkpoint.parent.iterdir() if path.is_file()] == [
        checkpoint.name
    ]


@pytest.mark.parametrize("taken", range(1, 6))
def test_leaving_the_block_in_order_gives_nothing_twice(checkpoint, output, taken):
    with follow(checkpoint, output) as records:
        first = [next(records).id for _ in range(taken)]
    assert first + ids(follow(checkpoint, output)) == list("abcde")


@pytest.mark.parametrize("taken", range(1, 6))
def test_an_error_of_the_consumer_gives_the_record_in_hand_again(checkpoint, output, taken):
    def consume():
        with follow(checkpoint, output) as records:
            for number, record in enumerate(records, 1):
                given.append(record.id)
                if number == taken:
                    raise ZeroDivisionError

    given = []
    with pytest.raises(ZeroDivisionError):
        consume()
    assert ids(follow(checkpoint, output)) == list("abcde")[taken - 1 :]


def test_without_the_block_only_asking_for_the_next_says_that_one_is_dealt_with(checkpoint, output):
    for record_ in follow(checkpoint, output):
        if record_.id == "b":
            break
    assert ids(follow(checkpoint, output)) == list("bcde")


def test_a_killed_consumer_has_at_most_one_record_again(checkpoint, tmp_path):
    output = tmp_path / "output"
    publish(output, 1, *(record(f"{number:05}") for number in range(3000)))
    code = (
        "import sys, time; from crawler.feeds import follow\n"
        "for record in follow(sys.argv[1], sys.argv[2]):\n"
        "    print(record.id, flush=True)\n"
        "    time.sleep(0.0005)\n"
        "    sys.stdin.read(1)\n"
    )
    line = [sys.executable, "-c", code, checkpoint, output]
    given, deaths = [], 0
    while True:
        with subprocess.Popen(
            line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as consumer:
            first = consumer.stdout.readline()
            if deaths < 4:  # it waits when it has had so many, however late the kill comes
                consumer.stdin.write("." * 600)
                consumer.stdin.flush()
                time.sleep(0.11 * (deaths + 1))
                consumer.send_signal(signal.SIGKILL)
                deaths += 1
            else:
                consumer.stdin.close()
            rest = consumer.stdout.read()
        given.append([word for word in (first + rest).split() if len(word) == 5])
        if consumer.returncode == 0:
            break
        assert consumer.returncode == -signal.SIGKILL
    assert len(given) == 5
    for before, after in pairwise(given):
        assert int(after[0]) - int(before[-1]) in (0, 1)
    assert sorted({id_ for part in given for id_ in part}) == [f"{n:05}" for n in range(3000)]


def test_a_run_that_is_salvaged_later_under_an_older_name_is_not_missed(checkpoint, output):
    partial = publish(output, 2, record("s"), partial=True)
    assert ids(follow(checkpoint, output)) == list("abcde")
    shutil.rmtree(partial)
    publish(output, 2, record("s"), complete=False)
    assert ids(follow(checkpoint, output)) == ["s"]


def test_what_is_published_while_the_consumer_reads_comes_in_the_same_call(checkpoint, output):
    records = follow(checkpoint, output)
    assert next(records).id == "a"
    publish(output, 2, record("s"), complete=False)
    assert ids(records) == list("bcdes")


def test_a_run_is_seen_when_it_is_published_and_not_before(checkpoint, output):
    partial = publish(output, 4, record("f"), partial=True)
    assert ids(follow(checkpoint, output)) == list("abcde")
    final = partial.with_name(run_id(4))
    partial.rename(final)  # a copy under way: no manifest yet
    assert ids(follow(checkpoint, output)) == []
    shutil.rmtree(final)
    publish(output, 4, record("f"))
    assert ids(follow(checkpoint, output)) == ["f"]


def test_the_feed_may_move_and_old_runs_may_go(checkpoint, output, tmp_path):
    assert len(ids(follow(checkpoint, output))) == 5
    output = output.rename(tmp_path / "moved")
    shutil.rmtree(output / "runs" / run_id(1))
    publish(output, 4, record("f"))
    assert ids(follow(checkpoint, output)) == ["f"]


def test_a_run_that_goes_half_read_is_named(checkpoint, output):
    with follow(checkpoint, output) as records:
        assert [next(records).id for _ in range(4)] == list("abcd")
    shutil.rmtree(output / "runs" / run_id(3))
    with pytest.raises(FeedError, match=rf"{run_id(3)}: gone, of which \d+ bytes were read"):
        ids(follow(checkpoint, output))


def test_another_feed_is_refused(checkpoint, output, tmp_path):
    ids(follow(checkpoint, output))
    publish(tmp_path / "other", 7, record("x"))
    with pytest.raises(FeedError, match=r"none of its 2 runs is in .*other: another feed"):
        ids(follow(checkpoint, tmp_path / "other"))


def test_no_folder_is_an_error_and_no_reason_to_forget(checkpoint, output, tmp_path):
    with pytest.raises(FeedError, match="No such file"):
        ids(follow(checkpoint, tmp_path / "outptu"))
    assert len(ids(follow(checkpoint, output))) == 5


def test_a_torn_file_stops_before_it_and_goes_on_once_it_is_whole(checkpoint, output):
    path = output / "runs" / run_id(3) / "articles.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    records = follow(checkpoint, output)
    assert [next(records).id for _ in range(3)] == list("abc")
    with pytest.raises(FeedError, match="torn or edited"):
        next(records)
    path.write_bytes(whole)
    assert ids(follow(checkpoint, output)) == ["d", "e"]


def test_a_bad_line_may_be_left_out_for_good(checkpoint, output):
    edit(output / "runs" / run_id(1) / "articles.jsonl", '"id":"b"', '"id":123')
    errors = []
    assert ids(follow(checkpoint, output, on_error=errors.append)) == list("acde")
    assert [error.line for error in errors] == [2]
    assert ids(follow(checkpoint, output)) == []


def test_the_rest_of_a_torn_file_comes_when_it_is_whole(checkpoint, output):
    path = output / "runs" / run_id(1) / "articles.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    errors = []
    for given in ("abde", "", ""):
        assert ids(follow(checkpoint, output, on_error=errors.append)) == list(given)
    assert [error.line for error in errors] == [None, 3] * 3
    path.write_bytes(whole)
    assert ids(follow(checkpoint, output)) == ["c"]
    assert ids(follow(checkpoint, output)) == []


def test_a_half_read_file_that_was_edited_is_named(checkpoint, output):
    with follow(checkpoint, output) as records:
        next(records)
    path = output / "runs" / run_id(1) / "articles.jsonl"
    size = path.stat().st_size
    edit(path, '"title":"', '"title":"…')
    edit(output / "runs" / run_id(1) / "manifest.json", f'"bytes": {size}', f'"bytes": {size + 3}')
    with pytest.raises(FeedError, match=r"articles\.jsonl:1: no line begins at byte \d+: edited"):
        ids(follow(checkpoint, output))


def a_text(path):
    path.write_text("run 7\n" * 1000)


def a_folder(path):
    path.mkdir()


def another_database(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE runs (id)")
    database.close()


def a_newer_one(path):
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version=2")
    database.close()


def a_torn_one(path):
    a_newer_one(path)
    path.write_bytes(path.read_bytes()[:50])


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (a_text, "no checkpoint, nor any database"),
        (a_folder, "unable to open database file"),
        (another_database, "no checkpoint but another program's database"),
        (a_newer_one, "a checkpoint that a newer crawler wrote"),
        (a_torn_one, "database disk image is malformed"),
    ],
)
def test_a_bad_checkpoint_is_named_and_left_alone(checkpoint, output, make, what):
    make(checkpoint)
    before = checkpoint.read_bytes() if checkpoint.is_file() else None
    with pytest.raises(FeedError, match=rf"^{checkpoint}: {what}"):
        ids(follow(checkpoint, output))
    assert (checkpoint.read_bytes() if checkpoint.is_file() else None) == before


def test_two_consumers_cannot_share_a_checkpoint(checkpoint, output):
    with follow(checkpoint, output) as records:
        next(records)
        with pytest.raises(FeedError, match="in use by another consumer"):
            ids(follow(checkpoint, output))
    assert ids(follow(checkpoint, output)) == list("bcde")


def test_a_place_where_nothing_can_be_written_is_named(tmp_path, output):
    with pytest.raises(FeedError, match="unable to open database file"):
        ids(follow(tmp_path / "no" / "folder", output))
