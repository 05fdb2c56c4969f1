"""Addresses as they occur."""

from datetime import date, datetime

import pytest

from crawler.site import urls

ARTICLE = "https://www.workercn.cn/c/2024-02-29/8163816.shtml"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (ARTICLE, ARTICLE),
        ("http://www.workercn.cn/c/2024-02-29/8163816.shtml", ARTICLE),
        (ARTICLE + "?from=app#top", ARTICLE),
        ("https://www.workercn.cn//c/2024-02-29/8163816.shtml", ARTICLE),
        ("https://www.workercn.cn/c/2024-02-29/8163816_2.shtml", ARTICLE),
        ("https://WWW.workercn.cn./c/2024-02-29/8163816.shtml", ARTICLE),
        ("https://www.workercn.cn:443/c/2024-02-29/8163816.shtml", ARTICLE),
        ("  " + ARTICLE + "\n", ARTICLE),
        (
            "http://news.workercn.cn/c/2024-02-29/8163816.shtml",
            "https://news.workercn.cn/c/2024-02-29/8163816.shtml",
        ),
    ],
)
def test_modern_article(url, expected):
    assert urls.identify(url) == (expected, "modern", "8163816", date(2024, 2, 29))
    assert urls.is_article(url)


LEGACY = "http://news.workercn.cn/32841/201901/18/190118124637372.shtml"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (LEGACY, LEGACY),
        ("https://news.workercn.cn/32841/201901/18/190118124637372.shtml", LEGACY),
        ("http://news.workercn.cn//32841/201901/18/190118124637372.shtml", LEGACY),
        ("http://news.workercn.cn/32841//201901//18/190118124637372.shtml", LEGACY),
        ("http://news.workercn.cn/32841/201901/18/190118124637372_2.shtml", LEGACY),
        ("http://news.workercn.cn/32841/201901/18/190118124637372_12.shtml?t=1#p", LEGACY),
        ("http://NEWS.workercn.cn.:80/32841/201901/18/190118124637372.shtml", LEGACY),
        (
            "http://big5.workercn.cn/big5/news.workercn.cn/32841/201901/18/190118124637372.shtml",
            LEGACY,
        ),
        (
            "http://big5.workercn.cn/big5/news.workercn.cn//32841/201901/18/190118124637372_2.shtml",
            LEGACY,
        ),
        (
            "http://hb.workercn.cn/zt/34000/201901/18/190118124637372.shtml",
            "http://hb.workercn.cn/zt/34000/201901/18/190118124637372.shtml",
        ),
    ],
)
def test_legacy_article(url, expected):
    assert urls.identify(url) == (expected, "legacy", "190118124637372", date(2019, 1, 18))
    assert urls.is_article(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "http://www.workercn.cn/34179/202105/12/210512093011225.shtml",
            (
                "http://www.workercn.cn/34179/202105/12/210512093011225.shtml",
                "210512093011225",
                date(2021, 5, 12),
            ),
        ),
        (
            "https://workercn.cn//34179/202105/12/210512093011225_3.shtml",
            (
                "http://workercn.cn/34179/202105/12/210512093011225.shtml",
                "210512093011225",
                date(2021, 5, 12),
            ),
        ),
        # shapes that nobody has shown
        (
            "http://www.workercn.cn/cj/34179/210512093011225.shtml",
            (
                "http://www.workercn.cn/cj/34179/210512093011225.shtml",
                "210512093011225",
                date(2021, 5, 12),
            ),
        ),
        (
            "https://www.workercn.cn/cj/34179/6650123_2.shtml?x=1",
            ("http://www.workercn.cn/cj/34179/6650123.shtml", "6650123", None),
        ),
    ],
)
def test_article_of_2021(url, expected):
    canonical, id_, day = expected
    assert urls.identify(url) == (canonical, "json2021", id_, day)


@pytest.mark.parametrize(
    ("url", "expected", "id_"),
    [
        (
            "https://www.workercn.cn/papers/grrb/2024/07/12/6/news-1.html",
            "https://www.workercn.cn/papers/grrb/2024/07/12/6/news-1.html",
            "grrb-20240712-6-1",
        ),
        (
            "http://www.workercn.cn//papers/grrb/2024/07/12/06/news-01.html?a=b#c",
            "https://www.workercn.cn/papers/grrb/2024/07/12/06/news-01.html",
            "grrb-20240712-6-1",
        ),
        (
            "https://www.workercn.cn/papers/grrb/2024/07/12/10/news-12.html",
            "https://www.workercn.cn/papers/grrb/2024/07/12/10/news-12.html",
            "grrb-20240712-10-12",
        ),
    ],
)
def test_story_of_the_paper(url, expected, id_):
    assert urls.identify(url) == (expected, "paper", id_, date(2024, 7, 12))


