"""What a report does with files that are torn, old, hostile or huge."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from crawler import report
from crawler.report import charts, data, page
from crawler.report.translation import Words
from tests.report import reports
from tests.report.reports import article, make, reject
from tests.support.growth import peak

SAY = Words()


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"counts": {"new": ' + b"9" * 5000 + b"}}",
    ],
)
def test_a_manifest_that_is_none(tmp_path, content):
    run = make(tmp_path, 0, articles=[article(1)], rejects=[reject(1)])
    (run / "manifest.json").unlink()
    if content is not None:
        (run / "manifest.json").write_bytes(content)
    later = make(tmp_path, 1)
    report.write(run, output=tmp_path)
    report.write(later, output=tmp_path)
    report.write_index(tmp_path)
    text = (run / "report.html").read_text("utf-8")
    assert "The manifest of this run cannot be read" in text
    assert article(1)["title"] in text
    assert "http_404" in text
    assert "unreadable: new –" in (later / "report.html").read_text("utf-8")
    assert "unreadable" in (tmp_path / "index.html").read_text("utf-8")


WRONG = [
    None,
    0,
    -1,
    1e308,
    float("nan"),
    "",
    "x",
    [],
    [1],
    {},
    {"a": [{}]},
    True,
    "\ud800",
    10**400,
]


@pytest.mark.parametrize("key", list(reports.manifest(0)))
def test_a_manifest_with_a_wrong_or_missing_key(tmp_path, key):
    runs = []
    for night, wrong in enumerate(WRONG):
        runs.append(make(tmp_path, night))
        manifest = reports.manifest(night) | {key: wrong}
        (runs[-1] / "manifest.json").write_text(json.dumps(manifest))
    runs.append(make(tmp_path, len(WRONG)))
    manifest = reports.manifest(len(WRONG))
    del manifest[key]
    (runs[-1] / "manifest.json").write_text(json.dumps(manifest))
    for run in runs:
        report.write(run, output=tmp_path)
        assert (run / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    report.write_index(tmp_path)


@pytest.mark.parametrize(
    ("given", "key", "expected"),
    [
        (
            {"counts": {"new": 3, "updated": -1, "rejected": "x"}},
            "counts",
            data.ReportedCounts(new=3),
        ),
        ({"counts": {"new": "12"}}, "counts", data.ReportedCounts(new=12)),
        ({"health": "splendid"}, "health", None),
        ({"fields": {"body": 7}}, "fields", {}),
        ({"started_at": "2026-10-01T19:00:04"}, "started_at", None),  # of which zone?
        ({"started_at": "9999-12-31T23:00:00Z"}, "started_at", None),
        ({"checks": [{"name": "a"}]}, "checks", [data.ReportedCheck(name="a")]),
        ({"of another version": 1}, "checks", []),
    ],
)
def test_what_cannot_be_meant_is_as_if_not_written(given, key, expected):
    assert getattr(data.ReportedManifest.model_validate(given), key) == expected


def test_lines_that_are_no_records_are_counted(tmp_path):
    whole, torn = json.dumps(article(1)), json.dumps(article(2))[:40]
    run = make(tmp_path, 1)
    (run / "articles.jsonl").write_bytes(f"{whole}\n[1]\n\xff\n{torn}".encode("latin-1", "replace"))
    found = data.read_articles(run / "articles.jsonl")
    assert (found.records, found.unreadable, len(found.newest)) == (1, 3, 1)
    report.write(run, output=tmp_path)
    assert "3 lines of articles.jsonl cannot be read" in (run / "report.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["articles.jsonl", "rejects.jsonl"])
def test_a_missing_file_is_an_empty_one(tmp_path, name):
    run = make(tmp_path, 1, articles=[article(1)], rejects=[reject(1)])
    (run / name).unlink()
    report.write(run, output=tmp_path)
    text = (run / "report.html").read_text("utf-8")
    assert ("The run has no records." if name == "articles.jsonl" else "Nothing was") in text


def test_no_more_than_the_newest_records_are_in_memory(tmp_path):
    path = tmp_path / "articles.jsonl"
    record = article(1, body="字" * 5000)

    def write(records):
        with path.open("w", encoding="utf-8") as file:
            for number in range(records):
                moment = f"2026-10-{number % 28 + 1:02}T00:00:{number % 60:02}+08:00"
                record.update({"published_at": moment, "title": str(number)})
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

    write(400)
    few = peak(lambda: data.read_articles(path))
    write(4000)
    assert peak(lambda: data.read_articles(path)) < 2 * few
    found = data.read_articles(path)
    assert found.records == 4000
    times = [f"{one.published_at:%d %S}" for one in found.newest]
    assert times == sorted((f"28 {n % 60:02}" for n in range(27, 4000, 28)), reverse=True)[:20]


def test_ever_new_reasons_do_not_make_an_endless_report(tmp_path):
    lines = [reject(number, reason=f"invalid_{number}") for number in range(2000)]
    run = make(tmp_path, 1, rejects=lines)
    found = data.read_rejects(run / "rejects.jsonl")
    assert found.number == 2000
    assert len(found.groups) == 51
    assert (found.groups[0].reason, found.groups[0].number) == ("other reasons", 1950)


# --- hostile words --------------------------------------------------------------------------

EVIL = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"


def evil(value):
    """The same value with every text in it hostile."""
    match value:
        case dict():
            return {
                EVIL + key if key in ("body", "edu") else key: evil(v) for key, v in value.items()
            }
        case list():
            return [evil(one) for one in value]
        case str():
            return value + EVIL
    return value


def test_nothing_that_was_written_by_others_acts_as_markup(tmp_path):
    keep = ("health", "started_at", "finished_at")
    manifest = reports.manifest(1, **reports.DEGRADED)
    spoiled = evil(manifest) | {key: manifest[key] for key in keep}
    links = ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "http://", "http://[x"]
    run = make(
        tmp_path,
        1,
        articles=[article(n, url=url, title=EVIL) for n, url in enumerate(links)]
        + [evil(article(9))],
        rejects=[evil(reject(1)), *(reject(n, url=url) for n, url in enumerate(links))],
    )
    (run / "manifest.json").write_text(json.dumps(spoiled))
    extra = {
        "slowest": [{"url": url, "seconds": 1} for url in [*links, EVIL]],
        "failing": [{"url": url, "error": EVIL, "tries": 1, "next_try": EVIL} for url in links],
    }
    report.write(run, output=tmp_path, extra=extra)
    report.write_index(tmp_path)
    for path in (run / "report.html", tmp_path / "index.html"):
        found = Html(path.read_text("utf-8"))
        assert "alert(1)" in found.body.text()
        scripts = [script.attributes.get("type") for script in found.css("script")]
        assert scripts in ([], ["application/json"])
        assert not found.css("img, iframe, object, form, [onload], [onerror]")
        for link in found.css("a"):
            href = link.attributes["href"]
            assert href.startswith(
                ("https://www.workercn.cn/", "#", "../../", "runs/")
            ) or href in (
                "articles.jsonl",
                "rejects.jsonl",
            )
    assert (
        json.loads(data.kept(run / "report.html").model_dump_json())["failing"][0]["error"] == EVIL
    )


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.workercn.cn/c/2024-02-29/8163816.shtml", True),
        ("http://news.workercn.cn/", True),
        ("HTTPS://www.workercn.cn/", True),
        ("https://www.workercn.cn/人物", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https:\\\\evil.example", False),
        ("https:///", False),
        ("http://[x", False),
        ("ftp://www.workercn.cn/", False),
        ("file:///etc/passwd", False),
        ("//www.workercn.cn/", False),
        ("https://www.workercn.cn/\x00", False),
        ("https://www.workercn.cn/\u202egpj.exe", False),
        ("https://www.workercn.cn/" + "a" * 3000, False),
        ("", False),
    ],
)
def test_only_web_addresses_are_links(url, link):
    assert page.is_web(url) == link


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("人物\t“劳模”\n第二行", "人物\t“劳模”\n第二行"),
        ("a\x00b\x1b[31m", "a␀b␛[31m"),
        ("gpj\u202eexe", "gpj⟨U+202E⟩exe"),
        ("零\u200b宽\ufeff", "零⟨U+200B⟩宽⟨U+FEFF⟩"),
        ("\ud83d half", "⟨U+D83D⟩ half"),
        ("\x7f\x85", "⟨U+007F⟩⟨U+0085⟩"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_what_cannot_be_seen_is_shown(tmp_path, text, shown):
    assert page.visible(text) == shown
    run = make(tmp_path, 1, articles=[article(1, title=text)])
    report.write(run, output=tmp_path)
    assert shown in (run / "report.html").read_text("utf-8")


def test_a_long_text_is_cut(tmp_path):
    run = make(
        tmp_path, 1, rejects=[reject(1, error="x\n" * 1_000_000, url="https://a/" + "b" * 10**6)]
    )
    report.write(run, output=tmp_path)
    assert (run / "report.html").stat().st_size < 100_000


# --- numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("largest", "step"), [(0, 1), (4, 1), (5, 2), (8, 2), (9, 5), (20, 5), (21, 10), (163, 50), (9_999_999, 5_000_000)]
)  # fmt: skip
def test_ticks_are_round_and_few(largest, step):
    assert charts.tick_step(largest) == step


def test_a_number_above_zero_is_seen_however_small():
    runs = [
        data.Run(
            "a",
            True,
            False,
            data.ReportedManifest(counts=data.ReportedCounts(new=99_999, rejected=1)),
        ),
        data.Run("b", True, False, data.ReportedManifest()),
    ]
    first, second = charts.stacked(runs).bars
    assert [(part.name, part.value, part.height) for part in first.parts] == [
        ("new", 99_999, 180),
        ("rejected", 1, 1.5),
    ]
    assert second.parts == []


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (SAY.number, None, "–"), (SAY.number, 12345, "12,345"), (SAY.number, 0.0, "0"),
        (SAY.share, None, "–"), (SAY.share, 1.0, "100 %"), (SAY.share, 0.9997, "99.9 %"),
        (SAY.share, 0.8667, "86.7 %"), (SAY.share, 0.0, "0 %"),
        (SAY.size, None, "–"), (SAY.size, 999, "999 B"), (SAY.size, 1_814_692, "1.8 MB"),
        (SAY.size, 10**15, "1,000.0 TB"),
        (SAY.span, None, "–"), (SAY.span, 0.4, "0 s"), (SAY.span, 125, "2 min 05 s"),
        (SAY.span, 3 * 3600 + 300, "3 h 05 min"),
    ],
)  # fmt: skip
def test_numbers_as_a_person_reads_them(form, value, text):
    assert form(value) == text
