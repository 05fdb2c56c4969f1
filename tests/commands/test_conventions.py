"""What a user of Scrapy expects: parse, shell, -h, and no need to name the only spider."""

from __future__ import annotations

import sys
from dataclasses import fields

import pytest

from crawler import clock
from crawler.samplesite import Site, faults, serve
from crawler.spiders.arguments import HELP, Arguments
from tests.support.harness import UNHURRIED, command, lines, run


@pytest.fixture(scope="module")
def site():
    return Site(seed=2, articles=60, now=clock.now())


@pytest.fixture(scope="module")
def server(site):
    with serve(site) as server:
        yield server


@pytest.fixture
def settings(server, tmp_path):
    return {"OUTPUT_DIR": tmp_path / "out", "MIRROR_URL": server.url, **UNHURRIED}


@pytest.fixture(scope="module")
def known(site):
    return next(a for a in site.truth("modern") if not a.get("reject"))


def test_parse_shows_the_record_without_a_run(known, settings, tmp_path):
    line = command("parse", known["url"], "--nocolour", "-o", tmp_path / "x.jsonl", **settings)
    done = run(line)
    assert done.returncode == 0, done.stderr
    assert f"'title': '{known['title']}'" in done.stdout
    assert "'schema': 'workercn.article/1'" in done.stdout
    assert [record["id"] for record in lines(tmp_path / "x.jsonl")] == [known["id"]]
    assert "Traceback" not in done.stderr
    assert "Deprecation" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ([], 2, "no address"),
        (["edu"], 2, "edu: allowed: scrapy parse"),
        (["http://a", "http://b"], 2, "http://b"),
        (["https://www.workercn.cn/c/gone.shtml", "-s", "CONTACT=a\tb", "-m", "{"], 2, "meta"),
    ],
)
def test_parse_says_in_one_line_what_is_wrong(settings, words, code, named):
    done = run([*command("parse", **settings), *words])
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert named in done.stderr


def test_parse_of_what_cannot_be_fetched(settings):
    done = run(command("parse", "http://127.0.0.1:9/x", **settings))
    assert done.returncode == 4
    assert "http://127.0.0.1:9/x could not be fetched" in done.stderr.splitlines()[-1]


def test_shell_fetches_an_article(known, settings, tmp_path):
    code = "response.css('title::text').get()"
    done = run(command("shell", known["url"], "-c", code, **settings))
    assert done.returncode == 0, done.stderr
    assert known["title"] in done.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["crawl", "nightly"])
def test_the_only_spider_need_not_be_named(settings, name):
    done = run([*command(name, **settings), "-a", "sections=edu", "-a", "pages=1"])
    assert done.returncode == 0, done.stderr
    assert "complete and healthy" in done.stderr.splitlines()[-1]
    other = run(command(name, "other", **settings))
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert "other: allowed:" in other.stderr


def test_workercn_crawl_from_any_folder(settings, tmp_path, monkeypatch):
    line = [sys.executable, "-m", "crawler.console", "crawl", "-a", "sections=edu", "-a", "pages=1"]
    line += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    done = run(line, fresh=True)
    assert done.returncode == 0, done.stderr


def rows(text):
    """The first word of each line of a help text -> the line."""
    return {line.split()[0]: line for line in text.splitlines() if line.split()}


@pytest.mark.parametrize("name", ["crawl", "nightly"])
def test_help_has_a_line_for_each_argument(name):
    assert list(HELP) == [field.name for field in fields(Arguments)]
    done = run(command(name, "workercn", "-h"))
    assert done.returncode == 0
    for argument, does in HELP.items():
        (line,) = [line for line in done.stdout.splitlines() if f"-a {argument}=" in line]
        assert line.endswith(does)


def test_help_has_a_line_for_each_fault():
    shown = rows(run(command("samplesite", "-h")).stdout)
    for kind in faults.KINDS:
        (line,) = [
            line for word, line in shown.items() if word.partition("[")[0].split("=")[0] == kind
        ]
        assert len(line.split()) > 1
    for option in ("--port", "--fault", "--truth", "--latency", "--seed"):
        assert len(shown[option].split()) > 2


def test_help_has_a_line_for_each_action_and_option_of_the_feed():
    text = run(command("feed", "merge", "-h")).stdout
    for word in ("verify", "merge", "rebuild-state", "schema"):
        assert len(rows(text.partition("Actions")[2])[word].split()) > 3
    merge = rows(text.partition("Options Of Merge")[2])
    for option in ("-o", "--since", "--until", "--sections", "--group", "--newest", "--removed"):
        assert len(merge[option].split()) > 3
