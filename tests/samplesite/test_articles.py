"""The articles: their forms, their pages and the truth about them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from crawler.samplesite import Site
from crawler.samplesite.articles import LAYOUTS, ORDERS, SECTIONS, Story, plan
from tests.samplesite.client import NOW

STORIES = plan(1, 220, NOW)
UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<head>.*?</head>", re.S)
TAG = re.compile(r"<[^>]*>")
WHITE = re.compile(r"\s+")


def visible(markup: str) -> str:
    """What a reader sees, without white space."""
    return squeeze(html.unescape(TAG.sub("", UNSEEN.sub("", markup))))


def squeeze(words: str) -> str:
    return WHITE.sub("", words)


def named(story: Story) -> str:
    return f"{story.layout}-{story.order}-{story.kind}-{story.id}"


# --- the same again -------------------------------------------------------------------------


def every_byte(site: Site) -> list[bytes]:
    paths = ["/", "/json/edu/index_2.json", *(f"/{slug}/" for slug in SECTIONS)]
    paths += [urlsplit(record["url"]).path for record in site.truth()]
    return [document.plain for path in paths if (document := site.find("", path))]


def test_same_arguments_same_bytes() -> None:
    assert every_byte(Site(3, 60, NOW)) == every_byte(Site(3, 60, NOW))


def test_another_seed_makes_other_articles() -> None:
    titles = [{story.title for story in plan(seed, 60, NOW)} for seed in (1, 2)]
    assert len(titles[0] & titles[1]) < 5


def test_words_follow_from_the_seed_and_only_dates_move_with_the_clock() -> None:
    later = plan(1, 220, NOW + timedelta(days=3, hours=5))
    for before, after in zip(STORIES, later, strict=True):
        assert (before.id, before.title) == (after.id, after.title)
        assert before.paragraphs[1:] == after.paragraphs[1:]
        if not {before.dateline[-1], after.dateline[-1]} & {"点"}:  # moved to a full hour
            assert after.published - before.published == timedelta(days=3, hours=5)


# --- what there is --------------------------------------------------------------------------


def test_the_newest_is_fresh_and_the_oldest_about_forty_days_old() -> None:
    ages = [NOW - story.published for story in STORIES]
    assert ages == sorted(ages)
    assert timedelta(minutes=10) < ages[0] < timedelta(hours=1)
    assert timedelta(days=35) < ages[-1] < timedelta(days=45)


def test_ids_have_seven_digits_and_rise_with_time() -> None:
    ids = [int(story.id) for story in STORIES]
    assert ids == sorted(set(ids), reverse=True)
    assert {len(str(number)) for number in ids} == {7}


def test_no_title_twice() -> None:
    assert len({story.title for story in STORIES}) == len(STORIES)


def test_a_picture_of_an_article_has_a_caption_of_its_own() -> None:
    for story in STORIES:
        captions = [picture.caption for picture in story.pictures if picture.caption]
        assert len(set(captions)) == len(captions)


def test_every_kind_layout_and_order_occurs() -> None:
    kinds = Counter(story.kind for story in STORIES)
    assert kinds["gallery"] >= 5
    assert kinds["video"] >= 2
    assert {(s.layout, s.order) for s in STORIES} == {(x, y) for x in LAYOUTS for y in ORDERS}
    assert sum(story.language == "en" for story in STORIES) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_shows_every_kind_of_content(layout: str) -> None:
    stories = [story for story in STORIES if story.layout == layout]
    assert any(story.pretitle for story in stories)
    assert any(story.subtitle for story in stories)
    assert any(story.pictures for story in stories if story.kind == "article")
    assert any(story.headings for story in stories)
    assert any(story.kind == "gallery" for story in stories)
    assert {story.byline.place for story in stories if story.byline} == {
        "head",
        "inline",
        "tail",
        "own",
    }
    assert {story.page_precision for story in stories} == {"second", "minute", "day"}


def test_bodies_are_short_and_long() -> None:
    lengths = [len(story.paragraphs) for story in STORIES if story.kind == "article"]
    assert min(lengths) == 3
    assert 35 <= max(lengths) <= 40


def test_days_in_addresses_are_mostly_but_not_always_the_day_shown() -> None:
    off = Counter((story.url_day - story.published.date()).days for story in STORIES)
    assert off == {0: 218, 1: 1, -1: 1}


def test_some_articles_stand_in_two_or_three_sections() -> None:
    sections = Counter(len(story.sections) for story in STORIES)
    assert sections[2] >= 10
    assert sections[3] >= 5


DATELINES = [
    ("2024-02-29 09:06", r"\d{4}-\d\d-\d\d \d\d:\d\d"),
    ("2024-02-29 09:06:11", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("2024年02月29日 09:06", r"\d{4}年\d\d月\d\d日 \d\d:\d\d"),
    ("2024年2月29日09时06分", r"\d{4}年\d{1,2}月\d{1,2}日\d\d时\d\d分"),
    ("2024/02/29", r"\d{4}/\d\d/\d\d"),
    ("2024.02.29", r"\d{4}\.\d\d\.\d\d"),
    (
        "二〇二四年二月二十九日",
        r"二〇[〇一二三四五六七八九]{2}年[一二三四五六七八九十]+月[一二三四五六七八九十]+日",
    ),
    ("2月29日 09:06", r"\d{1,2}月\d{1,2}日 \d\d:\d\d"),
    ("今天 08:00", r"今天 \d\d:\d\d"),
    ("3小时前", r"\d小时前"),
    ("2024年2月29日 下午3点", r"\d{4}年\d{1,2}月\d{1,2}日 下午\d{1,2}点"),
    ("发布时间：2024-02-29 09:06", r"发布时间：\d{4}-\d\d-\d\d \d\d:\d\d"),
]


@pytest.mark.parametrize(("example", "pattern"), DATELINES)
def test_every_form_of_a_date_occurs(example: str, pattern: str) -> None:
    assert re.fullmatch(pattern, example)
    assert any(re.fullmatch(pattern, story.dateline) for story in STORIES)


def test_most_dates_are_precise_to_the_minute() -> None:
    precisions = Counter(story.page_precision for story in STORIES)
    assert precisions["minute"] > 130
    assert precisions["second"] >= 10
    assert precisions["day"] >= 20


def test_relative_times_are_of_the_last_hours_and_true_for_a_while() -> None:
    relative = [story for story in STORIES if "小时前" in story.dateline]
    assert relative
    for story in relative:
        hours = int(story.dateline[0])
        for minutes in (0, 5, 10):
            age = NOW + timedelta(minutes=minutes) - story.published
            assert timedelta(hours=hours) <= age < timedelta(hours=hours + 1)


def test_today_is_only_said_of_today() -> None:
    after_midnight = plan(1, 30, datetime(2026, 10, 5, 0, 30, tzinfo=NOW.tzinfo))
    assert not [story for story in after_midnight if story.dateline.startswith("今天")]


SOURCES = [
    "来源：中工网",
    "来源：中工网-工人日报",
    "来源: 新华社",
    "Source: China Industrial Network",
    "来源：",
]


@pytest.mark.parametrize("words", SOURCES)
def test_every_form_of_a_source_occurs(words: str) -> None:
    assert any(story.source_words == words for story in STORIES)


NAME = r"[一-龥]{2,3}"
BYLINES = [
    ("（孙川 葛红普）", rf"（{NAME} {NAME}）", "own"),
    ("（孙川 葛红普）", rf"（{NAME} {NAME}）", "tail"),
    ("(Sun Chuan, Ge Hongpu)", r"\(Sun Chuan, Ge Hongpu\)", "tail"),
    ("本报记者 张三", rf"本报记者 {NAME}", "head"),
    ("中工网记者 李四 通讯员 王五 赵六", rf"中工网记者 {NAME} 通讯员 {NAME} {NAME}", "own"),
    ("工人日报—中工网记者 刘旭", rf"工人日报—中工网记者 {NAME}", "head"),
    ("（记者 张三 李四 通讯员 王五）", rf"（记者 {NAME} {NAME} 通讯员 {NAME}）", "own"),
    ("作者：张三", rf"作者：{NAME}", "head"),
    ("文/张三 图/李四", rf"文/{NAME} 图/{NAME}", "own"),
    ("李四 摄", rf"{NAME} 摄", "own"),
    ("本报记者 张三 实习生 周七", rf"本报记者 {NAME} 实习生 {NAME}", "head"),
    ("本报评论员", "本报评论员", "head"),
    ("作者：网络整理", "作者：网络整理", "head"),
    ("（买买提·艾力、张三）", rf"（[一-龥]+·[一-龥]+、{NAME}）", "tail"),
    ("本报记者 王 伟 李 娜", r"本报记者 [一-龥] [一-龥] [一-龥] [一-龥]", "head"),
    ("（记者 张三 李四）", rf"（记者 {NAME} {NAME}）", "inline"),
    ("（记者 张三、李四）", rf"（记者 {NAME}、{NAME}）", "tail"),
    ("作者：张三，李四", rf"作者：{NAME}，{NAME}", "head"),
    ("作者：张三,李四", rf"作者：{NAME},{NAME}", "head"),
    ("作者：张三;李四", rf"作者：{NAME};{NAME}", "head"),
    ("（张三/李四）", rf"（{NAME}/{NAME}）", "own"),
]


@pytest.mark.parametrize(("example", "pattern", "place"), BYLINES)
def test_every_form_of_a_byline_occurs(example: str, pattern: str, place: str) -> None:
    assert re.fullmatch(pattern, example)
    bylines = [story.byline for story in STORIES if story.byline]
    assert any(re.fullmatch(pattern, b.words) and b.place == place for b in bylines)


EDITORS = [
    ("责任编辑：于小淑", rf"责任编辑：{NAME}", ["editor"]),
    ("责编：王芳 李明", rf"责编：{NAME} {NAME}", ["editor", "editor"]),
    ("(责编：仝宗莉、岳弘彬)", rf"\(责编：{NAME}、{NAME}\)", ["editor", "editor"]),
    ("编辑：张三", rf"编辑：{NAME}", ["editor"]),
    ("[责任编辑:张三]", rf"\[责任编辑:{NAME}\]", ["editor"]),
    ("责任编辑：张三 审核：李四", rf"责任编辑：{NAME} 审核：{NAME}", ["editor", "reviewer"]),
    (
        "编辑：张三 校对：李四 监制：王五",
        rf"编辑：{NAME} 校对：{NAME} 监制：{NAME}",
        ["editor", "proofreader", "producer"],
    ),
    ("责任编辑：", "责任编辑：", []),
    ("责任编辑：HN666", "责任编辑：HN666", []),
    ("责任编辑：系统管理员", "责任编辑：系统管理员", []),
    ("责任编辑：买买提·艾力", r"责任编辑：[一-龥]+·[一-龥]+", ["editor"]),
    ("Editor in charge: Yu Xiaoshu", "Editor in charge: Yu Xiaoshu", ["editor"]),
]


@pytest.mark.parametrize(("example", "pattern", "roles"), EDITORS)
def test_every_form_of_an_editor_line_occurs(example: str, pattern: str, roles: list[str]) -> None:
    assert re.fullmatch(pattern, example)
    lines = [s.editors for s in STORIES if s.editors and re.fullmatch(pattern, s.editors.words)]
    assert lines
    assert all([role for _, role in line.people] == roles for line in lines)


# --- pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_page_shows_the_article_in_the_order_of_the_real_site(
    story: Story, page: Callable[[str], str]
) -> None:
    markup = page(story.path)
    channel = SECTIONS[story.sections[0]]
    assert f"<title>{html.escape(story.title, quote=False)} - {channel} - 中工网</title>" in markup

    byline, paragraphs = story.byline, list(story.paragraphs)
    dateline = [story.source_words, story.dateline]
    if story.order in ("time-source", "glued"):
        dateline.reverse()
    expected = [channel, story.pretitle, story.title, story.subtitle, *dateline]
    if byline and byline.place == "head":
        expected.append(byline.words)
    expected += paragraphs
    if byline and byline.place in ("tail", "own"):
        expected.append(byline.words)
    if story.editors:
        expected.append(story.editors.words)
    expected.append("all rights reserved")

    text, at = visible(markup), 0
    for words in expected:
        if words:
            found = text.find(squeeze(words), at)
            assert found >= 0, f"{words!r} is missing or out of order"
            at = found + len(squeeze(words))


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_page_shows_the_pictures_of_the_truth(story: Story, page: Callable[[str], str]) -> None:
    markup = page(story.path)
    for picture in story.truth()["images"]:
        assert urlsplit(picture["url"]).path in markup
        if picture["caption"]:
            caption = html.escape(picture["caption"])
            assert f'alt="{caption}"' in markup
            assert squeeze(picture["caption"]) in visible(markup)


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_page_has_the_weight_of_a_real_one(story: Story, page: Callable[[str], str]) -> None:
    assert 30_000 < len(page(story.path).encode()) < 120_000


def test_dates_that_are_not_the_articles_stand_in_scripts_and_comments(
    page: Callable[[str], str],
) -> None:
    markup = page(STORIES[0].path)
    assert "serverTime = '2019-05-20 11:22:33'" in markup
    assert "<!-- published by ZCMS at 2021-06-30 18:22:41 -->" in markup


def test_later_articles_leave_the_pages_of_earlier_ones_as_they_were() -> None:
    site = Site(1, 60, NOW, held=4)
    paths = [urlsplit(record["url"]).path for record in site.truth()]
    before = [document.etag for path in paths if (document := site.find("", path))]
    site.release()
    after = [document.etag for path in paths if (document := site.find("", path))]
    assert before == after


# --- the truth ------------------------------------------------------------------------------


def test_a_record_of_the_truth(site: Site) -> None:
    record = next(r for r in site.truth() if r["language"] == "en")
    published = datetime.fromisoformat(record["published_at"])
    assert record["url"] == f"https://www.workercn.cn/c/{published:%Y-%m-%d}/{record['id']}.shtml"
    assert record["source"] == "China Industrial Network"
    assert record["authors"] == [
        {"name": "Sun Chuan", "role": "author"},
        {"name": "Ge Hongpu", "role": "author"},
    ]
    assert record["editors"] == [{"name": "Yu Xiaoshu", "role": "editor"}]
    assert record["published_precision"] == "second"
    assert record["page_published"] == {
        "at": published.replace(second=0).isoformat(),
        "precision": "minute",
    }
    assert record["body"].count("\n\n") == 4
    assert "Sun Chuan" not in record["body"]
    assert len(record["images"]) == 1


@pytest.mark.parametrize("record", [s.truth() for s in STORIES], ids=lambda r: r["id"])
def test_page_and_listing_agree_in_the_truth(record: dict[str, object]) -> None:
    shown = record["page_published"]
    assert isinstance(shown, dict)
    at, published = (datetime.fromisoformat(str(x)) for x in (shown["at"], record["published_at"]))
    tolerance = {
        "second": timedelta(0),
        "minute": timedelta(minutes=1),
        "day": timedelta(days=1),
    }[shown["precision"]]
    if shown["precision"] == "minute" and abs(at - published) >= tolerance:
        tolerance = timedelta(hours=1)  # `3小时前`
    assert abs(at - published) <= tolerance
    assert record["sections"]
    assert record["source"]
