"""`scrapy doctor` as a user runs it, against the embedded site as it is and with faults."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import resource
import signal
import socket
import struct
import subprocess
import termios
import threading
import time
from itertools import pairwise
from pathlib import Path

import jsonschema_rs
import pytest

from crawler import clock
from crawler.doctor.result_rows import Diagnosis
from crawler.samplesite import Site, serve
from crawler.settings import ITEM_PIPELINES
from crawler.site import page_table
from crawler.text.widths import columns_of
from tests.end_to_end.test_walk import article as small_article
from tests.end_to_end.test_walk import item, listing
from tests.end_to_end.test_walk import site as small_site
from tests.end_to_end.test_walk import url as article_url
from tests.monitoring.test_alerts import SECRET, Receiver, closed_port
from tests.support.certificates import DAY, Authority
from tests.support.faulty import network
from tests.support.harness import UNHURRIED, command, run, start

SCHEMA = Diagnosis.model_json_schema(mode="serialization")
HOST = "www.workercn.cn"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(seed=3, articles=220, now=clock.now())


def doctors_line(server_url, output, *words, **settings):
    settings = {"OUTPUT_DIR": output, "MIRROR_URL": server_url, **UNHURRIED, **settings}
    return command("doctor", *words, **settings)


def doctor(server_url, output, *words, **settings):
    return run(doctors_line(server_url, output, *words, **settings))


def at_a_terminal(line, columns):
    """Exit code and standard output, which is a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    process = start(line, stdout=theirs, stderr=subprocess.DEVNULL, env=env)
    os.close(theirs)
    seen: list[bytes] = []
    reader = threading.Thread(target=_read, args=(ours, seen))
    reader.start()
    code = process.wait(timeout=60)
    reader.join()
    return code, b"".join(seen).decode()


def diagnose(server_url, output, *words, **settings):
    """The diagnosis as JSON, valid, and standard error empty."""
    done = doctor(server_url, output, "--json", *words, **settings)
    assert done.stderr == ""
    diagnosis = json.loads(done.stdout)
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(diagnosis)
    assert diagnosis["exit_code"] == done.returncode
    return diagnosis


def failing(diagnosis):
    return {row["name"]: row["problems"] for row in diagnosis["rows"] if row["verdict"] == "fails"}


# --- 0: healthy -------------------------------------------------------------------------------


def test_the_whole_site(site, tmp_path):
    with serve(site) as server:
        diagnosis = diagnose(server.url, tmp_path / "out", "--save", tmp_path / "pages")
        asked = [(request.host, request.path) for request in server.requests]
    assert diagnosis["exit_code"] == 0, diagnosis["sentence"]
    assert failing(diagnosis) == {}
    kinds = [row["kind"] for row in diagnosis["rows"]]
    assert (kinds.count("listing"), kinds.count("older"), kinds.count("article")) == (5, 5, 15)
    assert diagnosis["sentence"].startswith("healthy: 5 sections and 15 articles look as")
    hosts = {host for host, _ in asked}
    assert (
        diagnosis["requests"] == len(asked) == len(set(asked)) == 1 + 5 * 5 + 3 + len(hosts)
    )  # three of the table are not there
    assert not (tmp_path / "out").exists()
    truth = {article["url"]: article for article in site.truth()}
    for row in diagnosis["rows"]:
        if row["kind"] == "listing":
            assert row["entries"] == 27
            assert row["newest"] in {
                article["published_at"][:19].replace("T", " ") for article in truth.values()
            }
        if row["kind"] == "article":
            article = truth[row["url"]]
            has = {name for name in ("title", "source", "authors", "editors") if article[name]}
            assert {"title", "source", "authors", "editors"} - set(row["missing"]) == has
            assert has <= set(row["extracted_by"])


def test_nothing_is_kept_of_good_pages(site, tmp_path):
    with serve(site) as server:
        diagnosis = diagnose(
            server.url, tmp_path, "--save", tmp_path / "pages", "-a", "sections=culture"
        )
    assert {row["verdict"] for row in diagnosis["rows"]} <= {"ok", "skipped"}
    assert not (tmp_path / "pages").exists()


