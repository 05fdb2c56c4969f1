"""JSON as templates write it: an entry is lost at most, and only where it cannot be read."""

from __future__ import annotations

import json

import pytest

from crawler.site.listing_errors import ListingError
from crawler.site.listings import parsers, template_json

JSON = "https://www.workercn.cn/json/edu/index_2.json"


def entry(number, title="甲"):
    return f'{{"href":"/c/2026-09-01/{number}.shtml","title":"{title}","time":"2026-09-01 08:00"}}'


FIRST, LAST = entry(8800001), entry(8800003)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("工会\n送清凉", "工会 送清凉"),
        ("工会\t送清凉", "工会 送清凉"),
        ("工会\r\n送清凉", "工会 送清凉"),
        (r"\x41级工匠", "A级工匠"),
        (r"工匠\'精神\'", "工匠'精神'"),
        (r"工\匠", "工匠"),
        ('"工匠"精神', '"工匠"精神'),
        ('弘扬"工匠"精神', '弘扬"工匠"精神'),
        ('弘扬"工匠"', '弘扬"工匠"'),
        (r"反斜杠\\", "反斜杠\\"),
        (r"引号\"内\"", '引号"内"'),
    ],
)
def test_what_templates_write_into_a_title(title, expected):
    text = f"[{FIRST},{entry(8800002, title)},{LAST}]"
    listing = parsers.read_json(text.encode(), JSON)
    titles = {one.id: one.title for one in listing.entries}
    assert titles == {"8800001": "甲", "8800002": expected, "8800003": "甲"}
    assert list(listing.broken) == []


@pytest.mark.parametrize(
    "behind",
    [
        "<!-- App=ZCMS(2.4.x),CostTime=12,PublishDate=2026-09-01 09:34:55 -->",
        "\n<!-- [1] -->\n",
        "<script>var a = [1];</script>",
        "// 2026-09-01",
        "/* 1 */",
        ";",
        ",",
        "",
    ],
)
def test_what_stands_behind_the_array(behind):
    for text in (
        f"[{FIRST},{LAST}]",
        f'{{"status":1,"data":{{"total":2,"list":[{FIRST},{LAST}]}}}}',
    ):
        if behind == ",":
            text = text.replace("]", ",]")  # noqa: PLW2901
        else:
            text += behind  # noqa: PLW2901
        listing = parsers.read_json(text.encode(), JSON)
        assert [one.id for one in listing.entries] == ["8800001", "8800003"]


@pytest.mark.parametrize(
    "broken",
    [
        entry(8800002, '他说"好","不好"就是不好'),
        entry(8800002).replace('"time":', '"time"'),
        '{"href":"/c/2026-09-01/8800002.shtml","title":}',
        '{"href":,"title":"甲"}',
    ],
)
@pytest.mark.parametrize("behind", ["", "<!-- ] -->"])
def test_an_entry_that_cannot_be_read_costs_itself(broken, behind):
    for text in (
        f"[{FIRST},{broken},{LAST}]{behind}",
        f'{{"status":1,"data":{{"list":[{broken} , {FIRST},\n{LAST}]}}}}{behind}',
    ):
        listing = parsers.read_json(text.encode(), JSON)
        assert {one.id for one in listing.entries} == {"8800001", "8800003"}
        assert len(listing.broken) == 1
        assert any("not JSON" in warning for warning in listing.warnings)


@pytest.mark.parametrize(
    "text",
    [
        f"[{FIRST},{LAST}"[:-1],
        f"[{FIRST},{LAST},",
        f"[{FIRST},{LAST}",
        f'{{"list":[{FIRST},',
        f"[{FIRST},{LAST}]{FIRST}",
        "[}",
        "<html><body>[]</body></html>",
        '[{"a":"b}]',
    ],
)
def test_what_is_cut_off_is_no_listing(text):
    with pytest.raises(ListingError) as caught:
        parsers.read_json(text.encode(), JSON)
    assert caught.value.reason == "not_json"


