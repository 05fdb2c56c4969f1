"""verify finds whatever is wrong with a feed, says where, and nothing else."""

from __future__ import annotations

import json
import os
import re
import time

import pytest

from crawler.feeds import FeedError
from crawler.feeds.verifying import verify
from tests.feeds.folders import edit, publish, record, run_id


def found(output, *only):
    errors = []
    numbers = verify(output, only, on_error=errors.append)
    assert numbers.problems == len(errors)
    return [str(error).removeprefix(f"{output}/") for error in errors]


ARTICLES = {day: f"runs/{run_id(day)}/articles.jsonl" for day in range(1, 10)}
MANIFEST = {day: f"runs/{run_id(day)}/manifest.json" for day in range(1, 10)}


@pytest.fixture
def output(tmp_path):
    """Three nights, all in order."""
    publish(tmp_path, 1, record("a"), record("b"), rejects=2)
    publish(tmp_path, 2, record("a", 2), record("b", 2, change="removed"), record("c"))
    publish(tmp_path, 3, record("b", 3), complete=False)
    return tmp_path


def test_a_feed_that_is_as_it_should_be(output):
    errors = []
    numbers = verify(output, on_error=errors.append)
    assert errors == []
    assert (numbers.runs, numbers.records, numbers.rejects) == (3, 6, 2)
    assert numbers.bytes == sum(path.stat().st_size for path in output.glob("runs/*/*.jsonl"))


def test_no_feed_at_all(tmp_path):
    with pytest.raises(FeedError, match="No such file"):
        found(tmp_path)


def rewrite(output, day, **changes):
    path = output / MANIFEST[day]
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("山东", "山西", ["sha256"]),
        ("山东", "山", ["bytes", "sha256"]),
        ("\n", "\n\n", ["line", "records", "bytes", "sha256"]),
        ('"title":"', '"title":["', ["line", "bytes", "sha256"]),
        ("workercn.article/1", "workercn.article/2", ["line", "sha256"]),
    ],
)
def test_an_edited_line_is_found_by_length_hash_and_schema(output, old, new, what):
    edit(output / ARTICLES[3], old, new)
    problems = found(output)
    for problem, start in zip(problems, what, strict=False):
        expected = "articles.jsonl:" if start == "line" else f"articles.jsonl: {start}: "
        assert expected in problem
    # What cannot be read is missing from the counts, too.
    assert len(problems) == len(what) + ("line" in what and old != "\n")


def test_a_torn_line(output):
    path = output / ARTICLES[3]
    path.write_bytes(path.read_bytes()[:-9])
    assert f"{ARTICLES[3]}:1: torn: the line has no end" in found(output)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("articles.jsonl", [f"{ARTICLES[3]}: No such file or directory"]),
        ("rejects.jsonl", [f"runs/{run_id(3)}/rejects.jsonl: No such file or directory"]),
        ("manifest.json", [f"runs/{run_id(3)}: no manifest.json in it"]),
    ],
)
def test_a_file_that_is_gone(output, name, what):
    (output / "runs" / run_id(3) / name).unlink()
    assert set(what) <= set(found(output))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"schema": "workercn.run/2"}, "schema is 'workercn.run/2', this crawler reads"),
        ({"run_id": run_id(9)}, f"run_id is {run_id(9)}"),
        ({"files": {}}, "files lacks articles.jsonl"),
        ({"counts": {}}, "counts.listed: Field required (and 9 more)"),
        ({"health": "fine"}, "health: Input should be 'ok'"),
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
    ],
)
def test_a_manifest_that_does_not_fit(output, changes, what):
    rewrite(output, 3, **changes)
    problems = found(output)
    assert problems[0].startswith(f"{MANIFEST[3]}: {what}")


def test_a_manifest_that_is_no_json(output):
    (output / MANIFEST[3]).write_bytes(b"\xff{")
    (problem,) = found(output)
    assert problem.startswith(f"{MANIFEST[3]}: Invalid JSON")


@pytest.mark.parametrize(
    ("count", "seen"), [("new", 0), ("updated", 1), ("removed", 0), ("rejected", 0)]
)
def test_counts_are_those_of_the_files(output, count, seen):
    counts = json.loads((output / MANIFEST[3]).read_text("utf-8"))["counts"]
    rewrite(output, 3, counts=counts | {count: 7})
    assert found(output) == [f"{MANIFEST[3]}: counts.{count} is 7, the files have {seen}"]


