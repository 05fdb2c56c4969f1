"""Reading published runs: whole, in order, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from crawler.feeds import FeedError, read_runs
from crawler.items import PaperArticle
from tests.feeds.folders import edit, publish, record, run_id
from tests.support.harness import ROOT

PLACE = {"plate": 6, "story": 1, "pdf": None}


def seen(*arguments, **keywords):
    return [(record.id, record.revision) for record in read_runs(*arguments, **keywords)]


def test_all_runs_in_the_order_they_began(tmp_path):
    publish(tmp_path, 3, record("c"))
    publish(tmp_path, 1, record("b"), record("a"))
    publish(tmp_path, 2)
    assert seen(tmp_path) == [("b", 1), ("a", 1), ("c", 1)]


def test_a_record_is_what_was_written(tmp_path):
    written = record(title="“引号”\u2028{}", paper=PLACE, generation="paper")
    publish(tmp_path, 1, written, record("b", body='{"paper": 1}'))
    story, other = read_runs(tmp_path)
    assert isinstance(story, PaperArticle)
    assert story == written.model_copy(update={"run_id": run_id(1)})
    assert not isinstance(other, PaperArticle)


@pytest.mark.parametrize(
    ("since_run", "first"),
    [(run_id(2), "b"), ("20261102", "b"), ("20261102T19", None), ("20261103", "c"), (None, "a")],
)
def test_from_a_run_on_itself_included(tmp_path, since_run, first):
    for day, id_ in enumerate("abc", 1):
        publish(tmp_path, day, record(id_))
    if first is None:
        with pytest.raises(ValueError, match="no run_id"):
            read_runs(tmp_path, since_run)
    else:
        assert seen(tmp_path, since_run)[0] == (first, 1)


@pytest.mark.parametrize("since_run", ["", "yesterday", "2026-11-02", "latest.json"])
def test_what_is_no_run_id_is_refused_before_anything_is_read(tmp_path, since_run):
    with pytest.raises(ValueError, match="since_run"):
        read_runs(tmp_path, since_run)


def test_only_published_runs_count(tmp_path):
    publish(tmp_path, 1, record("a"))
    publish(tmp_path, 2, record("b"), partial=True)
    half = publish(tmp_path, 3, record("c"))
    (half / "manifest.json").unlink()
    copy = publish(tmp_path, 4, record("d"))
    copy.rename(copy.with_name(f"{copy.name} (copy)"))
    shutil.copytree(tmp_path / "runs" / run_id(1), tmp_path / "trials" / run_id(5))
    assert seen(tmp_path) == [("a", 1)]


def test_a_folder_without_runs_is_no_feed(tmp_path):
    with pytest.raises(FeedError, match="runs: No such file or directory"):
        read_runs(tmp_path / "outptu")
    (tmp_path / "runs").mkdir()
    assert seen(tmp_path) == []


def newer(line: bytes) -> bytes:
    return line.replace(b"workercn.article/1", b"workercn.article/2")


@pytest.mark.parametrize(
    ("wreck", "what"),
    [
        (lambda line: line[:50] + b"\n", "Invalid JSON"),
        (lambda line: line[:50], "torn: the line has no end"),
        (lambda line: line.replace(b'"8163816"', b'""'), "id: String should have at least"),
        (lambda line: line.replace(b'"revision":1', b'"revision":"1"'), "revision: Input should"),
        (lambda line: line.replace(b'"kind"', b'"Kind"'), r"kind: Field required \(and 1 more\)"),
        (lambda line: b"[]\n", "Input should be an object"),
        (lambda line: b"\n", "Invalid JSON"),
        (lambda line: b"\xff\xfe\n", "Invalid JSON"),
        (lambda line: b"[" * 100_000 + b"\n", "Invalid JSON"),
        (lambda line: line.replace(b"2024-02-29T09", b"2024-02-30T09"), "published_at: day is out"),
        (lambda line: line.replace(b'"revision":1', b'"revision":' + b"9" * 30), "revision: over"),
        (lambda line: line.replace(b'"title":"', b'"title":"\\ud800'), "Invalid JSON"),
        (newer, "this crawler reads 'workercn.article/1': a newer one wrote it"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path, wreck, what):
    run = publish(tmp_path, 1, record("a"), record(), record("c"))
    publish(tmp_path, 2, record("d"))
    path = run / "articles.jsonl"
    first, second, third = path.read_bytes().splitlines(keepends=True)
    bad = wreck(second)
    assert bad != second
    # A torn line can only be the last.
    path.write_bytes(first + third + bad if not bad.endswith(b"\n") else first + bad + third)
    errors = []
    assert seen(tmp_path, on_error=errors.append) == [("a", 1), ("c", 1), ("d", 1)]
    *size, line = errors
    assert ["torn or edited" in str(error) for error in size] == [True] * (len(bad) != len(second))
    assert line.path == path
    assert line.line == (2 if bad.endswith(b"\n") else 3)
    with pytest.raises(FeedError, match=rf"^{path}:{line.line}: .*{what}"):
        raise line


def test_a_bad_line_does_not_break_the_line_that_names_it(tmp_path):
    run = publish(tmp_path, 1, record("a"))
    edit(run / "articles.jsonl", '"kind"', '"\\u001b[2J\\n人"')
    errors = []
    assert seen(tmp_path, on_error=errors.append) == []
    assert str(errors[-1]).endswith(r"kind: Field required (and 1 more)")
    edit(run / "articles.jsonl", '"\\u001b', '"kind":"article","\\u001b')
    seen(tmp_path, on_error=errors.append)
    assert r"\x1b[2J\n人: Extra inputs are not permitted" in str(errors[-1])
    assert len(str(FeedError(run, "x" * 10_000))) == 500


def test_without_on_error_the_first_bad_line_ends_it(tmp_path):
    run = publish(tmp_path, 1, record("a"), record("b"))
    edit(run / "articles.jsonl", '"id":"b"', '"id":123')  # as long as before
    records = read_runs(tmp_path)
    assert next(records).id == "a"
    with pytest.raises(FeedError, match=r"articles\.jsonl:2: id: Input should be a valid string"):
        next(records)


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("manifest.json", "workercn.run/1", "workercn.run/2", "a newer one wrote it"),
        ("manifest.json", '"bytes"', '"octets"', "does not say how long"),
        ("manifest.json", "{", "", "no JSON"),
        ("manifest.json", "{", "[" * 100_000, "no JSON"),
        ("articles.jsonl", "山东", "滨州市", "bytes, the manifest says"),
    ],
)
def test_a_damaged_run_is_named(tmp_path, name, old, new, what):
    run = publish(tmp_path, 1, record("a"))
    edit(run / name, old, new)
    with pytest.raises(FeedError, match=what) as raised:
        seen(tmp_path)
    assert raised.value.path == run / name
    assert seen(tmp_path, on_error=lambda _: None) == [("a", 1)]


def test_a_file_that_is_gone_is_named(tmp_path):
    run = publish(tmp_path, 1, record("a"))
    (run / "articles.jsonl").unlink()
    with pytest.raises(FeedError, match=r"articles\.jsonl: No such file"):
        seen(tmp_path)


def test_another_program_needs_no_scrapy():
    code = (
        "import sys; from crawler.feeds import FeedError, follow, read_runs\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {"scrapy", "twisted", "lxml", "pyarrow"} & set(done.stdout.split()) == set()
    assert "pydantic" in done.stdout.split()
