"""The Chinese of reports and alerts: whole, in step with the code, and used."""

from __future__ import annotations

import os
import string

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from crawler import report
from crawler.report import advice
from crawler.report.findings import Findings
from crawler.report.translation import Words
from tests.report import catalogue, reports
from tests.report.reports import DEGRADED, FAILED, INTERRUPTED, article, make, reject
from tests.support.harness import command, run


def test_the_catalogue_is_in_step_with_the_code_and_compiled():
    known = catalogue.read()
    assert catalogue.PO.read_text("utf-8") == catalogue.written(known), "make messages"
    assert catalogue.MO.read_bytes() == catalogue.compiled(known), "make messages"


def test_no_string_is_missing_in_chinese():
    for message in catalogue.read():
        assert not message.fuzzy
        texts = catalogue.texts(message)
        assert all(texts), message.id
        if message.id:
            many = message.id[-1] if isinstance(message.id, tuple) else message.id
            assert all(places(text) == places(many) for text in texts), message.id


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


EMPTY = {"listed": 0, "pages": 1, "new": 0, "newest_published_at": None}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """Nights of every kind, the last with everything that a report can say."""
    output = tmp_path_factory.mktemp("output")
    for night, changes in enumerate([{}, {}, {}, FAILED, INTERRUPTED, {"salvaged": True}]):
        make(output, night, articles=[article(1, revision=night + 1, title="旧题")], **changes)
    (output / "runs" / reports.run_id(3) / "manifest.json").write_text("{")
    changed = {"change": "updated", "changed_fields": ["title"], "revision": 7}
    last = make(
        output,
        6,
        articles=[article(1, **changed), *map(article, range(2, 40)), "torn"],
        rejects=[*map(reject, range(9)), "torn"],
        **DEGRADED | {"counts": {"new": 1, "rendered": 1}},
        sections={"edu": EMPTY, "paper": EMPTY},
        group="shared",
    )
    failing = {"url": "https://www.workercn.cn/b", "tries": 4, "error": "x", "next_try": None}
    slow = [{"url": "https://www.workercn.cn/a", "seconds": 12.3}]
    for run_folder in sorted((output / "runs").iterdir())[:-1]:
        report.write(run_folder, output=output, language="zh")
    extra = {"slowest": slow, "failing": [failing] * 60}
    report.write(last, output=output, extra=extra, language="zh")
    report.write_index(output, language="zh")
    return output


# What is the same in every language: names of fields, files, settings and of the project itself.
ALIKE = {
    *("run_id", "articles.jsonl", "rejects.jsonl", "sha256", "workercn", "Scrapy", "crawler"),
    *(*reports.FIELDS, "python", "scrapy", "shared", "finished", "shutdown", "since"),
}


@pytest.mark.parametrize(
    "page", ["index.html", *(f"runs/{reports.run_id(n)}/report.html" for n in range(7))]
)
def test_no_english_is_left_in_a_chinese_page(output, page):
    html = Html((output / page).read_text("utf-8"))
    assert html.css_first("html").attributes["lang"] == "zh-Hans"
    for node in html.css("style, script, code, pre, .error, .url, td:nth-child(3), th small"):
        node.decompose()
    told = [html.body.text(separator="\n"), html.css_first("title").text()]
    told += [node.attributes["aria-label"] for node in html.css("[aria-label]")]
    english = {message for message in catalogue.in_the_code() if isinstance(message, str)}
    lines = {line.strip() for text in told for line in text.split("\n")}
    assert not (lines & english) - ALIKE
    sentences = {message.split("{")[0].strip() for message in english if len(message) > 20}
    for line in lines:
        assert not any(start and line.startswith(start) for start in sentences), line


def test_the_same_night_in_both_languages(output):
    folder = output / "runs" / reports.run_id(6)
    chinese = Html((folder / "report.html").read_text("utf-8"))
    report.write(folder, output=output, language="en")
    english = Html((folder / "report.html").read_text("utf-8"))
    report.write(folder, output=output, language="zh")
    for parts in ("section", "tr", "li", "dt", "rect", "a", "details"):
        assert len(chinese.css(parts)) == len(english.css(parts)), parts


