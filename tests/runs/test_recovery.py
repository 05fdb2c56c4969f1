"""Whatever a kill or a power cut leaves of a file, its whole lines are published as they are."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.files import fresh_name
from crawler.runs.recovery import cut_torn_tail, recover
from crawler.runs.run import ARTICLES, FILES, JOURNAL, MANIFEST, REJECTS, REPORT, RunFolder
from tests.archive.captures import capture, write

LINES = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3), max_size=8
).map(lambda objects: [json.dumps(o, ensure_ascii=False).encode() + b"\n" for o in objects])


@given(LINES, st.data())
def test_any_truncation_gives_back_exactly_its_whole_lines(lines, data):
    whole = b"".join(lines)
    length = data.draw(st.integers(0, len(whole)))
    ends = [sum(map(len, lines[:count])) for count in range(len(lines) + 1)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_bytes(whole[:length])
        cut_torn_tail(path)
        assert path.read_bytes() == whole[: max(end for end in ends if end <= length)]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (b"", b""),
        (b'{"a":1}\n{"b"', b'{"a":1}\n'),
        (b'{"a":1}\n{"b":2}', b'{"a":1}\n'),
        (b'{"a":1}\n' + bytes(4096), b'{"a":1}\n'),
        (b'{"a":1}\n' + bytes(10) + b"\n", b'{"a":1}\n'),
        (b'{"a":1}\n17\n', b'{"a":1}\n'),
        ('{"a":"工'.encode()[:-1], b""),
        # a block that never reached the disk, before one that did
        (b'{"a":1}\n' + bytes(9) + b'":3}\n{"b":2}\n', b'{"a":1}\n{"b":2}\n'),
    ],
)
def test_a_tail(tmp_path, left, expected):
    (tmp_path / "f").write_bytes(left)
    cut_torn_tail(tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == expected


@pytest.mark.parametrize("name", [*FILES, MANIFEST, REPORT])
def test_what_was_to_take_a_files_place_is_not_published(tmp_path, name):
    """Killed while it was written."""
    run = RunFolder.create(tmp_path, "workercn")
    line = b'{"url":"https://www.workercn.cn/x","stage":"fetch","reason":"timeout"}\n'
    (run.partial / REJECTS).write_bytes(line)
    fresh_name(run.partial / name).write_bytes(b"half of i")
    (saved,) = recover(tmp_path)
    assert sorted(one.name for one in saved.final.iterdir()) == sorted((*FILES, MANIFEST))


def test_a_folder_without_a_whole_line_is_deleted(tmp_path):
    run = RunFolder.create(tmp_path, "workercn")
    (run.partial / ARTICLES).write_bytes(b'{"torn')
    (run.partial / JOURNAL).write_bytes(b'{"note":"begun","spider":"workercn"}\n')
    assert recover(tmp_path) == []
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_folder_takes_its_own_run_id_as_its_name(tmp_path):
    run = RunFolder.create(tmp_path, "workercn")
    line = b'{"url":"https://www.workercn.cn/x","stage":"fetch","reason":"timeout"}\n'
    (run.partial / REJECTS).write_bytes(line + b'{"url":')
    (run.partial / JOURNAL).write_bytes(
        b'{"note":"begun","spider":"workercn","arguments":{"sections":"edu"}}\n'
    )
    (run.partial / ARTICLES).unlink()  # killed before it was made
    told = []
    (saved,) = recover(tmp_path, told.append)
    assert told == [run.partial]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [run.run_id]
    assert (saved.final / REJECTS).read_bytes() == line
    manifest = json.loads((saved.final / "manifest.json").read_text())
    assert (manifest["salvaged"], manifest["complete"]) == (True, False)
    assert manifest["run_id"] == run.run_id
    assert manifest["arguments"] == {"sections": "edu"}
    assert manifest["counts"]["rejected"] == manifest["counts"]["failed"] == 1
    assert not (tmp_path / "latest.json").exists()


@pytest.mark.parametrize("torn", [b"", b"\x1f\x8b\x08torn"])
def test_the_archive_of_a_killed_run_is_cut_back_to_whole_records(tmp_path, torn):
    run = RunFolder.create(tmp_path, "workercn")
    (run.partial / REJECTS).write_bytes(b'{"url":"x","stage":"fetch","reason":"timeout"}\n')
    run.archive.parent.mkdir()
    whole = write(run.archive, [capture()]).read_bytes()
    run.archive.write_bytes(whole + torn)
    recover(tmp_path)
    assert run.archive.read_bytes() == whole


def test_an_archive_that_cannot_be_repaired_costs_no_record(tmp_path):
    run = RunFolder.create(tmp_path, "workercn")
    (run.partial / REJECTS).write_bytes(b'{"url":"x","stage":"fetch","reason":"timeout"}\n')
    run.archive.parent.mkdir()
    run.archive.write_bytes(b"no archive")
    assert len(recover(tmp_path)) == 1
    assert run.archive.read_bytes() == b"no archive"


@pytest.mark.parametrize("name", ["backup.partial", "x.partial"])
def test_what_is_no_run_is_left_alone(tmp_path, name):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / name).mkdir()
    (tmp_path / "runs" / name / ARTICLES).write_text("{}")
    assert recover(tmp_path) == []
    assert (tmp_path / "runs" / name / ARTICLES).read_text() == "{}"


def test_trials_are_left_alone(tmp_path):
    run = RunFolder.create(tmp_path, "workercn", trial=True)
    recover(tmp_path)
    assert run.partial.is_dir()
