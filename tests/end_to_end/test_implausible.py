"""Nights that end in order and have lost something: the site answers, and not with its articles."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from crawler import clock
from crawler.clock import CST
from crawler.samplesite import Site, serve
from crawler.samplesite.document import Document
from tests.support.harness import crawl
from tests.support.nights_apart import at, failed_checks

START = datetime(2026, 3, 4, 4, 0, tzinfo=CST)


class Changed(Site):
    """A site some of whose pages are sent otherwise."""

    def change(self, path: str, page: str) -> str:
        return page

    def find(self, host: str, path: str, query: str = "") -> Document | None:
        found = super().find(host, path, query)
        if found is None or not found.content_type.startswith(("text/html", "application/json")):
            return found
        return Document(
            lambda: self.change(path, found.plain.decode()), found.content_type, found.modified
        )


class NewForm(Changed):
    """Articles of id `since` or later have addresses of another form."""

    since = 10**9

    def change(self, path: str, page: str) -> str:
        if path.startswith("/c/"):
            return page
        return re.sub(r"/c/(\d{4}-\d\d-\d\d)/(\d+)\.shtml", self._link, page)

    def _link(self, found: re.Match[str]) -> str:
        day, id_ = found.groups()
        return found[0] if int(id_) < self.since else f"/news/{day.replace('-', '')}-{id_}.html"


class BesideABox(Changed):
    """Lists that a script builds, beside a box with the articles of `box`."""

    box: dict[str, str] = {}  # path -> the page as it was

    def change(self, path: str, page: str) -> str:
        return self.box.get(path, page)


def test_bodies_cut_to_a_sentence(tmp_path):
    site = Site(seed=5, articles=60, now=clock.now())
    with serve(site) as server:
        assert crawl(tmp_path, server.url, "sections=edu,rights,character").code == 0
        for article in site.truth():
            site.revise(
                article["id"], paragraphs=("据介绍，相关工作正在有序推进之中。",), pictures=()
            )
        done = crawl(tmp_path, server.url, "sections=edu,rights,character", "recheck_days=90")
    assert done.manifest["counts"]["updated"] > 10
    assert done.code == 3, done.last_line
    assert {"updates", "lengths"} <= failed_checks(done)
    assert "updates" in done.last_line


def test_some_edits_are_none(tmp_path):
    site = Site(seed=5, articles=60, now=clock.now())
    with serve(site) as server:
        assert crawl(tmp_path, server.url, "sections=edu,rights,character").code == 0
        for article in site.truth()[:12]:
            site.revise(article["id"], title=article["title"] + "（更新）")
        done = crawl(tmp_path, server.url, "sections=edu,rights,character", "recheck_days=90")
    assert done.manifest["counts"]["updated"] > 5
    assert done.code == 0, done.last_line


def test_new_articles_under_addresses_of_a_new_form(tmp_path):
    site = NewForm(seed=5, articles=400, now=START, ahead=2, papers=0)
    with serve(site) as server:
        assert at(START, tmp_path, server.url).code == 0
        site.since = 1 + max(int(article["id"]) for article in site.truth())
        for days in (1, 2):
            moment = START + timedelta(days=days)
            site.advance(moment)
            done = at(moment, tmp_path, server.url)
            assert done.code == 3, done.last_line
            assert "entries" in failed_checks(done)


def test_lists_built_by_script_beside_a_box_of_known_articles(tmp_path):
    site = BesideABox(seed=5, articles=900, now=START, ahead=10, papers=0)
    with serve(site) as server:
        assert at(START, tmp_path, server.url).code == 0
        pages = {
            f"/{slug}/": site.find("www.workercn.cn", f"/{slug}/").plain.decode()
            for slug in ("edu", "rights", "character", "culture", "acftu")
        }
        pages |= {path.replace("/", "/json/", 1) + "index_2.json": "[]" for path in [*pages]}
        site.box = pages
        codes: list[tuple[int, bool]] = []
        while (3, True) not in codes:
            moment = START + timedelta(days=len(codes) + 1)
            site.advance(moment)
            done = at(moment, tmp_path, server.url, MAX_MISSING_SHARE=1)
            codes.append((done.code, "pauses" in failed_checks(done)))
            assert len(codes) < 10, codes


def test_one_page_in_the_place_of_many(tmp_path):
    site = Site(seed=5, articles=60, now=clock.now())
    words = "为了您的访问安全，本页内容正在维护，请稍后再来查看。" * 6
    with serve(site) as server:
        for article in site.truth()[:12]:
            site.revise(article["id"], paragraphs=(words,), pictures=())
        done = crawl(tmp_path, server.url, "sections=edu,rights,character")
    assert done.code == 3, done.last_line
    assert "bodies" in failed_checks(done)


def test_sixty_runs_of_one_section_do_not_push_the_nights_out(tmp_path):
    site = Site(seed=5, articles=120, now=START, papers=0)
    with serve(site) as server:
        first = at(START, tmp_path, server.url)
        assert first.code == 0, first.last_line
        (folder,) = (tmp_path / "runs").iterdir()
        manifest = (folder / "manifest.json").read_text("utf-8")
        run_ids = [f"20260303T2{n // 60}{n % 60:02}00Z-workercn-{n:04x}" for n in range(61)]
        for run_id in run_ids:
            other = folder.with_name(run_id)
            other.mkdir()
            for name in ("articles.jsonl", "rejects.jsonl", "journal.jsonl"):
                (other / name).touch()
            words = manifest.replace(first.manifest["run_id"], run_id)
            words = words.replace('"command": "nightly"', '"command": "crawl"')
            words = re.sub(r'"sections": "all,paper"', '"sections": "edu"', words)
            (other / "manifest.json").write_text(words, "utf-8")
        second = at(START + timedelta(days=3), tmp_path, server.url)
    assert second.manifest["arguments"]["since"] == "2026-03-03"


def test_more_missed_nights_than_are_caught_up(tmp_path):
    site = Site(seed=5, articles=300, now=START, ahead=30, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        nights = []
        for days in (0, 1, 21, 22, 23):
            moment = START + timedelta(days=days)
            site.advance(moment)
            nights.append(at(moment, tmp_path, server.url, CATCH_UP_DAYS=5))
    assert [night.code for night in nights] == [0, 0, 3, 0, 0]
    late, after = nights[2], nights[3:]
    assert failed_checks(late) == {"nights"}
    (check,) = [check for check in late.manifest["checks"] if check["name"] == "nights"]
    assert check["data"]["since"] == "2026-03-05"
    assert check["data"]["until"] == "2026-03-19"
    assert "-a since=2026-03-05 -a until=2026-03-19" in late.last_line
    # From the night before, a few hours earlier: the days left out are not walked for ever.
    assert [night.manifest["arguments"]["since"] for night in after] == ["2026-03-23", "2026-03-24"]


def test_as_many_missed_nights_as_are_caught_up(tmp_path):
    site = Site(seed=5, articles=300, now=START, ahead=30, legacy=0, json2021=0, papers=0)
    with serve(site) as server:
        for days in (0, 1, 6):
            moment = START + timedelta(days=days)
            site.advance(moment)
            assert at(moment, tmp_path, server.url, CATCH_UP_DAYS=5).code == 0
