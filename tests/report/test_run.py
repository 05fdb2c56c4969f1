"""report.html and index.html, as text: what they tell of good, bad and unreadable runs."""

import json
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from crawler import report
from tests.report import reports
from tests.report.reports import DEGRADED, FAILED, INTERRUPTED, article, make, reject


def read(path):
    return Html(path.read_text("utf-8"))


def written(run, output, extra=None):
    report.write(run, output=output, extra=extra)
    return read(run / "report.html")


def words(node):
    return " ".join(node.text(separator=" ").split())


def section(page, name):
    return words(page.css_first(f"[aria-labelledby={name}]"))


@pytest.mark.parametrize(
    ("changes", "word", "sentence", "advice"),
    [
        (
            {"counts": {"new": 12, "updated": 0, "removed": 0, "rejected": 0}},
            "ok",
            "All is well: 12 new articles from 5 sections.",
            "Nothing to do.",
        ),
        (
            {"counts": {"new": 0, "updated": 1, "removed": 2, "rejected": 1}},
            "ok",
            "All is well: nothing new, 1 updated, 2 removed, 1 rejected.",
            "Nothing to do.",
        ),
        (
            DEGRADED,
            "degraded",
            "The run finished, but 1 of 2 checks failed: sections.",
            "Open the section in a browser.",
        ),
        (
            {
                "health": "degraded",
                "exit_code": 3,
                "checks": [{"name": "moon", "ok": False, "detail": "seen 3, wanted 4"}],
            },
            "degraded",
            "The run finished, but 1 of 1 checks failed: moon.",
            "Compare the numbers of this check with those of earlier runs.",
        ),
        (INTERRUPTED, "interrupted", "The run was interrupted;", "Run it again for the rest."),
        (
            FAILED,
            "failed",
            "The run failed with an unexpected error;",
            "Read the traceback in the log.",
        ),
        ({"health": "failed", "exit_code": 4}, "failed", "The site could not be used", "online"),
        (
            {"health": "failed", "exit_code": 6},
            "failed",
            "The feed or the state could not be written;",
            "disk",
        ),
        (
            {"salvaged": True, "complete": False},
            "salvaged",
            "The run was killed;",
            "what killed it",
        ),
        (
            {"health": None, "exit_code": None},
            "unknown",
            "The manifest does not say how this run ended.",
            "",
        ),
    ],
)
def test_the_verdict_is_a_sentence_with_what_to_do(tmp_path, changes, word, sentence, advice):
    page = written(make(tmp_path, 1, **changes), tmp_path)
    header = page.css_first("header")
    assert words(header.css_first(".word")) == word
    assert sentence in words(header.css_first("h1"))
    assert advice in words(header)
    assert page.css_first("title").text().startswith(f"{word} · 2026-09-22 03:00")


def test_the_reason_of_each_failed_check_is_in_the_verdict(tmp_path):
    page = written(make(tmp_path, 1, **DEGRADED), tmp_path)
    assert "sections: 4 of 5 sections listed something; not: edu" in words(page.css_first("header"))
    rows = [words(row) for row in page.css("[aria-labelledby=checks] tbody tr")]
    assert rows == [
        "sections failed 4 of 5 sections listed something; not: edu",
        "hosts ok 1 of 1 hosts could be used",
    ]
    (folded,) = page.css("[aria-labelledby=checks] details")
    assert "1 check passed" in words(folded)
    assert "hosts ok" in words(folded)


def test_a_run_stands_beside_the_30_before_it(tmp_path):
    for night in range(35):
        make(tmp_path, night, counts={"new": 100 + night})
    run = make(tmp_path, 35, counts={"new": 7})
    make(tmp_path, 36)  # a later one is no history
    page = written(run, tmp_path)
    bars = [bar.attributes["data-run"] for bar in page.css("svg.history g.bar")]
    assert bars == [reports.run_id(night) for night in range(5, 36)]
    rows = page.css("[aria-labelledby=numbers] tbody tr")
    assert [words(row.css_first("td")) for row in rows] == [
        "7",
        *[str(100 + night) for night in range(34, 4, -1)],
    ]
    # the median of nights 5 to 34, rounded
    assert "new 7 usually 120" in section(page, "numbers")


