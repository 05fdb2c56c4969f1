"""`feed merge -o feed.xml` and `-o feed.json`, as feed readers parse them."""

from __future__ import annotations

import io
import json

import pytest

from crawler.feeds.merging import merge
from crawler.feeds.syndication import atom, json_feed
from tests.feeds.folders import publish, record


def written(output, write):
    file = io.BytesIO()
    merge(output, file, write)
    return file.getvalue()


def day(number):
    return f"2026-11-{number:02}T09:00:00+08:00"


@pytest.fixture
def output(tmp_path):
    one = record(
        "1",
        title="甲 & <乙>",
        url="https://www.workercn.cn/c/2026-11-01/1.shtml",
        published_at=day(1),
        authors=[],
        source="新华社",
    )
    two = record(
        "2",
        url="https://www.workercn.cn/c/2026-11-02/2.shtml",
        published_at=day(2),
        body_html="<p>文\x0b</p>",
    )
    publish(tmp_path, 3, one, two)
    publish(
        tmp_path,
        4,
        record(
            "2", 2, url=two.url, published_at=day(2), title="改", fetched_at="2026-11-05T00:00:00Z"
        ),
    )
    return tmp_path


def test_atom(output):
    feedparser = pytest.importorskip("feedparser", reason="pip install feedparser")
    feed = feedparser.parse(written(output, atom))
    assert not feed.bozo
    assert feed.version == "atom10"
    newest, oldest = feed.entries
    assert newest.title == "改"
    assert newest.updated == "2026-11-05T00:00:00Z"
    assert oldest.title == "甲 & <乙>"
    assert oldest.id == oldest.link == "https://www.workercn.cn/c/2026-11-01/1.shtml"
    assert oldest.author == "新华社"
    assert oldest.published == oldest.updated == day(1)
    assert feed.feed.updated == "2026-11-05T00:00:00Z"


def test_json_feed(output):
    feed = json.loads(written(output, json_feed))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["title"] for item in feed["items"]] == ["改", "甲 & <乙>"]
    assert feed["items"][1]["date_published"] == day(1)
    assert "authors" not in feed["items"][1]
    assert all(item["content_html"] and item["id"] for item in feed["items"])


@pytest.mark.parametrize("write", [atom, json_feed])
def test_only_the_newest_hundred(tmp_path, write):
    publish(
        tmp_path,
        1,
        *(
            record(f"{n:03}", url=f"https://www.workercn.cn/c/2026-11-01/{n:03}.shtml")
            for n in range(103)
        ),
    )
    data = written(tmp_path, write).decode()
    assert "/102.shtml" in data
    assert "/003.shtml" in data
    assert "/002.shtml" not in data


def test_what_xml_cannot_hold_is_replaced(tmp_path):
    publish(tmp_path, 1, record("1", title="a\x0bb\ufffe"))
    assert "<title>a\ufffdb\ufffd</title>" in written(tmp_path, atom).decode()


@pytest.mark.parametrize("write", [atom, json_feed])
def test_an_empty_feed(tmp_path, write):
    (tmp_path / "runs").mkdir()
    assert b"workercn.cn" in written(tmp_path, write)