def test_the_older_generations(site, tmp_path):
    words = "sections=paper,legacy:news/32841,json2021:cj/34179"
    with serve(site) as server:
        diagnosis = diagnose(server.url, tmp_path, "-a", words)
        asked = [request.path for request in server.requests]
    assert diagnosis["exit_code"] == 0, diagnosis["sentence"]
    rows = [row for row in diagnosis["rows"] if row["kind"] == "article"]
    assert [row["section"] for row in rows] == [
        slug for slug in words.removeprefix("sections=").split(",") for _ in range(3)
    ]
    fronts = {path for path in asked if path.startswith("/papers/") and path.endswith("page.html")}
    assert len({path.rsplit("/", 2)[0] for path in fronts}) <= 2  # the newest issue, and today's
    assert all("template" in row["extracted_by"].values() for row in rows)


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_is_as_wide_as_the_terminal(site, tmp_path, columns):
    with serve(site) as server:
        line = doctors_line(server.url, tmp_path, "-a", "sections=edu,character")
        code, out = at_a_terminal(line, columns)
    assert code == 0
    lines = out.splitlines()
    (path,) = (line for line in lines if line.startswith("ok       OUTPUT_DIR"))
    assert f" {tmp_path}" in path  # whole, however long
    whole = {path, *(line for line in lines if str(tmp_path) in line)}
    assert columns - 10 < max(columns_of(line) for line in lines if line not in whole) <= columns
    assert "\x1b" not in out
    assert [line for line in lines if re.match(r"ok +edu 教育 +27 entries, newest 20", line)]
    assert " ".join(lines[lines.index("") + 1 :]).startswith("healthy: 2 sections")


def test_as_polite_as_a_crawl(site, tmp_path):
    """Our settings as they are: one request at a time, a second apart, who we are."""
    with serve(site) as server:
        line = command(
            "doctor",
            *("-a", "sections=culture"),
            OUTPUT_DIR=tmp_path,
            MIRROR_URL=server.url,
            CONTACT="ops@example.org",
        )
        done = run(line)
        requests = [request for request in server.requests if request.host == HOST]
    assert done.returncode == 0, done.stdout
    assert requests[0].path == "/robots.txt"
    assert min(after.at - before.at for before, after in pairwise(requests[1:])) > 0.5
    agents = {request.headers["user-agent"] for request in requests}
    assert agents == {"workercn-crawler/0.1.0 (+ops@example.org)"}


# --- 3: something to mend ---------------------------------------------------------------------


LISTINGS = "crawler/site/listings/parsers.py: "
DENY = "crawler/site/sections.toml: deny"
LATER = "nothing to change here: try again later"


@pytest.mark.parametrize(
    "table",
    [
        {
            "character 人物": ("/character/:html", "系统繁忙", LATER),
            "edu 教育": ("/edu/:no-article", "0 of 0 links look like", LISTINGS + "read_page"),
            "acftu 工会": ("/acftu/:empty", "the listing page is empty", LISTINGS + "read_page"),
            "rights 维权": ("/rights/:redirect=/", "leads to the home page", DENY),
            "culture page 2": ("/json/culture/*:no-article", "not JSON", LISTINGS + "read_json"),
        },
        {
            "character 人物": (
                "/character/:redirect=https://evil.example/",
                "is not on the site",
                "",
            ),
            "edu 教育": ("/edu/:status=404", "/edu/ answered 404", DENY),
            "acftu 工会": ("/acftu/:status=500", "/acftu/ answered 500", LATER),
            "rights 维权": ("/rights/:truncated", "truncated: ", ""),
            "culture page 2": ("/json/culture/*:status=404", "answered 404", DENY),
        },
        {"home page": ("/:no-article", "0 of 0 links", "crawler/site/sections.py: discover")},
        {"home page": ("/:status=503", "answered 503", LATER)},
    ],
)
def test_listings_go_wrong(site, tmp_path, table):
    """Each is said at its row, with what is there instead and where to look; the rest is read."""
    with serve(site, faults=[fault for fault, *_ in table.values()]) as server:
        diagnosis = diagnose(server.url, tmp_path)
    assert diagnosis["exit_code"] == 3
    problems = failing(diagnosis)
    assert list(problems) == list(table)
    for name, (_, found, look_at) in table.items():
        (problem,) = problems[name]
        assert found in problem["found"]
        assert look_at in (problem["look_at"] or "")
    assert f"{len(table)} of {len(diagnosis['rows'])} rows fail" in diagnosis["sentence"]
    assert len([row for row in diagnosis["rows"] if row["kind"] == "article"]) >= 3


