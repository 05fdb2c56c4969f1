from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from crawler.samplesite import Server, Site, serve
from tests.samplesite.client import NOW


@pytest.fixture(scope="session")
def site() -> Site:
    return Site(seed=1, articles=220, now=NOW)


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    with serve(site) as server:
        yield server


@pytest.fixture(scope="session")
def page(site: Site) -> Callable[[str], str]:
    """A page's markup by path, as www serves it."""

    def read(path: str) -> str:
        document = site.find("www.workercn.cn", path)
        assert document, f"{path} is a 404"
        return document.plain.decode()

    return read
