"""`crawler.api.run_crawl`, from threads, event loops and programs that are stopped."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crawler import clock
from crawler.api import CrawlResult, ExitCode, Manifest, UsageError, run_crawl
from crawler.runs.locks import lock
from crawler.samplesite import Site, serve
from tests.support.harness import ROOT, UNHURRIED

PAGE = (ROOT / "docs/orchestrating.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def server():
    with serve(Site(seed=2, articles=60, now=clock.now())) as server:
        yield server


@pytest.fixture
def settings(server, tmp_path):
    return {"OUTPUT_DIR": tmp_path / "out", "MIRROR_URL": server.url, **UNHURRIED}


def test_the_result_has_the_manifest_as_an_object(settings, caplog):
    with caplog.at_level(logging.INFO, "crawler.api"):
        result = run_crawl(sections=["edu", "rights"], pages=1, until=None, **settings)
    assert result.exit_code is ExitCode.OK
    assert result.sentence.startswith("complete and healthy")
    manifest = result.manifest
    assert isinstance(manifest, Manifest)
    assert manifest.run_id == result.folder.name
    assert manifest.arguments == {"sections": "edu,rights", "pages": "1"}
    lines = (result.folder / "articles.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == manifest.counts.new > 0
    assert result.sentence in caplog.messages[-1]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"sections": "edu!"}, "argument sections=edu!"),
        ({"pages": 0}, "argument pages=0"),
        ({"nonsense": True}, "argument nonsense=1"),
        ({"DOWNLOAD_DELAY": "x"}, "setting DOWNLOAD_DELAY=x"),
        ({"FEEDS": {"x.unheard": {}}}, "x.unheard"),
        ({"STATE_URL": "mysql://me:secret@host/x"}, "setting STATE_URL=mysql://me:***@host/x"),
        ({"command": "nightly", "EXPORTS": "news"}, "setting EXPORTS=news"),
    ],
)
def test_what_is_wrong_raises(settings, tmp_path, wrong, named):
    with pytest.raises(UsageError, match=re.escape(named)):
        run_crawl(**{**settings, **wrong})
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_published_has_no_manifest(tmp_path):
    settings = {**UNHURRIED, "OUTPUT_DIR": tmp_path, "MIRROR_URL": "http://127.0.0.1:9"}
    result = run_crawl(sections="edu", **settings)
    assert (result.exit_code, result.manifest, result.folder) == (ExitCode.UNREACHED, None, None)
    assert "nothing published" in result.sentence


def test_a_night(settings):
    result = run_crawl(command="nightly", sections="edu", **settings)
    assert result.exit_code is ExitCode.OK, result.sentence
    assert result.manifest.command == "nightly"


def test_in_threads_and_inside_a_running_event_loop(settings, tmp_path):
    def crawl(name) -> CrawlResult:
        return run_crawl(sections="edu", pages=1, **{**settings, "OUTPUT_DIR": tmp_path / name})

    async def main():
        return [crawl("here"), await asyncio.to_thread(crawl, "beside")]

    with ThreadPoolExecutor(2) as threads:
        results = [*threads.map(crawl, "ab"), *asyncio.run(main())]
    assert [result.exit_code for result in results] == [0] * 4
    assert len({result.folder for result in results}) == 4


def test_two_into_one_folder_are_refused(settings):
    with lock(settings["OUTPUT_DIR"]):
        result = run_crawl(sections="edu", **settings)
    assert (result.exit_code, result.manifest, result.folder) == (ExitCode.LOCKED, None, None)


SCRIPT = """
import sys; sys.path.insert(0, {root!r})
from crawler.api import run_crawl
run_crawl(**{given!r})
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_whoever_is_stopped_lets_the_crawl_end_in_order(settings, server, tmp_path, number):
    given = {name: str(value) for name, value in settings.items()} | {"sections": "edu"}
    given["CONCURRENT_REQUESTS_PER_DOMAIN"] = 1
    server.latency = 1  # a second each for the ten that are left
    before = len(server.requests)
    script = SCRIPT.format(root=str(ROOT), given=given)
    # From a folder of its own, and knowing of the project only what the script says.
    program = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, start_new_session=True)
    while program.poll() is None and len(server.requests) < before + 3:
        time.sleep(0.02)
    program.send_signal(number)
    program.wait()
    for _ in range(600):
        if found := list((tmp_path / "out").glob("runs/*[0-9a-f]/manifest.json")):
            break
        time.sleep(0.1)
    server.latency = 0
    assert json.loads(found[0].read_bytes())["exit_code"] == 7
    assert program.returncode in (-number, 1)


def test_settings_are_not_shown_to_the_machine(settings, server):
    before = len(server.requests)
    server.latency = 0.2
    with ThreadPoolExecutor(1) as threads:
        crawl = threads.submit(run_crawl, sections="edu", pages=1, CONTACT="geheim", **settings)
        while not crawl.done() and len(server.requests) == before:
            time.sleep(0.02)
        lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
        server.latency = 0
        assert crawl.result().exit_code is ExitCode.OK
    assert "process.py" in lines.stdout
    assert "geheim" not in lines.stdout


def test_the_example_of_the_page(settings, server, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = ", ".join(f"{name}={value!r}" for name, value in settings.items() if name[0] != "O")
    example = BLOCKS[0].replace('OUTPUT_DIR="output"', f'OUTPUT_DIR="output", {given}')
    assert given in example
    exec(example, {})  # noqa: S102
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("complete and healthy")
    assert said[1].endswith(" updated")
    assert Path(said[-1]).is_file()


@pytest.mark.parametrize("block", BLOCKS)
def test_the_other_examples_are_python(block):
    compile(block, "orchestrating.md", "exec")