def test_articles_go_wrong(site, tmp_path):
    table = {
        "no-article": ("a page of 85 bytes", "crawler/site/pages/modern.py: parse"),
        "status=404": ("answered 404", ""),
        "redirect=/": ("to https://www.workercn.cn/", "crawler/site/urls.py: identify"),
        "reset": ("connection: ", ""),
        "empty": ("has no body", ""),
    }
    with serve(site) as server:
        healthy = diagnose(server.url, tmp_path, "-a", "sections=edu,culture")
        urls = [row["url"] for row in healthy["rows"] if row["kind"] == "article"]
        places = [url.removeprefix("https://") for url in urls]
        server.inject(*(f"{place}:{fault}" for place, fault in zip(places, table, strict=False)))
        diagnosis = diagnose(server.url, tmp_path, "-a", "sections=edu,culture")
    assert (healthy["exit_code"], diagnosis["exit_code"]) == (0, 3)
    problems = failing(diagnosis)
    assert len(problems) == 5
    for (problem,), (found, look_at) in zip(problems.values(), table.values(), strict=True):
        assert found in problem["found"]
        assert look_at in (problem["look_at"] or "")


def test_a_parser_raises(site, tmp_path, monkeypatch):
    monkeypatch.setenv("PATCHED_BY", "raising")
    with serve(site) as server:
        diagnosis = diagnose(server.url, tmp_path)
    assert diagnosis["exit_code"] == 3
    for (problem,) in failing(diagnosis).values():
        assert "a bug for the test" in problem["found"]


def test_a_pipeline_raises(site, tmp_path):
    pipelines = {**ITEM_PIPELINES, "tests.support.broken.Broken": 150}
    with serve(site) as server:
        words = ("-a", "sections=culture")
        settings = {"ITEM_PIPELINES": json.dumps(pipelines)}
        diagnosis = diagnose(server.url, tmp_path, *words, **settings)
    ((problem,),) = failing(diagnosis).values()
    assert problem["found"] == "ZeroDivisionError: division by zero"
    assert problem["expected"] == "no exception"


def test_editors_gone_from_every_page(tmp_path):
    site = Site(seed=3, articles=60, now=clock.now())
    for article in site.truth():
        site.revise(article["id"], editors=())
    with serve(site) as server:
        diagnosis = diagnose(server.url, tmp_path, "--save", tmp_path / "pages")
    assert list(failing(diagnosis)) == ["all fields"]
    (problem,) = failing(diagnosis)["all fields"]
    assert "责任编辑" in problem["expected"]
    assert problem["found"].startswith("0 of ")
    assert "attribution.py: people" in problem["look_at"]
    kept = next(row["saved"] for row in diagnosis["rows"] if row["name"] == "all fields")
    assert Path(kept).is_file()


def test_what_only_a_check_tells(tmp_path):
    """One text under several addresses, each titled as its listing has it."""
    titles = ("安全生产月启动", "清凉物资送到一线", "书屋揭牌", "技能大赛开赛", "欠薪案件结案")
    pages, entries = {}, []
    for number, title in enumerate(titles, 1000001):
        made = small_article(number).replace(f"第{number}号车间", "车间")
        pages[article_url(number)] = made.replace(f"第{number}号职工学堂开课", title)
        entries.append(item(number, title=title))
    with small_site(pages | {"/edu/": listing(*entries)}) as (url, _):
        diagnosis = diagnose(url, tmp_path, "-a", "sections=edu")
    assert "docs/checks.md" in failing(diagnosis)["check bodies"][0]["expected"]


