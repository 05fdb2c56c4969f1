"""`scrapy feed`: what it prints and how it ends; what it finds is in tests/feeds."""

from __future__ import annotations

import csv
import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crawler.schema.__main__ import FOLDER
from tests.feeds.folders import edit, publish, record, run_id
from tests.support.harness import ROOT, command, run, start


def feed(output, *words, **keywords):
    return run(command("feed", *map(str, words), OUTPUT_DIR=output), **keywords)


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    output = tmp_path_factory.mktemp("output")
    edu = [{"slug": "edu", "name": None}]
    publish(output, 1, record("a"), record("b", sections=edu), record("c"), rejects=1)
    publish(output, 2, record("a", 2), record("c", 2, change="removed"))
    return output


@pytest.fixture
def damaged(tmp_path):
    run = publish(tmp_path, 1, *(record(f"{number:02}") for number in range(50)))
    for number in range(2, 50):
        edit(run / "articles.jsonl", f'"id":"{number:02}"', '"id":1234')
    return tmp_path


# --- verify -----------------------------------------------------------------------------------


def test_verify_says_in_one_line_that_all_is_well(output):
    done = feed(output, "verify")
    size = sum(path.stat().st_size for path in output.glob("runs/*/*.jsonl"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"2 runs, 5 records, 1 reject, {size:,} bytes: as they should be\n"
    assert done.stderr == ""


@pytest.mark.parametrize("word", [run_id(2), f"/some/where/runs/{run_id(2)}/"])
def test_verify_takes_names_and_paths_of_runs(output, word):
    done = feed(output, "verify", word)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 run, 2 records, 0 rejects, ")


def test_verify_names_all_that_is_wrong(damaged):
    done = feed(damaged, "verify")
    assert done.returncode == 3
    path = damaged / "runs" / run_id(1) / "articles.jsonl"
    assert done.stdout.splitlines()[0] == f"{path}:3: id: Input should be a valid string"
    assert len(done.stdout.splitlines()) == 50  # 48 lines, the hash, the count
    assert done.stderr == (
        "scrapy: feed verify: 50 problems in 1 run, 50 records, 0 rejects, "
        f"{path.stat().st_size:,} bytes\n"
    )


@pytest.mark.parametrize(("day", "code"), [(1, 0), (2, 3), (3, 3)])
def test_verify_sees_folders_that_the_state_knows_and_that_are_gone(tmp_path, day, code):
    """The oldest may be: somebody has made room."""
    for number in (1, 2, 3):
        publish(tmp_path, number, record(f"{number}"))
    assert feed(tmp_path, "rebuild-state").returncode == 0
    shutil.rmtree(tmp_path / "runs" / run_id(day))
    done = feed(tmp_path, "verify")
    assert done.returncode == code, done.stdout
    told = f"{tmp_path}/runs/{run_id(day)}: deleted: the state knows this run"
    assert (told in done.stdout) == bool(code)


@pytest.mark.parametrize("words", [["verify"], ["merge", "-o", "-"], ["schema"]])
def test_a_reader_that_goes_away_is_no_error(damaged, words):
    line = " ".join(command("feed", *words, OUTPUT_DIR=damaged))
    done = subprocess.run(
        ["sh", "-c", f"{{ {line}; echo $? >&2; }} | true"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "141"  # as of a program that SIGPIPE ends
    assert "Traceback" not in done.stderr
    assert "pipe" not in done.stderr


# --- merge ------------------------------------------------------------------------------------


def merged(output, tmp_path, *words):
    path = tmp_path / "view.jsonl"
    done = feed(output, "merge", "-o", path, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    word = "record" if len(records) == 1 else "records"
    assert done.stderr == f"scrapy: feed merge: {len(records)} {word}\n"
    return [(record["id"], record["revision"]) for record in records]


@pytest.mark.parametrize(
    ("words", "view"),
    [
        ([], [("a", 2), ("b", 1)]),
        (["--removed"], [("a", 2), ("b", 1), ("c", 2)]),
        (["--sections", "edu,paper"], [("b", 1)]),
        (["--sections=all"], [("a", 2), ("b", 1)]),
        (["--since", "2024-02-29", "--until", "2024-02-29"], [("a", 2), ("b", 1)]),
        (["--until", "2024-02-28"], []),
    ],
)
def test_merge(output, tmp_path, words, view):
    assert merged(output, tmp_path, *words) == view


def test_merge_to_standard_output_is_lines_and_nothing_else(output):
    done = feed(output, "merge", "-o", "-")
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b"]


def test_merge_goes_by_the_name_of_the_file(output, tmp_path):
    path = tmp_path / "view.csv"
    assert feed(output, "merge", "-o", path).returncode == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["a", "b"]


def test_merge_leaves_out_what_it_cannot_read_and_says_so(damaged, tmp_path):
    done = feed(damaged, "merge", "-o", tmp_path / "view.jsonl")
    assert done.returncode == 3
    *named, last = done.stderr.splitlines()
    assert last == "scrapy: feed merge: 2 records; 48 left out"
    assert len(named) == 20
    assert named[0].endswith("articles.jsonl:3: id: Input should be a valid string")
    assert len((tmp_path / "view.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_merge_interrupted_leaves_the_file_as_it_was(tmp_path, number):
    output = tmp_path / "output"
    body = "".join(random.Random(1).choices("工人日报劳动模范先进集体", k=20_000))  # slow to pack
    publish(output, 1, *(record(str(number), body=body) for number in range(500)))
    path = tmp_path / "view.jsonl.gz"
    path.write_bytes(b"old")
    line = command("feed", "merge", "-o", str(path), OUTPUT_DIR=output)

    with start(line, stderr=subprocess.PIPE, text=True) as process:
        while not list(tmp_path.glob(".view*")) and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(number)
        _, stderr = process.communicate()
    assert (process.returncode, stderr) == (7, "scrapy: feed merge: interrupted\n")
    assert path.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output", "view.jsonl.gz"]


def test_merge_onto_a_full_disk(output):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        line = command("feed", "merge", "-o", "-", OUTPUT_DIR=output)
        done = run(line, stdout=full)
    assert done.returncode == 6
    assert done.stderr == "scrapy: feed merge: No space left on device\n"


# --- schema -----------------------------------------------------------------------------------


def test_schema_prints_the_one_that_is_checked_in(tmp_path):
    done = feed(tmp_path / "none", "schema")
    assert done.returncode == 0
    assert done.stdout == (FOLDER / "article-1.schema.json").read_text("utf-8")


# --- wrong words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "allowed: verify, merge, rebuild-state, prune, schema"),
        (["check"], "'check' is none of its actions"),
        (["verify", "--all"], "'--all' is no option or argument here"),
        (["verify", "--since", "2024-02-29"], "--since is an option of merge"),
        (["verify", "20240101T000000Z-workercn-0000"], "no published run"),
        (["verify", f"{run_id(1)}.partial"], "no published run"),
        (["schema", "run"], "'run' is no option or argument here"),
        (["merge"], "no -o FILE"),
        (["merge", "-o"], "-o"),
        (["merge", "-o", "x.xlsx"], "-o x.xlsx: no format is known by that name; allowed: .jsonl,"),
        (["merge", "-o", "no/such/x.csv"], "-o no/such/x.csv: allowed: a file in a folder"),
        (["merge", "-o", "-", "x.csv"], "'x.csv' is no option or argument here"),
        (["merge", "-o", "-", "--since", "2024-02-30"], "since=2024-02-30: not a day"),
        (["merge", "-o", "-", "--since", ""], "since=: not a day"),
        (["merge", "-o", "-", "--until", "lately"], "until=lately: not a day"),
        (
            ["merge", "-o", "-", "--since=2024-03-01", "--until=2024-02-01"],
            "before since=2024-03-01",
        ),
        (
            ["merge", "-o", "-", "--sections", "legacy:"],
            "sections=legacy:: 'legacy:' is no section",
        ),
        (["merge", "-o", "-", "--sections", "人物"], "'人物' is no section"),
    ],
)
def test_wrong_words(output, words, named):
    done = feed(output, *words)
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert named in done.stderr


def test_the_feed_itself_is_never_written_to(output):
    path = output / "runs" / run_id(1) / "articles.jsonl"
    before = path.read_bytes()
    done = feed(output, "merge", "-o", path)
    assert done.returncode == 2
    assert "the feed never changes" in done.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", [["verify"], ["merge", "-o", "-"]])
def test_no_feed(tmp_path, words):
    done = feed(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"{tmp_path}/runs: No such file or directory" in done.stderr