def test_a_modern_article_in_the_mirror():
    mirrored = "http://big5.workercn.cn/big5/www.workercn.cn/c/2024-02-29/8163816.shtml"
    assert urls.identify(mirrored).url == ARTICLE


@pytest.mark.parametrize(
    "url",
    [
        "http://news.workercn.cn/32841/32841.shtml",  # a section
        "http://news.workercn.cn/32841/32841_2.shtml",
        "http://www.workercn.cn/341790/341790.shtml",
        "http://news.workercn.cn/32841/201902/30/190230124637372.shtml",  # no such day
        "http://news.workercn.cn/32841/201901/18/19011812463737.shtml",  # 14 digits
        "http://news.workercn.cn/cj/34179/6650123.shtml",  # a number, but not under www
        "http://www.workercn.cn/index.shtml",
        "https://www.workercn.cn/papers/grrb/2024/07/12/6/page.html",
        "https://www.workercn.cn/papers/grrb/2024/02/30/6/news-1.html",
        "https://www.workercn.cn/papers/other/2024/07/12/6/news-1.html",
        "http://big5.workercn.cn/big5/evil.example/32841/201901/18/190118124637372.shtml",
        "http://big5.workercn.cn/",
    ],
)
def test_no_article_of_the_older_generations(url):
    assert urls.identify(url).generation == "generic"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.workercn.cn/",
        "https://www.workercn.cn/character/",
        "https://www.workercn.cn/c/2024-02-30/8163816.shtml",  # no such day
        "https://www.workercn.cn/c/2024-02-29/index.shtml",
        "https://www.workercn.cn.evil.example/c/2024-02-29/8163816.shtml",
        "https://evilworkercn.cn/c/2024-02-29/8163816.shtml",
        "https://evil.example/?https://www.workercn.cn/c/2024-02-29/8163816.shtml",
    ],
)
def test_no_article_of_this_site(url):
    address = urls.identify(url)
    assert address.generation == "generic"
    assert len(address.id) == 16
    assert not urls.is_article(url)


@pytest.mark.parametrize(
    "url",
    ["", "javascript:void(0)", "mailto:a@b.c", "//", "http://", "http://[::1", "http://a:99999/"],
)
def test_no_address(url):
    with pytest.raises(ValueError, match=r".+"):
        urls.identify(url)
    assert not urls.is_article(url)


def test_generic_ids_differ_by_query():
    assert urls.identify("https://a.b/c?id=1").id != urls.identify("https://a.b/c?id=2").id
    assert urls.identify("https://a.b/c?id=1").url == "https://a.b/c"


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.workercn.cn/character/", "character"),
        ("http://www.workercn.cn/acftu2024/", "acftu2024"),
        ("https://www.workercn.cn/", None),
        ("https://www.workercn.cn/edu/index.shtml", "edu"),
        ("https://www.workercn.cn/edu/index.html#top", "edu"),
        ("https://www.workercn.cn/edu", "edu"),
        ("https://www.workercn.cn/edu/?from=nav", "edu"),
        ("https://workercn.cn/edu/", "edu"),
        ("http://WWW.workercn.cn:80//edu//", "edu"),
        ("https://www.workercn.cn/pl/pl/", "pl/pl"),
        ("https://workercn.cn/pl/pl/index.shtml?a=1", "pl/pl"),
        ("https://www.workercn.cn/pl/pl/pl/", None),
        ("https://www.workercn.cn/edu/2024/", None),
        ("https://www.workercn.cn/edu/list.shtml", None),
        ("https://www.workercn.cn/edu.shtml", None),
        ("https://www.workercn.cn/index.shtml", None),
        ("https://www.workercn.cn/c/2024-02-29/8163816.shtml", None),
        ("https://a:b@www.workercn.cn/edu/", None),
        ("https://www.workercn.cn/robots.txt", None),
        ("https://news.workercn.cn/edu/", None),
        ("https://evil.example/edu/", None),
        ("javascript:;", None),
    ],
)
def test_slug_of(url, slug):
    assert urls.slug_of(url) == slug


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/c/2024-02-29/1.shtml", "https://www.workercn.cn/c/2024-02-29/1.shtml"),
        ("c/2024-02-29/1.shtml", "https://www.workercn.cn/c/2024-02-29/1.shtml"),
        (
            " //news.workercn.cn/c/2024-02-29/1.shtml ",
            "https://news.workercn.cn/c/2024-02-29/1.shtml",
        ),
        ("http://x.example/a", "http://x.example/a"),
        ("javascript:void(0)", None),
        ("mailto:a@b.c", None),
        ("http://[::1", None),
        ("/c/a b\x0c\x85.htm \x0c#x", "https://www.workercn.cn/c/a%20b%0C%C2%85.htm%20%0C#x"),
    ],
)
def test_absolute(href, expected):
    assert urls.absolute(href, "https://www.workercn.cn/json/edu/index_2.json") == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("201901/18/1.shtml", "http://news.workercn.cn/32841/201901/18/1.shtml"),
        ("/32841/201901/18/1.shtml", "http://news.workercn.cn/32841/201901/18/1.shtml"),
        ("//32841/201901/18/1.shtml", "http://news.workercn.cn/32841/201901/18/1.shtml"),
        ("//hb.workercn.cn/1/1.shtml", "http://hb.workercn.cn/1/1.shtml"),
    ],
)
def test_absolute_on_a_legacy_section(href, expected):
    assert urls.absolute(href, "http://news.workercn.cn/32841/32841.shtml") == expected