def test_robots_forbids_a_part(tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.samplesite.site.ROBOTS", "User-agent: *\nDisallow: /json/\n")
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        diagnosis = diagnose(server.url, tmp_path, "-a", "sections=culture")
        assert not [r for r in server.requests if r.path.startswith("/json/")]
    assert diagnosis["exit_code"] == 3
    assert list(failing(diagnosis)) == ["robots.txt"]  # the page it kept us from is no finding
    (older,) = (row for row in diagnosis["rows"] if row["name"] == "culture page 2")
    assert older["verdict"] == "skipped"
    (problem,) = failing(diagnosis)["robots.txt"]
    assert "forbids 1 of the addresses" in problem["found"]


@pytest.mark.parametrize("folder", ["/proc/nowhere", "{}/file/below"])
def test_an_output_folder_that_cannot_be_written_to(site, tmp_path, folder):
    (tmp_path / "file").write_text("")
    with serve(site) as server:
        diagnosis = diagnose(server.url, folder.format(tmp_path), "-a", "sections=culture")
    assert diagnosis["exit_code"] == 3
    assert "OUTPUT_DIR" in failing(diagnosis)


# --- the pages that are kept ------------------------------------------------------------------


def test_kept_pages_are_what_was_served(site, tmp_path):
    """… and are read from disk as they were from the network."""
    faults = ["/edu/:html", "/json/edu/*:no-article", "/c/*:no-article"]
    folder = tmp_path / "pages"
    with serve(site, faults=faults) as server:
        words = ("--save", folder, "-a", "sections=edu,culture")
        diagnosis = diagnose(server.url, tmp_path, *words)
        again = diagnose(server.url, tmp_path, *words)
    kept = {row["saved"]: row for row in diagnosis["rows"] if row["saved"]}
    assert [row["kind"] for row in kept.values()] == ["listing", "article", "article", "article"]
    for name, row in kept.items():
        body = Path(name).read_bytes()
        about = json.loads(Path(name).with_suffix(".json").read_text("utf-8"))
        assert re.fullmatch(r"\d{8}T\d{6}Z-\d\d-(listing|article)\.html", Path(name).name)
        assert body.startswith(b"<!DOCTYPE html>")
        assert (about["url"], about["status"]) == (row["url"], 200)
        assert about["headers"]["Content-Type"] == ["text/html; charset=utf-8"]
        if row["kind"] == "article":
            assert "tests/pages/modern/" in about["to_do"]
            assert {"shows", "made", "url", "expected", "empty"} <= set(about)
            page = page_table.parse(body, about["url"])
            assert not page.title
            assert not page.blocks
    assert not set(kept) & {row["saved"] for row in again["rows"]}
    assert len(list(folder.iterdir())) == 4 * len(kept)


def test_bytes_of_another_charset_stay_as_they_are(site, tmp_path):
    words = ("--save", tmp_path / "p", "-a", "sections=legacy:news/32841")
    with serve(site) as server:
        rows = diagnose(server.url, tmp_path, *words)["rows"]
        urls = [row["url"] for row in rows if row["kind"] == "article"]
        server.inject(f"{urls[0].removeprefix('http://')}:redirect={urls[1]}")
        rows = diagnose(server.url, tmp_path, *words)["rows"]
    # Some of these articles show no source, which is a doubt and saved too.
    (row,) = [row for row in rows if row["saved"] and row["url"] == urls[0]]
    about = json.loads(Path(row["saved"]).with_suffix(".json").read_text("utf-8"))
    assert about["url"] == urls[1]
    body = Path(row["saved"]).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    truth = {article["url"]: article for article in site.truth("legacy")}
    assert page_table.parse(body, urls[1]).title == truth[urls[1]]["title"]


def test_a_full_disk_costs_the_pages_not_the_diagnosis(site, tmp_path):
    line = command(
        "doctor", "--json", "--save", tmp_path / "p", "-a", "sections=edu",
        OUTPUT_DIR=tmp_path, MIRROR_URL="{}", **UNHURRIED,
    )  # fmt: skip
    with serve(site, faults=["/edu/:html"]) as server:
        done = run([part.format(server.url) if "MIRROR" in str(part) else part for part in line],
                   limits={resource.RLIMIT_FSIZE: (20, 20)})  # fmt: skip
    diagnosis = json.loads(done.stdout)
    assert done.returncode == 3
    assert list(failing(diagnosis)) == ["edu", "--save"]
    assert "too large" in failing(diagnosis)["--save"][0]["found"]


# --- 4: not reached ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (["/robots.txt:status=503"], "answered 503"),
        (["/robots.txt:reset"], "could not be had"),
        (["/:reset"], "connection"),
    ],
)
def test_kept_out(site, tmp_path, faults, why):
    with serve(site, faults=faults) as server:
        diagnosis = diagnose(server.url, tmp_path)
        asked = {request.path for request in server.requests}
    assert diagnosis["exit_code"] == 4
    assert why in diagnosis["sentence"]
    assert asked <= {"/robots.txt", "/"}
    assert len(failing(diagnosis)) == 1
    assert not [row for row in diagnosis["rows"] if row["kind"] in ("listing", "article")]
    (sections,) = (row for row in diagnosis["rows"] if row["name"] == "sections")
    assert sections["verdict"] == "skipped"
    assert "culture" in sections["seen"] or "edu" in sections["seen"]


