"""One file of all runs: the newest of each article, in order, in the form that the name asks for."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json
import random
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.feeds import FeedError, formats, merging
from crawler.feeds.merging import merge
from crawler.files import replacing
from crawler.items import PaperArticle
from tests.feeds.folders import edit, publish, record


def merged(output, write=formats.jsonl, **options):
    file = io.BytesIO()
    merging.merge(output, file, write, **options)
    return file.getvalue()


def view(output, **options):
    return [
        (record["id"], record["revision"])
        for record in map(json.loads, merged(output, **options).splitlines())
    ]


def at(day, hour=9):
    return f"2026-11-{day:02}T{hour:02}:00:00+08:00"


def in_sections(*slugs):
    return [{"slug": slug, "name": None} for slug in slugs]


def test_the_newest_revision_of_each_as_it_was_written(tmp_path):
    first = publish(tmp_path, 1, record("a"), record("b", title="旧"))
    second = publish(tmp_path, 2, record("b", 2, title="新"))
    assert merged(tmp_path) == (
        (first / "articles.jsonl").read_bytes().splitlines(keepends=True)[0]
        + (second / "articles.jsonl").read_bytes()
    )


def test_the_newest_revision_counts_wherever_it_stands(tmp_path):
    publish(tmp_path, 1, record("a", 3))
    publish(tmp_path, 2, record("a", 2), record("a", 1))
    assert view(tmp_path) == [("a", 3)]


def test_sorted_by_time_of_publication_then_id(tmp_path):
    articles = [
        record(str(id_), published_at=at(day)) for id_ in range(100, 120) for day in [id_ % 7 + 1]
    ]
    random.Random(6).shuffle(articles)
    publish(tmp_path, 1, *articles[:9])
    publish(tmp_path, 2, *articles[9:])
    keys = [(r["published_at"], r["id"]) for r in map(json.loads, merged(tmp_path).splitlines())]
    assert len(keys) == 20
    assert keys == sorted(keys)


def test_more_runs_than_files_may_be_open(tmp_path, monkeypatch):
    monkeypatch.setattr(merging, "_OPEN_FILES", 3)
    for day in range(1, 11):
        publish(tmp_path, day, *(record(f"{day}-{n}", published_at=at(n)) for n in range(1, 4)))
    assert view(tmp_path) == sorted(
        ((f"{day}-{n}", 1) for n in range(1, 4) for day in range(1, 11)),
        key=lambda row: (row[0].partition("-")[2], row[0]),
    )


def test_what_the_site_removed_is_out_unless_asked_for(tmp_path):
    publish(tmp_path, 1, record("a"), record("b"), record("c"))
    publish(tmp_path, 2, record("a", 2, change="removed"), record("b", 2, change="removed"))
    publish(tmp_path, 3, record("b", 3))
    assert view(tmp_path) == [("b", 3), ("c", 1)]
    assert view(tmp_path, removed=True) == [("a", 2), ("b", 3), ("c", 1)]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, "abcd"),
        ({"since": date(2026, 11, 2)}, "bcd"),
        ({"until": date(2026, 11, 2)}, "ab"),
        ({"since": date(2026, 11, 2), "until": date(2026, 11, 3)}, "bc"),
        ({"since": date(2026, 11, 5)}, ""),
        ({"sections": ["edu"]}, "ab"),
        ({"sections": ["edu", "paper"]}, "abd"),
        ({"sections": ["legacy:news/32841"]}, "c"),
        ({"sections": ["legacy:all"]}, "c"),
        ({"sections": ["json2021:all"]}, ""),
        ({"sections": ["edu"], "since": date(2026, 11, 2)}, "b"),
    ],
)
def test_days_and_sections(tmp_path, options, ids):
    publish(
        tmp_path,
        1,
        # The last second of a day in China, and the first.
        record("a", published_at="2026-11-01T23:59:59+08:00", sections=in_sections("edu")),
        record("b", published_at="2026-11-02T00:00:00+08:00", sections=in_sections("acftu", "edu")),
        record("c", published_at=at(3), sections=in_sections("legacy:news/32841")),
        record("d", published_at=at(4), sections=in_sections("paper")),
    )
    assert [id_ for id_, _ in view(tmp_path, **options)] == list(ids)


def test_an_older_revision_does_not_stand_in_for_one_that_is_not_asked_for(tmp_path):
    publish(tmp_path, 1, record("a", published_at=at(1), sections=in_sections("edu")))
    publish(tmp_path, 2, record("a", 2, published_at=at(5), sections=in_sections("acftu")))
    assert view(tmp_path, until=date(2026, 11, 2)) == []
    assert view(tmp_path, sections=["edu"]) == []


def test_bad_lines_are_left_out_and_named(tmp_path):
    run = publish(tmp_path, 1, record("a"), record("b"), record("c"))
    edit(run / "articles.jsonl", '"id":"b"', '"id":123')
    publish(tmp_path, 2, record("d"), partial=True)
    errors = []
    assert view(tmp_path, on_error=errors.append) == [("a", 1), ("c", 1)]
    assert [(error.path.name, error.line) for error in errors] == [("articles.jsonl", 2)]
    with pytest.raises(FeedError, match="2: id"):
        merged(tmp_path)


def test_it_says_how_many(tmp_path):
    publish(tmp_path, 1, record("a"), record("b"))
    assert merge(tmp_path, io.BytesIO(), formats.spreadsheet) == 2


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "x.jsonl",
        "x.jsonl.gz",
        "x.jsonl.zst",
        "X.JSONL",
        "x.csv",
        "x.parquet",
        "x.db",
        "x.xml",
        "x.json",
    ],
)
def test_the_name_says_the_format_and_the_same_records_are_the_same_bytes(tmp_path, name):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="pip install pyarrow")
    publish(tmp_path, 1, record("a"), record("b"))
    write = formats.choose(name)
    assert merged(tmp_path, write) == merged(tmp_path, write) != b""


@pytest.mark.parametrize("name", ["x", "x.jsonl.bz2", "jsonl", "x.csv.gz", "x.xlsx", ""])
def test_any_other_name_is_refused(name):
    with pytest.raises(
        ValueError,
        match=r"allowed: \.jsonl, \.jsonl\.gz, .*\.csv, ",
    ):
        formats.choose(name)


def test_what_parquet_lacks_is_named(monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install pyarrow"):
        formats.choose("x.parquet")
    formats.choose("x.jsonl.zst")


def test_packed_lines(tmp_path):
    from backports import zstd

    publish(tmp_path, 1, *(record(str(number)) for number in range(50)))
    plain = merged(tmp_path)
    packed = merged(tmp_path, formats.gzipped)
    assert gzip.decompress(packed) == plain
    assert packed[4:8] == bytes(4)  # no time in it, which would make two of the same differ
    assert zstd.decompress(merged(tmp_path, formats.zstandard)) == plain


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_spreadsheet_has_a_column_a_key_and_cells_a_person_reads(tmp_path):
    people = [{"name": "孙川", "role": "reporter"}, {"name": "葛红普", "role": "author"}]
    publish(
        tmp_path,
        1,
        record(
            "a",
            title='逗号,引号"和\n换行',
            authors=people,
            editors=[],
            sections=in_sections("edu", "acftu"),
            warnings=["source: none", "title: two"],
            source=None,
            images=[{"url": "https://a.b/1.jpg", "caption": None}],
        ),
        record("b", generation="paper", paper={"plate": 6, "story": 1, "pdf": None}),
    )
    data = merged(tmp_path, formats.spreadsheet)
    assert data.startswith(b"\xef\xbb\xbfschema,id,")
    article, story = rows(data)
    assert list(article) == list(PaperArticle.model_fields)
    assert article["title"] == '逗号,引号"和\n换行'
    assert article["authors"] == "孙川 (reporter); 葛红普 (author)"
    assert article["editors"] == article["source"] == article["paper"] == ""
    assert article["sections"] == "edu; acftu"
    assert article["warnings"] == "source: none; title: two"
    assert json.loads(article["images"]) == [{"url": "https://a.b/1.jpg", "caption": None}]
    assert article["revision"] == "1"
    assert json.loads(story["paper"]) == {"plate": 6, "story": 1, "pdf": None}


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ('=HYPERLINK("http://a.b","x")', '\'=HYPERLINK("http://a.b","x")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1+1", "'＝1+1"),
        ("1=1", "1=1"),
        ("’x", "’x"),
    ],
)
def test_no_cell_is_a_formula(tmp_path, title, cell):
    publish(tmp_path, 1, record("a", title=title, authors=[{"name": title, "role": "author"}]))
    (row,) = rows(merged(tmp_path, formats.spreadsheet))
    assert row["title"] == cell
    assert row["authors"] == f"{cell} (author)"


def test_parquet_has_times_lists_and_structures(tmp_path):
    pq = pytest.importorskip("pyarrow.parquet", reason="pip install pyarrow")
    story = record("b", paper={"plate": 6, "story": 1, "pdf": None}, source=None)
    publish(tmp_path, 1, record("a"), story)
    table = pq.read_table(io.BytesIO(merged(tmp_path, formats.parquet)))
    assert table.column_names == list(PaperArticle.model_fields)
    assert str(table.schema.field("published_at").type) == "timestamp[ms, tz=Asia/Shanghai]"
    assert str(table.schema.field("fetched_at").type) == "timestamp[ms, tz=UTC]"
    article, other = table.to_pylist()
    assert article["published_at"] == datetime(
        2024, 2, 29, 9, 6, tzinfo=timezone(timedelta(hours=8))
    )
    assert article["fetched_at"] == datetime(2024, 2, 29, 4, tzinfo=UTC)
    assert article["authors"] == [
        {"name": "孙川", "role": "author"},
        {"name": "葛红普", "role": "author"},
    ]
    assert dict(article["extracted_by"])["title"] == "label"
    assert (article["paper"], other["paper"]) == (None, {"plate": 6, "story": 1, "pdf": None})
    written = record("a").model_dump()
    unlike = {"published_at", "fetched_at", "extracted_by", "run_id", "images"}
    for key in written.keys() - unlike:
        assert article[key] == written[key], key
    (image,) = written["images"]
    assert article["images"] == [image | {"path": None, "sha256": None}]


def test_parquet_of_a_new_field_whatever_its_type(tmp_path, monkeypatch):
    pq = pytest.importorskip("pyarrow.parquet", reason="pip install pyarrow")

    class Longer(PaperArticle):
        count: int | None = None
        has_table: bool | None = None
        share: float | None = None
        keywords: list[str] = []

    monkeypatch.setattr(formats, "PaperArticle", Longer)
    values = {"count": 3, "has_table": True, "share": 0.5, "keywords": ["工会"]}
    file = io.BytesIO()
    lines = [json.dumps(record("a").model_dump() | more).encode() for more in (values, {})]
    formats.parquet(lines, file)
    new, old = pq.read_table(file).to_pylist()
    assert {key: new[key] for key in values} == values
    assert {old[key] for key in values} == {None}


def test_parquet_in_several_groups(tmp_path, monkeypatch):
    pq = pytest.importorskip("pyarrow.parquet", reason="pip install pyarrow")
    monkeypatch.setattr(formats, "_CHUNK", 1500)
    monkeypatch.setattr(formats, "_ROW_GROUP", 3000)
    publish(tmp_path, 1, *(record(f"{number:02}") for number in range(20)))
    file = pq.ParquetFile(io.BytesIO(merged(tmp_path, formats.parquet)))
    assert file.num_row_groups > 3
    columns = [file.metadata.row_group(0).column(number) for number in range(len(file.schema))]
    with_limits = {column.path_in_schema for column in columns if column.is_stats_set}
    assert {"id", "published_at"} <= with_limits
    assert {"title", "body", "body_html"} & with_limits == set()  # they cost memory by the group
    assert file.read(["id"])["id"].to_pylist() == [f"{number:02}" for number in range(20)]


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst", "x.csv", "x.parquet"])
def test_nothing_is_a_file_too(tmp_path, name):
    if name.endswith(".parquet"):
        pq = pytest.importorskip("pyarrow.parquet", reason="pip install pyarrow")
    (tmp_path / "runs").mkdir()
    data = merged(tmp_path, formats.choose(name))
    if name.endswith(".parquet"):
        assert pq.read_table(io.BytesIO(data)).num_rows == 0
    elif name.endswith(".csv"):
        assert rows(data) == []


# --- in its place -----------------------------------------------------------------------------


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "view.jsonl"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_or_stays_as_it_was(tmp_path, error):
    path = tmp_path / "view.jsonl"
    path.write_bytes(b"old")

    def write():
        with replacing(path) as file:
            file.write(b"new")
            raise error

    with pytest.raises(type(error)):
        write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_an_error(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    publish(tmp_path, 1, record("a"))
    with (
        pytest.raises(OSError, match="No space left"),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        merge(tmp_path, full, formats.jsonl)


def test_a_link_stays_one(tmp_path):
    (tmp_path / "link.csv").symlink_to("real.csv")
    with replacing(tmp_path / "link.csv") as file:
        file.write(b"x")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"x"
