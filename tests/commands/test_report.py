"""`scrapy report` from the command line, on a run that was really made."""

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from crawler import clock
from crawler.samplesite import Site, serve
from tests.report import reports
from tests.support.harness import command, crawl, run


def report(output, *words):
    return run(command("report", *words, OUTPUT_DIR=output))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    site = Site(seed=3, articles=40, now=clock.now())
    bad = site.truth()[0]["url"].removeprefix("https://www.workercn.cn")
    with serve(site, faults=[f"{bad}:status=404"]) as server:
        return crawl(tmp_path_factory.mktemp("output"), server.url)


def test_the_newest_run_and_the_index(crawled):
    done = report(crawled.output)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{crawled.folder / 'report.html'}\n"
    page = Html((crawled.folder / "report.html").read_text("utf-8"))
    assert page.css_first("h1").text() == (
        "All is well: 39 new articles from 5 sections, 1 rejected."
    )
    by_url = {record["url"]: record["title"] for record in crawled.records}
    shown = page.css("[aria-labelledby=articles] .title a")
    assert len(shown) == 20
    assert all(link.text() == by_url[link.attributes["href"]] for link in shown)
    slugs = [row.text() for row in page.css("[aria-labelledby=sections] tbody th")]
    assert [slug.split()[-1] for slug in slugs] == list(crawled.manifest["sections"])
    assert "fetch / http_404" in page.css_first("[aria-labelledby=rejects]").text()
    index = Html((crawled.output / "index.html").read_text("utf-8"))
    (link,) = {link.attributes["href"] for link in index.css("a[href$='report.html']")}
    assert (crawled.output / link).is_file()


def test_a_run_by_its_name_also_a_trial(tmp_path):
    older, newer = (reports.make(tmp_path, night) for night in (1, 2))
    trial = reports.make(tmp_path / "elsewhere", 3)
    (tmp_path / "trials").mkdir()
    trial = trial.rename(tmp_path / "trials" / trial.name)
    assert report(tmp_path, older.name).returncode == 0
    assert (older / "report.html").is_file()
    assert not (newer / "report.html").exists()
    assert report(tmp_path, trial.name).stdout == f"{trial / 'report.html'}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["20261001T190004Z-workercn-ffff"],
        ["nonsense"],
        ["../runs"],
        [""],
        ["."],
        ["--all"],
        [reports.run_id(1), "more"],
    ],
)
def test_wrong_words(tmp_path, words):
    folder = reports.make(tmp_path, 1)
    (tmp_path / "runs/nonsense").mkdir()
    done = report(tmp_path, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert words[-1] in done.stderr
    assert not (folder / "report.html").exists()


def test_no_run_at_all(tmp_path):
    done = report(tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"scrapy: no run of OUTPUT_DIR={tmp_path}; allowed: scrapy report [RUN_ID]\n"
    )


def test_a_place_that_cannot_be_written(tmp_path):
    folder = reports.make(tmp_path, 1)
    (folder / "report.html").mkdir()
    done = report(tmp_path)
    assert done.returncode == 6
    assert done.stderr.startswith("scrapy: the report cannot be written: ")
    assert done.stderr.count("\n") == 1
    assert list(folder.glob(".report*")) == []
