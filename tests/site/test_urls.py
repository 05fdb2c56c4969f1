"""Addresses as they occur."""

from datetime import date

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
        ("https://www.workercn.cn/edu/2024/", None),
        ("https://www.workercn.cn/edu/?page=2", None),
        ("https://www.workercn.cn/edu", None),
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
    ],
)
def test_absolute(href, expected):
    assert urls.absolute(href, "https://www.workercn.cn/json/edu/index_2.json") == expected
