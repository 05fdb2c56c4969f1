"""The section table: what is checked in, and what an editor of it may not leave."""

import pytest

from crawler.site import sections, urls


def test_the_table_is_sound():
    table = sections.table()
    assert {"character", "edu", "quanzong", "acftu", "right", "pl/pl"} <= set(table.proven)
    assert {"about", "login", "search"} <= table.deny
    assert {"news/32841", "news", "auto", "hb"} <= set(table.legacy)
    assert len(table.json2021) >= 17
    assert table.json2021["cj/34179"] == "财经"
    assert table.json2021["jyycy/34168"] == "就业与创业"


def test_no_column_has_another_ones_name():
    names = list(sections.table().json2021.values())
    assert len(set(names)) == len(names)


def test_every_code_leads_to_a_listing():
    table = sections.table()
    assert all(urls.legacy_section(code).startswith("http://") for code in table.legacy)
    assert not any(urls.is_article(urls.legacy_section(code)) for code in table.legacy)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('prove = ["edu"]', "unknown key 'prove'"),
        ('proven = ["edu", "edu"]', "'edu' stands twice in proven"),
        ('deny = ["c", "m", "c"]', "'c' stands twice in deny"),
        ('proven = ["edu"]\ndeny = ["edu"]', "'edu' is both proven and denied: leave"),
        ('proven = ["/edu/"]', "'/edu/' is no slug"),
        ('deny = ["人物"]', "'人物' is no slug"),
        ('legacy = ["news/32841", "news/32841"]', "'news/32841' stands twice in legacy"),
        ('legacy = ["http://news.workercn.cn/"]', "is no legacy section"),
        ('[json2021]\n"34179" = "财经"', "'34179' is no column of 2021"),
        ('[json2021]\n"cj/34179" = ""', "'cj/34179' has no name"),
        ('[json2021]\n"cj/34179" = 1', "'cj/34179' has no name"),
        ('[json2021]\n"cj/34179" = "财经"\n"cj/34179" = "经济"', "overwrite"),
        ("proven = 7", "proven is no array"),
        ("deny = [7]", "7 is no slug"),
        ('json2021 = ["cj/34179"]', "json2021 is no table"),
    ],
)
def test_what_an_editor_may_not_leave(text, message):
    with pytest.raises(ValueError, match=message):
        sections.read_table(text)


def test_a_part_that_is_left_out_is_empty():
    read = sections.read_table('proven = ["edu"]')
    assert read == (("edu",), frozenset(), (), {}, frozenset(), {})


def test_names_are_those_of_modern_sections_the_paper_and_the_columns_of_2021():
    names = sections.names()
    assert (names["character"], names["paper"]) == ("人物", "工人日报")
    assert names["json2021:cj/34179"] == "财经"
    assert sections.listed(["edu", "law", "art"], {"law": "法治"}) == "教育 (edu), 法治 (law), art"
