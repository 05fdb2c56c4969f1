"""What else could be used? Each measured alone, against what is: `python -m benchmarks.choices`.

uvloop, HTTP/2 and the DNS cache: crawls of the same pages by turns, in pages a second of processor
time; the parser and JSON: the calls alone, as a share of what a page takes the whole spider.
What it needs is in benchmarks/tried.txt.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import spider
from benchmarks.figures import tried
from benchmarks.samples import embedded
from benchmarks.site import its_articles

ROUNDS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--once", nargs=3, metavar=("CHOICE", "MIRROR", "FILE"))
    parser.add_argument("--http", nargs=2, metavar=("1|2", "URL"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        print(json.dumps(_crawl(*given.once)))
        return 0
    if given.http:
        print(json.dumps(_fetch(*given.http)))
        return 0
    print(f"python -m benchmarks.choices --articles {given.articles}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with its_articles(folder, given.articles) as (mirror, addresses):
            crawls = ("as it is", "uvloop", "no DNS cache")
            rates = _by_turns({one: ["--once", one, mirror, str(addresses)] for one in crawls})
        if shutil.which("nginx"):
            with _https(folder) as url:
                rates |= _by_turns({f"HTTP/{n}": ["--http", str(n), url] for n in (1, 2)})
        else:
            print("HTTP/2 is left out: apt-get install nginx-light")
    print(f"{'':<22}{'pages/s':>9}{'of processor':>14}")
    for name, (clock, processor) in rates.items():
        print(f"{name:<22}{clock:>9.0f}{processor:>14.0f}")
    page = 1 / rates["as it is"][1]  # seconds of processor time
    print()
    tried("uvloop", rates["uvloop"][1] / rates["as it is"][1])
    if "HTTP/2" in rates:
        tried("HTTP/2 (Scrapy's handler, nginx)", rates["HTTP/2"][1] / rates["HTTP/1"][1])
    tried("DNS cache", rates["as it is"][1] / rates["no DNS cache"][1])
    slower, faster = _json()
    tried("orjson for the feed's lines", page / (page - slower + faster))
    slower, faster = _parsing()
    tried("selectolax for lxml, parsing alone", (page + slower - faster) / page)
    return 0


def _by_turns(lines: dict[str, list[str]]) -> dict[str, tuple[float, float]]:
    """Pages a second (on the clock, of processor time): medians of rounds."""
    done: dict[str, list[dict[str, float]]] = {name: [] for name in lines}
    for _ in range(ROUNDS):
        for name, words in lines.items():
            line = [sys.executable, "-m", "benchmarks.choices", *words]
            done[name].append(json.loads(subprocess.check_output(line, text=True)))
    return {
        name: (
            statistics.median(one["pages"] / one["seconds"] for one in runs),
            statistics.median(one["pages"] / one["processor"] for one in runs),
        )
        for name, runs in done.items()
    }


# --- whole crawls -----------------------------------------------------------------------------


def _crawl(choice: str, mirror: str, addresses: str) -> dict[str, float]:
    settings: dict[str, Any] = {}
    if choice == "uvloop":
        settings["ASYNCIO_EVENT_LOOP"] = "uvloop.Loop"
    elif choice == "no DNS cache":
        settings["DNSCACHE_ENABLED"] = False
    by_name = mirror.replace("127.0.0.1", "localhost")
    with patch.dict(spider.UNHURRIED, settings):
        cost = spider.crawl_once("whole", by_name, addresses)
    return {"pages": 1000, "seconds": cost.seconds / cost.pages * 1000, "processor": cost.ms}


# --- HTTP/2 -----------------------------------------------------------------------------------

_PAGES = 500


_NGINX = """
user {user}; daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}
http {{
  access_log off; client_body_temp_path {folder}; types {{ text/html html; }}
  server {{
    listen 127.0.0.1:{port} ssl http2; ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.pem; keepalive_requests 100000;
    location / {{ root {folder}/pages; gzip_static always; try_files /page.html =404; }}
  }}
}}
"""


@contextmanager
def _https(folder: Path) -> Iterator[str]:
    """nginx with one page of the embedded site, packed, over HTTP/1.1 and 2."""
    from tests.support.certificates import Authority

    Authority(folder).serving("localhost")
    (folder / "pages").mkdir()
    page = folder / "pages" / "page.html"
    page.write_bytes(embedded()[0].content)
    page.with_suffix(".html.gz").write_bytes(gzip.compress(page.read_bytes(), 6))
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    file = folder / "nginx.conf"
    file.write_text(_NGINX.format(user=getuser(), folder=folder, port=port))
    with subprocess.Popen(["nginx", "-p", str(folder), "-c", str(file)]) as server:
        try:
            time.sleep(1)
            yield f"https://localhost:{port}"
        finally:
            server.terminate()


def _fetch(version: str, url: str) -> dict[str, float]:
    """Bare Scrapy, over TLS."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    settings = Settings({**spider.UNHURRIED, "ROBOTSTXT_OBEY": False})
    if version == "2":
        handler = "scrapy.core.downloader.handlers.http2.H2DownloadHandler"
        settings.set("DOWNLOAD_HANDLERS", {"https": handler})
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider.Bare)
    with tempfile.NamedTemporaryFile("w") as addresses:
        addresses.write("\n".join(f"{url}/{n}" for n in range(_PAGES)))
        addresses.flush()
        process.crawl(crawler, addresses=addresses.name)
        begin = time.process_time()
        process.start()
        spent = time.process_time() - begin
    stats = crawler.stats.get_stats()
    assert stats.get("downloader/response_status_count/200") == _PAGES, stats
    return {"pages": _PAGES, "seconds": stats["elapsed_time_seconds"], "processor": spent}


# --- calls ------------------------------------------------------------------------------------


def _json() -> tuple[float, float]:
    """Seconds to write a record's line, by the standard library and by orjson."""
    import orjson

    body = embedded()[0].truth["first"] * 20
    record = {"id": "8600001", "title": "一" * 20, "body": body, "body_html": f"<p>{body}</p>"}
    record |= {f"field{n}": {"value": "x" * 20, "number": n} for n in range(25)}  # type: ignore[arg-type]
    separators = (",", ":")
    return (
        _seconds(lambda: json.dumps(record, ensure_ascii=False, separators=separators).encode()),
        _seconds(lambda: orjson.dumps(record)),
    )


def _parsing() -> tuple[float, float]:
    """Seconds to parse a page, by lxml and by selectolax."""
    from lxml import html
    from selectolax.lexbor import LexborHTMLParser

    texts = [sample.text for sample in embedded() if sample.group == "modern"][:20]
    return (
        _seconds(lambda: [html.document_fromstring(text) for text in texts]) / len(texts),
        _seconds(lambda: [LexborHTMLParser(text) for text in texts]) / len(texts),
    )


def _seconds(call: Callable[[], object]) -> float:
    """Of processor time: the median of twenty."""
    took = []
    for _ in range(20):
        begin = time.process_time()
        call()
        took.append(time.process_time() - begin)
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