def test_robots_forbids_everything(tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.samplesite.site.ROBOTS", "User-agent: *\nDisallow: /\n")
    with serve(Site(seed=3, articles=60, now=clock.now())) as server:
        diagnosis = diagnose(server.url, tmp_path)
        assert {request.path for request in server.requests} == {"/robots.txt"}
    assert diagnosis["exit_code"] == 4
    assert "forbids" in diagnosis["sentence"]


def test_nobody_there(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        diagnosis = diagnose(f"http://127.0.0.1:{unused.getsockname()[1]}", tmp_path)
    assert diagnosis["exit_code"] == 4
    assert list(failing(diagnosis)) == ["connection"]
    assert diagnosis["requests"] == 0
    assert diagnosis["sentence"].startswith("not one page of the site could be read. connection: ")
    assert diagnosis["rows"][0]["name"] == "Python"  # the machine is looked at all the same


def test_a_mirror_of_another_name(tmp_path):
    diagnosis = diagnose("http://nobody.invalid:8000", tmp_path)
    assert diagnosis["exit_code"] == 4
    assert list(failing(diagnosis)) == ["connection"]
    assert "nobody.invalid:8000 cannot be reached" in diagnosis["sentence"]


@pytest.mark.parametrize(
    ("name", "keywords", "why"),
    [
        ("localhost", {}, None),
        ("elsewhere.example", {}, "not valid for 'localhost'"),
        ("localhost", {"since": -5 * DAY}, "has expired"),
        ("localhost", {"own": True}, "self-signed"),
    ],
    ids=["as it should be", "of another name", "expired", "signed by itself"],
)
def test_a_certificate(site, tmp_path, monkeypatch, name, keywords, why):
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    tls = authority.serving(name, **keywords)
    with serve(site) as server, network(server, lambda *_: None, tls) as net:
        diagnosis = diagnose(net.url, tmp_path, "-a", "sections=culture")
        assert bool(net.asked) == (why is None)
    if why is None:
        assert diagnosis["exit_code"] == 0, diagnosis["sentence"]
    else:
        assert diagnosis["exit_code"] == 4
        assert list(failing(diagnosis)) == ["TLS"]
        assert why in diagnosis["sentence"]
        assert diagnosis["rows"][-1]["verdict"] == "skipped"


def test_robots_that_may_not_be_read_forbid_nothing(site, tmp_path):
    with serve(site, faults=["/robots.txt:status=403"]) as server:
        diagnosis = diagnose(server.url, tmp_path, "-a", "sections=culture")
    assert diagnosis["exit_code"] == 0, diagnosis["sentence"]
    (robots,) = (row for row in diagnosis["rows"] if row["name"] == "robots.txt")
    assert robots["seen"] == "answered 403, lets through all that was asked for"


# --- the site is busy ---------------------------------------------------------------------------


def test_a_site_that_is_busy(site, tmp_path):
    """Nothing in the parsers to mend: whoever reads it is told to wait."""
    with serve(site, faults=["/edu/:html", "/c/*:html"]) as server:
        diagnosis = diagnose(server.url, tmp_path, "-a", "sections=edu,culture")
    assert diagnosis["exit_code"] == 3
    assert diagnosis["sentence"].startswith("the site is busy, try again later.")
    problems = [problem for row in failing(diagnosis).values() for problem in row]
    assert len(problems) == 4
    assert {problem["look_at"] for problem in problems} == {LATER}
    assert all(problem["try_later"] and "系统繁忙" in problem["found"] for problem in problems)


def test_a_block_page_is_no_busy_page(tmp_path):
    page = "<title>安全验证</title><h1>安全验证</h1><p>您的访问存在风险，请完成验证</p>"
    with small_site({"/edu/": page}) as (url, _):
        diagnosis = diagnose(url, tmp_path, "-a", "sections=edu")
    (problem,) = failing(diagnosis)["edu"]
    assert not problem["try_later"]
    assert "later" not in diagnosis["sentence"]


# --- the alert ----------------------------------------------------------------------------------


def test_the_alert_test(tmp_path):
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        good, bad = receiver.url(), f"json://127.0.0.1:{closed_port()}/{SECRET}"
        sent = diagnose("", tmp_path, "--alert-test", ALERT_URLS=good)
        failed = diagnose("", tmp_path, "--alert-test", ALERT_URLS=f"{good} {bad}")
        receiver.shutdown()
    assert (sent["exit_code"], failed["exit_code"]) == (0, 3)
    assert receiver.subjects == ["a test", "a test"]
    assert sent["sentence"].startswith("1 of 1 channel took the test alert")
    assert failed["sentence"].startswith("1 of 2 channels took the test alert")
    assert [row["verdict"] for row in failed["rows"]] == ["ok", "fails"]
    assert "refused the connection" in failed["rows"][1]["problems"][0]["found"]
    assert SECRET not in json.dumps([sent, failed])
    assert sent["requests"] == failed["requests"] == 0


# --- 2: wrong words, and what else ends it ----------------------------------------------------


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["edu"], "'edu'"),
        (["--jsno"], "--jsno"),
        (["-a", "sections=a/b/c"], "sections=a/b/c"),
        (["-a", "limit=3"], "limit=3"),
        (["-a", "sections"], "-a sections"),
        (["--save", ""], "--save"),
        (["--save", "/dev/null"], "/dev/null"),
        (["--save", "/proc/nowhere"], "/proc"),
        (["--save"], "--save"),
        (["-s", "MIRROR_URL=ftp://x"], "MIRROR_URL=ftp://x"),
        (["--alert-test"], "ALERT_URLS=: no channel"),
        (["--alert-test", "-s", "ALERT_URLS=nonsense"], "ALERT_URLS, no. 1 of 1"),
    ],
)
def test_wrong_words(words, named):
    done = run(command("doctor", *words))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert named in done.stderr