def test_where_the_older_listings_are():
    assert urls.legacy_section("news/32841") == "http://news.workercn.cn/32841/32841.shtml"
    assert urls.legacy_section("hb") == "http://hb.workercn.cn/"
    assert urls.json2021_page("cj/34179", 1) == "http://www.workercn.cn/json/cj/34179_1.json"
    front = "https://www.workercn.cn/papers/grrb/2024/07/02/1/page.html"
    assert urls.paper_front(date(2024, 7, 2)) == front
    assert urls.paper_front(date(2024, 7, 2), 12) == front.replace("/1/page", "/12/page")


@pytest.mark.parametrize(
    ("code", "legacy", "column"),
    [
        ("news/32841", True, True),
        ("news", True, False),
        ("jyycy/34168", True, True),
        ("News/32841", False, False),
        ("news/", False, False),
        ("news/32841/", False, False),
        ("32841", False, False),
        ("news/a", False, False),
        ("evil.example/1", False, False),
        ("", False, False),
    ],
)
def test_section_codes(code, legacy, column):
    assert urls.is_legacy_section(code) is legacy
    assert urls.is_column(code) is column


@pytest.mark.parametrize(
    ("url", "plate"),
    [
        ("https://www.workercn.cn/papers/grrb/2024/07/12/6/page.html", 6),
        ("https://www.workercn.cn/papers/grrb/2024/07/12/06/news-3.html", 6),
        ("https://www.workercn.cn/papers/grrb/2024/07/12/10/grrb2024071210.pdf", 10),
        ("https://www.workercn.cn/papers/grrb/", None),
        ("https://evil.example/papers/grrb/2024/07/12/6/page.html", None),
    ],
)
def test_plates(url, plate):
    assert urls.plate_of(url) == plate


def test_search():
    assert urls.search("产业工人", date(2024, 1, 1), date(2024, 2, 29), 0, 15) == (
        "https://www.workercn.cn/cms/front/search/result?query=%E4%BA%A7%E4%B8%9A%E5%B7%A5%E4%BA%BA"
        "&siteID=122&type=&sort=publishDate&startDate=2024-01-01&endDate=2024-02-29&catalogID="
        "&pageIndex=0&pageSize=15"
    )
    assert "query=title%3A%E5%B7%A5+a%26b&" in urls.search("title:工 a&b", None, None, 3, 10)
    assert "startDate=&endDate=&" in urls.search("工", None, None, 3, 10)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        (LEGACY, 1),
        (LEGACY.replace(".s", "_2.s"), 2),
        (LEGACY.replace(".s", "_11.s") + "?a_3.shtml", 11),
    ],
)
def test_page_number(url, number):
    assert urls.page_number(url) == number


def test_page_of():
    second = LEGACY.replace(".shtml", "_2.shtml")
    assert urls.page_of(LEGACY, 2) == second
    assert urls.page_of(second, 3) == LEGACY.replace(".shtml", "_3.shtml")
    assert urls.page_of(second, 1) == LEGACY


@pytest.mark.parametrize(
    ("url", "time"),
    [
        (LEGACY, datetime(2019, 1, 18, 12, 46, 37, 372_000)),
        (LEGACY.replace(".s", "_2.s"), datetime(2019, 1, 18, 12, 46, 37, 372_000)),
        (LEGACY.replace("1246", "2561"), None),
        (ARTICLE, None),
    ],
)
def test_filing_time(url, time):
    assert urls.filing_time(url) == time
