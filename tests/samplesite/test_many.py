"""Sites of many articles, and of none: what they cost."""

from __future__ import annotations

import gc
import weakref

import pytest

from crawler.samplesite import Site
from crawler.samplesite.older import archive
from crawler.samplesite.older.legacy import Legacy
from tests.samplesite.client import NOW
from tests.samplesite.older import found, markup
from tests.support.growth import peak


def test_fifty_thousand_articles_cost_nothing_until_they_are_asked_for() -> None:
    def make(number: int) -> Site:
        return Site(1, 5, NOW, legacy=number, json2021=number, papers=10)

    few, many = peak(lambda: make(50)), peak(lambda: make(50_000))
    assert many < 2 * few  # none of them has been thought of yet
    site = make(50_000)
    assert "下一页</a>" in markup(site, "http://news.workercn.cn/32841/32841_1000.shtml")


def test_of_the_pages_served_a_bounded_number_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "KEPT", 20)
    legacy = Legacy(1, 100)
    made = [weakref.ref(document) for document in legacy.articles() if document.gzipped]
    gc.collect()
    assert len(made) > 100
    assert len([document for document in made if document()]) == 20


def test_a_site_without_legacy_knows_none_of_its_addresses() -> None:
    site = Site(1, 5, NOW, legacy=0)
    assert site.truth("legacy") == []
    assert found(site, Site(1, 5, NOW).truth("legacy")[0]["url"]) is None
    assert found(site, "http://news.workercn.cn/32841/32841.shtml") is None


@pytest.mark.parametrize("number", ["legacy", "json2021", "papers"])
def test_numbers_are_not_negative(number: str) -> None:
    with pytest.raises(ValueError, match=f"{number}=-1"):
        Site(1, 5, NOW, **{number: -1})
