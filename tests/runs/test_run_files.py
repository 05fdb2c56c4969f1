"""Lines: whole on disk at once, in the schema's order, never broken by what a page says."""

import json
from contextlib import closing

import pytest

from crawler.files import Appender
from crawler.items import Article, Reject
from crawler.run_context import RunContext
from crawler.runs.run import RunFolder
from crawler.runs.run_files import ERROR_STAT, RunFiles, to_line
from tests.pipelines.test_record import page, through


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path, "workercn")


def opened(run, stats, stop=bool):
    context = RunContext(run_id=run.run_id, folder=run.partial)
    return closing(RunFiles(context, "workercn", stats, stop))


def test_each_record_is_on_disk_when_it_exists(run):
    stats = {}
    path = run.partial / "articles.jsonl"
    with opened(run, stats) as files:
        for number in range(1, 4):
            files.write(through(page()))
            assert path.read_bytes().count(b"\n") == number
    record = json.loads(path.read_text("utf-8").splitlines()[0])
    assert list(record) == list(Article.model_fields)
    assert stats["workercn/new"] == 3
    journal = (run.partial / "journal.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["note"] for line in journal] == ["begun", *["record"] * 3]


def test_a_story_of_the_paper_says_where_it_stands():
    place = {"plate": 6, "story": 1, "pdf": None}
    record = json.loads(to_line(through(page(generation="paper", paper=place))))
    assert list(record) == [*Article.model_fields, "paper"]
    assert record["paper"] == place


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\u2028b", "ab"),
        ("a\u2029b", "ab"),
        ("a\x85b", "ab"),
        ('a"b\\c', 'a"b\\c'),
        ("a\nb\r\nc", "a\nb\nc"),
        ("\x00", ""),
        ("😀", "😀"),
        ("a\ud800b", None),
    ],
)
def test_nothing_breaks_a_line(text, kept):
    line = to_line(Reject("https://a.b/", "parse", "exception", text))
    assert line.endswith(b"\n")
    assert len(line.decode().splitlines()) == 1
    if kept is not None:
        assert json.loads(line)["error"] == kept


class _Full:
    """A file on a disk that has `room` bytes left from now on."""

    name = "articles.jsonl"

    def __init__(self, file):
        self.file, self.room = file, None
        self.seek, self.truncate = file.seek, file.truncate

    def write(self, data):
        if self.room is None:
            return self.file.write(data)
        if not self.room:
            raise OSError(28, "No space left on device")
        written = self.file.write(data[: self.room])
        self.room -= written
        return written


@pytest.mark.parametrize("name", ["articles.jsonl", "journal.jsonl"])
def test_a_torn_line_is_cut_off_and_publishing_forbidden(run, name):
    """A hundred bytes of the second record, or of its note, get out before the disk is full."""
    stats, stopped = {}, []
    path = run.partial / name
    with opened(run, stats, lambda: stopped.append(1)) as files, path.open("ab", 0) as file:
        full = _Full(file)
        files._files[name] = Appender(full)
        files.write(through(page()))
        whole = path.read_bytes()
        full.room = 100
        files.write(through(page()))
        assert path.read_bytes() == whole
        full.room = None
        files.write(through(page()))  # after an error nothing more is written
    assert path.read_bytes() == whole
    assert (run.partial / "articles.jsonl").read_bytes().count(b"\n") == 1
    assert stats[ERROR_STAT] == f"{path}: No space left on device"
    assert stats["workercn/new"] == 1
    assert stopped == [1]


@pytest.mark.parametrize("name", ["articles.jsonl", "rejects.jsonl", "journal.jsonl"])
def test_a_file_that_cannot_be_opened_forbids_publishing(run, name):
    """Scrapy would swallow the exception, and the crawl go on."""
    stats, stopped = {}, []
    (run.partial / name).unlink()
    (run.partial / name).mkdir()
    with opened(run, stats, lambda: stopped.append(1)) as files:
        files.write(through(page()))
    assert stats[ERROR_STAT] == f"{run.partial / name}: Is a directory"
    assert stopped == [1]
    assert "workercn/new" not in stats


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_publishing_is_one_rename(tmp_path):
    run = RunFolder.create(tmp_path, "workercn")
    assert names(run.partial) == ["articles.jsonl", "journal.jsonl", "rejects.jsonl"]
    assert not run.final.exists()
    run.write_manifest({"complete": True, "x": "人物"})
    run.fsync()
    run.publish()
    run.make_latest({"complete": True, "x": "人物"})
    assert not run.partial.exists()
    assert names(run.final) == [
        "articles.jsonl", "journal.jsonl", "manifest.json", "rejects.jsonl",
    ]  # fmt: skip
    latest = json.loads((tmp_path / "latest.json").read_text("utf-8"))
    assert latest == {"complete": True, "x": "人物", "run": f"runs/{run.run_id}"}


def test_latest_is_replaced_whole_or_not_at_all(tmp_path):
    run = RunFolder.create(tmp_path, "workercn")
    run.write_manifest({})
    run.fsync()
    run.publish()
    (tmp_path / "latest.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        run.make_latest({})
    assert names(tmp_path) == ["latest.json", "runs"]


def test_two_runs_of_one_second_have_their_own_folders(tmp_path):
    assert len({RunFolder.create(tmp_path, "workercn").run_id for _ in range(20)}) == 20