FOUND = [
    ("rejects", "too_many", {"number": 7, "total": 7, "allowed_share": 0.05, "few": 2, "needs_rendering": 0},
     "7 of 7 articles rejected (limit 5 %, at least 2)", "7 篇稿件中有 7 篇被拒收（上限 5%，至少允许 2 篇）"),
    ("sections", "listed_nothing", {"sections": ["edu", "law"], "good": 3, "total": 5},
     "3 of 5 sections listed articles; none in: 教育 (edu), law", "5 个栏目中有 3 个列出了稿件；没有稿件的栏目：教育（edu）、law"),
    ("coverage", "not_judged", {"why": "young", "runs": 0, "least": 5},
     "not judged: 0 comparable earlier runs, 5 are needed", "未判断：只有 0 次可比的历史运行，至少需要 5 次"),
    ("hosts", "unusable", {"hosts": ["a", "b"], "good": 0, "total": 2, "reasons": {"a": "robots_503"}},
     "0 of 2 hosts could be used; a could not be used (robots.txt answered 503); b gave no response",
     "2 台主机中有 0 台可用；a 不可用（robots.txt 返回 503）；b 没有响应"),
    ("gaps", "gap", {"gaps": [{"section": "edu", "from": "", "to": "2026-11-14T07:51:00+08:00", "reason": "ended"}],
                      "good": 1, "total": 2},
     "1 of 2 sections were walked without a gap; "
     "教育 (edu): not seen: 2026-11-14 07:51 and earlier (the listing ended early)",
     "2 个栏目中有 1 个遍历时没有缺口；教育（edu）：2026-11-14 07:51 及更早的内容没有看到（列表提前结束）"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code", "data", "english", "chinese"), FOUND)
def test_a_check_in_words_is_made_from_its_code_and_data(name, code, data, english, chinese):
    names = {"edu": "教育"}
    assert Findings(Words("en"), names).sentence(name, code, data) == english
    assert Findings(Words("zh"), names).sentence(name, code, data) == chinese


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("", {}),  # an older version's
        ("too_many", {}),
        ("too_many", {"number": "7", "total": 7, "allowed_share": "x", "few": 2}),
        ("not_judged", {"why": "unheard-of"}),
    ],
)
def test_what_older_or_broken_data_do_not_tell_is_said_as_the_run_said_it(code, data):
    check = report_check(code=code, data=data)
    assert Findings(Words("zh"), {}).of(check) == "as it said"


def report_check(**changes):
    from crawler.report.data import ReportedCheck

    return ReportedCheck.model_validate(
        {"name": "rejects", "ok": False, "detail": "as it said"} | changes
    )


def test_names_of_checks_and_advice():
    assert advice.label("sections", Words("en")) == "sections"
    assert advice.label("sections", Words("zh")) == "栏目（sections）"
    assert advice.label("moon", Words("zh")) == "moon"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN"}, "zh-Hans"),
        ({"LANG": "zh_CN.UTF-8", "REPORT_LANGUAGE": "en"}, "en"),
        ({"REPORT_LANGUAGE": "zh"}, "zh-Hans"),
    ],
)
def test_the_language_is_that_of_the_locale_or_as_set(tmp_path, environment, language):
    make(tmp_path, 1)
    names = ("LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "REPORT_LANGUAGE")
    env = {name: value for name, value in os.environ.items() if name not in names}
    done = run(command("report", OUTPUT_DIR=tmp_path), env=env | environment, fresh=True)
    assert done.returncode == 0, done.stderr
    for page in ("index.html", f"runs/{reports.run_id(1)}/report.html"):
        html = Html((tmp_path / page).read_text("utf-8"))
        assert html.css_first("html").attributes["lang"] == language


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"REPORT_LANGUAGE": "de"}, "setting REPORT_LANGUAGE=de: allowed: en, zh"),
        *(
            (
                {"REPORT_URL": url},
                f"setting REPORT_URL={shown}: allowed: the address at which OUTPUT_DIR is served, "
                "such as https://host/crawl",
            )
            for url, shown in [
                ("news1/crawl", "news1/crawl"),
                ("ftp://news1/crawl", "ftp://news1/crawl"),
                ("https://", "https://"),
                ("https://news1/crawl?x=1", "https://news1/crawl?x=1"),
                ("https://news1:99999/", "https://news1:99999/"),
            ]
        ),
    ],
)
def test_a_wrong_setting_is_named_before_anything_is_touched(tmp_path, settings, words):
    done = run(command("nightly", "workercn", OUTPUT_DIR=tmp_path / "output", **settings))
    assert (done.returncode, done.stderr) == (2, f"scrapy: {words}\n")
    assert not (tmp_path / "output").exists()