@pytest.mark.parametrize("text", ["[" * 50_000, '"' * 200_000, "{," * 100_000, "<!--" * 100_000])
def test_it_ends(text):
    with pytest.raises((ValueError, RecursionError)):
        template_json.loads(text)


def test_sound_json_is_read_as_it_is():
    data = {"a": ['x"y', "\\", {"b": None}], "c": 1.5}
    assert template_json.loads(json.dumps(data)) == (data, [])


@pytest.mark.parametrize(
    "answer",
    [
        '{"code":500,"msg":"系统繁忙","data":null}',
        '{"code":500,"msg":"系统繁忙","data":[]}',
        '{"code":0,"msg":"系统繁忙，请稍后再试","data":null}',
        '{"status":0,"message":"","data":null}',
        '{"status":"error","data":[]}',
        '{"success":false,"data":null}',
        '{"errcode":-1,"list":[]}',
        '{"error":"Internal Server Error","data":[]}',
        '{"code":0,"msg":"系统升级维护中","data":[]}',
        '{"code":200,"msg":"访问受限","data":[],"total":0}',
        '{"code":200,"msg":"请完成安全验证","data":[]}',
        '{"code":200,"msg":"系統忙碌中","data":[]}',
        '{"result":"error","rows":[],"total":0}',
        '{"meta":{"code":403,"msg":"denied"},"data":[]}',
        '{"exception":"TimeoutException","data":[]}',
        "false",
        "0",
    ],
)
def test_an_error_is_no_end(answer):
    with pytest.raises(ListingError):
        parsers.read_json(answer.encode(), JSON)


@pytest.mark.parametrize(
    "answer",
    [
        '{"code":200,"msg":"","data":[]}',
        '{"code":0,"msg":"success","data":null}',
        '{"status":1,"message":"ok","data":[]}',
        '{"success":true,"data":[]}',
        '{"code":404,"msg":"暂无更多数据","data":[]}',
        '{"status":0,"msg":"没有数据","data":null}',
        '{"code":"0000","msg":"查询成功","list":[]}',
        '{"code":"00000","msg":"操作成功。","data":{"list":[],"total":0}}',
        '{"meta":{"code":200,"msg":"OK"},"info":{"page":9},"data":[]}',
        '{"result":[],"type":"list","info":"共0条"}',
        "null",
        "{}",
    ],
)
def test_an_answer_that_says_there_is_no_more(answer):
    assert parsers.read_json(answer.encode(), JSON).entries == []


@pytest.mark.parametrize(
    "address", ["null", '""', '"  "', '"#"', '"javascript:;"', '"undefined"', '"无"', '"mailto:a"']
)
def test_an_entry_without_an_address_is_known_by_what_it_says(address):
    item = f'{{"href":{address},"title":"职工学堂","time":"2026-09-01 08:00:00"}}'
    listing = parsers.read_json(f"[{FIRST},{item}]".encode(), JSON)
    assert [one.id for one in listing.entries] == ["8800001"]
    (broken,) = listing.broken
    assert (broken["title"], broken["time"]) == ("职工学堂", "2026-09-01 08:00:00")
    assert listing.skipped == []


@pytest.mark.parametrize("href", ["", "javascript:void(0)", "#", None])
def test_an_item_of_a_page_without_an_address(href):
    link = f'<a href="{href}">职工学堂</a>' if href is not None else "职工学堂"
    body = (
        '<title>教育 - 中工网</title><ul class="list"><li id="li_8907001"><h3>'
        '<a href="/c/2026-10-02/8907001.shtml">甲</a></h3><div class="info2">2026-10-02 15:41:16'
        f'</div></li><li id="li_8907002"><h3>{link}</h3><div class="info2">2026-10-02 15:40:00'
        "</div></li></ul>"
    )
    listing = parsers.read_page(body.encode(), "https://www.workercn.cn/edu/")
    assert [one.id for one in listing.entries] == ["8907001"]
    (broken,) = listing.broken
    assert "职工学堂" in broken["title"]
    assert broken["time"] == "2026-10-02 15:40:00"