def test_what_is_usual_counts_complete_runs_only_and_from_three_on(tmp_path):
    for night in (0, 1):
        make(tmp_path, night, counts={"new": 50})
    make(tmp_path, 2, **INTERRUPTED | {"counts": {"new": 1}})
    young = written(make(tmp_path, 3, counts={"new": 70}), tmp_path)
    assert "usually" not in section(young, "numbers")
    older = written(make(tmp_path, 4, counts={"new": 80}), tmp_path)
    assert "new 80 usually 50" in section(older, "numbers")


def test_sections_with_what_they_listed_and_the_names_the_site_shows(tmp_path):
    silent = {"listed": 0, "pages": 1, "new": 0, "newest_published_at": None}
    busy = {"listed": 1234, "new": 7, "newest_published_at": "2026-10-01T20:05:12+08:00"}
    run = make(tmp_path, 1, articles=[article(1)], sections={"acftu": busy, "edu": silent})
    rows = [words(row) for row in written(run, tmp_path).css("[aria-labelledby=sections] tbody tr")]
    assert rows == ["工会 acftu 1,234 7 2026-10-01 20:05", "教育 edu 0 0 nothing listed"]


def test_the_newest_twenty_articles_with_links(tmp_path):
    lines = [article(number) for number in range(50)]
    lines[3] |= {"published_at": "2026-10-02T00:00:00+08:00", "published_precision": "day"}
    lines[4] |= {"published_at": "2026-10-01T23:59:00+08:00", "change": "removed"}
    page = written(make(tmp_path, 1, articles=lines), tmp_path)
    items = page.css("[aria-labelledby=articles] li")
    assert len(items) == 20
    assert words(items[0]) == f"{lines[3]['title']} 2026-10-02 · 工人日报客户端 · 工会"
    assert words(items[1]).endswith("2026-10-01 23:59 · 工人日报客户端 · 工会 · removed")
    assert words(items[2]).startswith(lines[49]["title"])
    link = items[2].css_first("a").attributes
    assert (link["href"], link["lang"]) == (lines[49]["url"], "zh-Hans")
    assert "and 30 more: articles.jsonl" in section(page, "articles")


def test_rejects_by_reason_with_examples(tmp_path):
    traceback = "Traceback (most recent call last):\n  File …\nValueError: no heading\n"
    lines = [reject(number) for number in range(5)]
    lines.append(reject(9, stage="parse", reason="exception", error=traceback))
    page = written(make(tmp_path, 1, rejects=lines), tmp_path)
    groups = page.css(".group")
    assert [words(group.css_first("h3")) for group in groups] == [
        "fetch / http_404 × 5",
        "parse / exception × 1",
    ]
    assert len(groups[0].css("a")) == 3
    assert "and 2 more" in words(groups[0])
    assert words(groups[1].css_first("summary")) == "ValueError: no heading"
    assert groups[1].css_first("details > pre").text().strip() == traceback.strip()


def test_arguments_versions_and_files(tmp_path):
    text = section(written(make(tmp_path, 1), tmp_path), "run")
    assert "since=2026-10-01" in text
    assert "crawler 0.1.0, scrapy 2.19.0, python 3.11.7" in text
    assert "3 records, 900 B" in text
    assert reports.run_id(1) in text


EXTRA = {
    "slowest": [{"url": "https://www.workercn.cn/a", "seconds": 12.34}],
    "failing": [
        {
            "url": "https://www.workercn.cn/b",
            "tries": 4,
            "error": "</script><script>alert(1)</script>",
            "next_try": "2026-10-02T19:00:00Z",
        },
        {"url": "https://www.workercn.cn/c", "tries": 9, "error": None, "next_try": None},
    ],
}


def test_what_only_the_crawl_knew_outlives_the_next_report(tmp_path):
    run = make(tmp_path, 1)
    first = written(run, tmp_path, EXTRA)
    before = (run / "report.html").read_bytes()
    report.write(run, output=tmp_path)
    assert (run / "report.html").read_bytes() == before
    text = section(first, "addresses")
    assert "https://www.workercn.cn/a 12.3" in text
    assert "</script><script>alert(1)</script> · 4 tries · next try 2026-10-03 03:00" in text
    assert "9 tries · given up" in text
    assert [script.attributes for script in first.css("script")] == [
        {"type": "application/json", "id": "extra"}
    ]
    report.write(run, output=tmp_path, extra={"slowest": [], "failing": []})
    assert "No address keeps failing." in section(read(run / "report.html"), "addresses")


