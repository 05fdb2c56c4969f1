"""The embedded site in a process of its own, for the crawls that are measured."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler import clock

# A crawl as fast as it can be: what is measured is ours, not the site's patience.
UNHURRIED = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
    "LOG_LEVEL": "WARNING",
}


@contextmanager
def embedded_site(*options: str, module: str = "crawler.samplesite") -> Iterator[str]:
    """The address of `scrapy samplesite` with these options; it is gone however the block ends."""
    line = [sys.executable, "-m", module, *options, "--now", clock.now().isoformat()]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            if not address:
                raise SystemExit(f"{' '.join(line)} does not serve")
            yield address
        finally:
            server.terminate()


@contextmanager
def its_articles(folder: Path, articles: int) -> Iterator[tuple[str, Path]]:
    """(address, a file of all its articles' URLs) of a site whose pages are made beforehand."""
    truth, addresses = folder / "truth.jsonl", folder / "urls.txt"
    options = ("--warm", "--truth", str(truth), "--articles", str(articles))
    with embedded_site(*options) as mirror:
        known = [json.loads(line)["url"] for line in truth.read_text("utf-8").splitlines()]
        addresses.write_text("\n".join(known))
        yield mirror, addresses