def test_every_file_of_the_manifest_is_read(output):
    report = output / "runs" / run_id(3) / "report.html"
    files = json.loads((output / MANIFEST[3]).read_text("utf-8"))["files"]
    said = {"records": 2, "bytes": report.stat().st_size, "sha256": "0" * 64}
    rewrite(output, 3, files=files | {"report.html": said, "../2": said})
    problems = found(output)
    assert len(problems) == 2
    assert any("report.html: sha256: " in problem for problem in problems)
    assert f"{MANIFEST[3]}: files names '../2', which is outside the run" in problems


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{}", "no reject: its keys are url, stage"),
        ("[]", "no reject"),
        ("x", "no JSON"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_a_bad_reject(output, line, what):
    path = output / "runs" / run_id(1) / "rejects.jsonl"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    assert f"runs/{run_id(1)}/rejects.jsonl:3: {what}" in found(output)[0]


def test_a_line_of_another_run(output):
    path = output / ARTICLES[3]
    edit(path, run_id(3), run_id(4))
    assert f"{ARTICLES[3]}:1: run_id is {run_id(4)}" in found(output)


def _line(day, line):
    return f"{ARTICLES[int(day)]}:{line}"


@pytest.mark.parametrize(
    ("nights", "problems"),
    [
        ([["a1", "a2", "a3"]], []),
        ([["a1"], ["a1"]], ["2:1: a revision 1 stands also at 1:1"]),
        ([["a1", "b1", "a1"]], ["1:3: a revision 1 stands also at 1:1"]),
        ([["b1", "a2"]], ["1:2: a revision 2, and revision 1 is nowhere"]),
        ([["a1"], ["b1", "a3"]], ["2:2: a revision 3, and revision 2 is nowhere"]),
        ([["a1"], ["a5"]], ["2:1: a revision 5, and revision 2 to 4 is nowhere"]),
        ([["a1"], ["a2-"], ["a3"], ["a4-"]], []),
        ([["a1"], ["a2-"], ["a3-"]], ["3:1: a revision 3 is removed again, as at 2:1"]),
        ([["a1"], ["a3"], ["a3"]], ["2:1: a revision 3, and revision 2 is nowhere", "3:1: a revision 3 stands also at 2:1"]),
    ],
)  # fmt: skip
def test_revisions_count_one_two_three_over_all_runs(tmp_path, nights, problems):
    for day, words in enumerate(nights, 1):
        articles = [
            record(word[0], int(word[1]), **({"change": "removed"} if word[2:] else {}))
            for word in words
        ]
        publish(tmp_path, day, *articles)
    places = [
        re.sub(r"(\d):(\d)", lambda place: _line(*place.groups()), problem) for problem in problems
    ]
    assert [problem.replace(f"{tmp_path}/", "") for problem in found(tmp_path)] == places


@pytest.mark.parametrize(("revision", "change"), [(1, "updated"), (1, "removed"), (2, "new")])
def test_only_the_first_revision_is_new(tmp_path, revision, change):
    publish(tmp_path, 1, *(record("a", number) for number in range(1, revision)))
    publish(tmp_path, 2, record("a", revision, change=change))
    assert found(tmp_path) == [f"{ARTICLES[2]}:1: a revision {revision} is called {change}"]


def test_of_runs_not_asked_for_only_the_revisions_are_known(output):
    publish(output, 4, record("a", 2))
    edit(output / ARTICLES[1], "山东", "山西")
    again = f"{ARTICLES[4]}:1: a revision 2 stands also at {output}/{ARTICLES[2]}:1"
    assert found(output, run_id(4)) == [again]
    assert found(output, run_id(2)) == [again]  # it takes two
    assert found(output, run_id(3)) == []
    assert len(found(output, run_id(1), run_id(4))) == 2


def test_a_run_that_is_not_there(output):
    with pytest.raises(FeedError, match=f"{run_id(9)}: no published run"):
        found(output, run_id(9))
    publish(output, 9, record("x"), partial=True)
    with pytest.raises(FeedError, match="no published run"):
        found(output, f"{run_id(9)}.partial")


def test_latest_is_a_copy_of_the_newest_complete_run(output):
    path = output / "latest.json"
    latest = json.loads(path.read_text("utf-8"))
    assert latest["run"] == f"runs/{run_id(2)}"
    path.write_text(json.dumps(latest | {"health": "degraded"}), "utf-8")
    assert found(output) == [f"latest.json: no copy of runs/{run_id(2)}/manifest.json"]
    path.write_text(json.dumps(latest | {"run": f"runs/{run_id(1)}"}), "utf-8")
    assert found(output) == [
        f"latest.json: names runs/{run_id(1)}, the newest complete run is runs/{run_id(2)}"
    ]
    path.write_text("{", "utf-8")
    assert "latest.json: no JSON" in found(output)[0]
    path.unlink()
    assert found(output) == ["latest.json: No such file or directory"]


def test_latest_without_a_complete_run(tmp_path):
    publish(tmp_path, 1, record("a"), complete=False)
    assert found(tmp_path) == []
    (tmp_path / "latest.json").write_text("{}", "utf-8")
    assert found(tmp_path) == ["latest.json: there, though no run is complete"]


def test_a_partial_folder_nobody_writes_to(output):
    partial = publish(output, 4, record("d"), partial=True)
    assert found(output) == []
    yesterday = time.time() - 25 * 3600
    for path in (partial, *partial.iterdir()):
        os.utime(path, (yesterday, yesterday))
    assert found(output) == [
        f"runs/{run_id(4)}.partial: last written 25 hours ago: killed, never salvaged"
    ]
    (partial / "rejects.jsonl").touch()  # a long run is alive while it writes
    assert found(output) == []


def test_what_is_no_run_folder(output):
    for name in ("old", f"{run_id(1)} (copy)", ".snapshot"):
        (output / "runs" / name).mkdir()
    (output / "runs" / "README").touch()
    assert found(output) == [
        "runs/.snapshot: no run folder: the name is no run_id",
        f"runs/{run_id(1)} (copy): no run folder: the name is no run_id",
        "runs/README: unknown: only run folders belong here",
        "runs/old: no run folder: the name is no run_id",
    ]
    assert found(output, run_id(1)) == []


def test_a_report_that_is_torn_or_gone(output):
    report = output / "runs" / run_id(3) / "report.html"
    again = f"`scrapy report {run_id(3)}` writes it again"
    name = str(report.relative_to(output))
    report.write_text("<!DOCTYPE html><html><p>half", "utf-8")
    assert found(output) == [f"{name}: torn: it does not end with </html>; {again}"]
    report.unlink()
    assert found(output, run_id(3)) == [f"{name}: No such file or directory; {again}"]


@pytest.mark.parametrize("name", ["notes.txt", ".articles.jsonl.swp", "articles.jsonl.bak"])
def test_an_unknown_file_in_a_run(output, name):
    folder = output / "runs" / run_id(3)
    (folder / name).touch()
    assert found(output) == [f"runs/{run_id(3)}/{name}: unknown: no file of a run"]
    (folder / name).unlink()
    (folder / name).mkdir()
    assert found(output) == [f"runs/{run_id(3)}/{name}: unknown: no file of a run"]


def test_a_file_and_a_folder_that_are_links(output, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    file = output / ARTICLES[3]
    file.rename(elsewhere / "articles.jsonl")
    file.symlink_to(elsewhere / "articles.jsonl")
    (problem,) = found(output)
    assert problem.startswith(f"{ARTICLES[3]}: a symbolic link: ")
    folder = output / "runs" / run_id(1)
    folder.rename(elsewhere / run_id(1))
    folder.symlink_to(elsewhere / run_id(1))
    assert [problem.partition(": what")[0] for problem in found(output)] == [
        f"{ARTICLES[3]}: a symbolic link",
        f"runs/{run_id(1)}: a symbolic link",
    ]


def test_runs_that_the_state_knows_and_whose_folders_are_gone(output):
    errors = []
    verify(output, deleted=[run_id(9)], on_error=errors.append)
    assert [str(error) for error in errors] == [
        f"{output}/runs/{run_id(9)}: deleted: the state knows this run"
    ]