@pytest.mark.parametrize(
    "earlier",
    [
        b"",
        b"<!DOCTYPE html><html><head><tit",
        b'<script type="application/json" id="extra">{"slowest": [{"ur',
        b'<script type="application/json" id="extra">{"slowest": [{"ur</script>',
        b'<script type="application/json" id="extra">' + b"[" * 100_000 + b"</script>",
        b'<script type="application/json" id="extra">[1]</script>',
        b"\xff\xfe\x00",
    ],
)
def test_a_torn_earlier_report_costs_only_what_it_held(tmp_path, earlier):
    run = make(tmp_path, 1)
    (run / "report.html").write_bytes(earlier)
    page = written(run, tmp_path)
    assert words(page.css_first(".word")) == "ok"
    assert not page.css("#addresses")


def test_a_run_still_partial_has_its_own_name(tmp_path):
    run = make(tmp_path, 1)
    partial = run.rename(run.with_name(run.name + ".partial"))
    text = section(written(partial, tmp_path), "run")
    assert run.name in text
    assert ".partial" not in text


def test_a_report_that_cannot_be_written_leaves_the_earlier_one(tmp_path, monkeypatch):
    run = make(tmp_path, 1)
    report.write(run, output=tmp_path)
    before = (run / "report.html").read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        report.write(run, output=tmp_path)
    assert (run / "report.html").read_bytes() == before
    assert sorted(path.name for path in run.iterdir()) == [
        "articles.jsonl", "manifest.json", "rejects.jsonl", "report.html",
    ]  # fmt: skip


# --- the index ------------------------------------------------------------------------------


def test_the_index_lists_all_runs_newest_first_with_verdicts(tmp_path):
    for night, changes in enumerate([{}, DEGRADED, FAILED, INTERRUPTED, {}]):
        make(tmp_path, night, **changes)
    (tmp_path / "runs" / reports.run_id(4) / "manifest.json").write_text('{"schema": "work')
    report.write(tmp_path / "runs" / reports.run_id(1), output=tmp_path)
    (tmp_path / "runs" / (reports.run_id(5) + ".partial")).mkdir()
    (tmp_path / "runs" / "lost+found").mkdir()
    report.write_index(tmp_path)
    page = read(tmp_path / "index.html")
    rows = page.css("tbody tr")
    verdicts = [words(row.css("td")[0]) for row in rows]
    assert verdicts == [
        "unreadable", "interrupted shutdown", "failed", "degraded sections", "ok",
    ]  # fmt: skip
    links = [link.attributes["href"] for link in page.css("main table a")]
    assert links == [f"runs/{reports.run_id(1)}/report.html"]
    assert words(page.css_first("header .word")) == "unreadable"


def test_the_index_by_month_and_its_sparklines(tmp_path):
    for night in range(20):
        make(tmp_path, night, counts={"new": 10 * night})
    report.write_index(tmp_path)
    page = read(tmp_path / "index.html")
    assert [words(month) for month in page.css("details h3")] == ["2026-10", "2026-09"]
    (points,) = [line.attributes["points"] for line in page.css_first("svg.spark").css("polyline")]
    places = [tuple(map(float, point.split(","))) for point in points.split()]
    assert len(places) == 20
    assert places[0] == (2, 22)
    assert places[-1] == (98, 2)
    assert all(a[1] > b[1] for a, b in pairwise(places))


def test_the_index_of_one_run_has_no_trends(tmp_path):
    """A single value has no line and no range; its strip of days is not as wide as the page."""
    make(tmp_path, 0)
    report.write_index(tmp_path)
    page = read(tmp_path / "index.html")
    assert page.css_first("svg.spark") is None
    assert "from" not in words(page.css_first(".sparks"))
    assert words(page.css_first(".sparks dd")) != ""


@pytest.mark.parametrize("made", [False, True])
def test_the_index_of_nothing(tmp_path, made):
    if made:
        (tmp_path / "runs").mkdir()
    report.write_index(tmp_path)
    assert words(read(tmp_path / "index.html").css_first("h1")) == "No run is published yet."


def test_the_index_says_which_manifest_is_no_json(tmp_path):
    make(tmp_path, 0)
    (tmp_path / "runs" / reports.run_id(0) / "manifest.json").write_text(json.dumps([1, 2]))
    report.write_index(tmp_path)
    assert "unreadable" in words(read(tmp_path / "index.html").css_first("tbody tr"))
