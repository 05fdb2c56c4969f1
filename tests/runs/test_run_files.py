"""Lines: whole on disk at once, in the schema's order, never broken by what a page says."""

import asyncio
import json

import pytest
from scrapy.utils.test import get_crawler

from crawler.items import Article, Reject
from crawler.runs.run import RunFolder
from crawler.runs.run_files import ERROR_STAT, LineExporter, to_line
from tests.pipelines.test_record import page, through


@pytest.fixture
def crawler():
    crawler = get_crawler()
    crawler._apply_settings()
    return crawler


def test_each_record_is_on_disk_when_it_exists(tmp_path, crawler):
    path = tmp_path / "articles.jsonl"
    with path.open("ab", buffering=0) as file:
        exporter = LineExporter.from_crawler(crawler, file)
        for number in range(1, 4):
            exporter.export_item(through(page()))
            assert path.read_bytes().count(b"\n") == number
    record = json.loads(path.read_text("utf-8").splitlines()[0])
    assert list(record) == list(Article.model_fields)
    assert crawler.stats.get_value("workercn/new") == 3


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


def test_a_torn_line_is_cut_off_and_publishing_forbidden(tmp_path, crawler):
    """A hundred bytes of the second record get out before the disk is full."""
    closed = []

    class Engine:
        async def close_spider_async(self, *, reason):
            closed.append(reason)

    async def export():
        crawler.engine = Engine()
        path = tmp_path / "articles.jsonl"
        with path.open("ab", buffering=0) as file:
            full = _Full(file)
            exporter = LineExporter.from_crawler(crawler, full)
            exporter.export_item(through(page()))
            whole = path.read_bytes()
            full.room = 100
            exporter.export_item(through(page()))
            assert path.read_bytes() == whole
            full.room = None
            exporter.export_item(through(page()))  # after an error nothing more is written
            await asyncio.sleep(0)
        assert path.read_bytes() == whole

    asyncio.run(export())
    assert crawler.stats.get_value(ERROR_STAT) == "articles.jsonl: No space left on device"
    assert crawler.stats.get_value("workercn/new") == 1
    assert closed == ["feed_error"]


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