def test_nobody_reads_it(tmp_path):
    with (
        serve(Site(seed=3, articles=30, now=clock.now())) as server,
        Path("/dev/full").open("w") as full,
    ):
        line = command("doctor", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        done = run(line, stdout=full)
    assert done.returncode == 6
    assert done.stderr == "scrapy: standard output: No space left on device\n"


def test_interrupted(site, tmp_path):
    with serve(site, faults=["/edu/:stall"]) as server:
        line = command("doctor", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        process = start(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not any(request.path == "/edu/" for request in server.requests):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (7, "")
    assert err.splitlines()[-1].startswith("scrapy: interrupted")


def test_at_a_terminal(site, tmp_path):
    """A bar tells how far it is; the table is on standard output alone."""
    with serve(site, latency=0.05) as server:
        line = command("doctor", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        ours, theirs = pty.openpty()
        process = start(line, stderr=theirs, stdout=subprocess.PIPE, text=True)
        os.close(theirs)
        seen: list[bytes] = []
        reader = threading.Thread(target=_read, args=(ours, seen))
        reader.start()
        out, _ = process.communicate(timeout=60)
        reader.join()
    drawn = b"".join(seen).decode()
    assert process.returncode == 0
    assert len(set(re.findall(r"(\d+)/42 ", drawn))) > 2  # it moved
    assert "culture" in drawn
    assert out.startswith("ok       Python")


def _read(terminal, seen):
    try:
        while chunk := os.read(terminal, 65536):
            seen.append(chunk)
    except OSError:  # Linux says EIO when the other side is closed
        os.close(terminal)
