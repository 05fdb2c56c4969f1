"""`python -m crawler.samplesite`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from crawler.samplesite.older.paper import Paper

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "crawler.samplesite"]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal(tmp_path: Path, stop: signal.Signals) -> None:
    truth = tmp_path / "truth.jsonl"
    options = ["--articles=40", "--seed=7", f"--truth={truth}", "--now=2026-10-05T16:00", "--warm"]
    options += ["--fault=/about/:status=410", "--fault=/edu/:empty@1", "--latency=0.01"]
    process = subprocess.Popen(
        [*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        with urlopen(f"{url}/character/", timeout=60) as answer:  # noqa: S310
            assert "人物 - 中工网" in answer.read().decode()
        with pytest.raises(HTTPError, match="410") as error:
            urlopen(f"{url}/about/", timeout=60)  # noqa: S310
        error.value.close()
        records = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
        assert len(records) == 40
        assert records[0]["published_at"].startswith("2026-10-05T15:")
    finally:
        process.send_signal(stop)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest, errors) == (0, "", "")


PAPER = sum(1 for _ in Paper(1, 3, date(2026, 10, 5)).pieces())


@pytest.mark.parametrize(
    ("generations", "numbers"),
    [
        ("all", {"modern": 4, "json2021": 7, "legacy": 9, "paper": PAPER}),
        ("paper,legacy", {"legacy": 9, "paper": PAPER}),
        ("json2021", {"json2021": 7}),
    ],
)
def test_the_truth_of_the_generations_asked_for(
    tmp_path: Path, generations: str, numbers: dict[str, int]
) -> None:
    truth = tmp_path / "truth.jsonl"
    options = ["--articles=4", "--legacy=9", "--json2021=7", "--papers=3"]
    options += ["--now=2026-10-05T16:00", f"--truth={truth}", f"--truth-of={generations}"]
    with subprocess.Popen([*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")
        process.terminate()
    records = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    assert Counter(record["generation"] for record in records) == numbers


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("--port=x", "'x' is no number from 0 to 65535"),
        ("--articles=0", "'0' is no number from 1 to 200000"),
        ("--latency=-1", "'-1' is no number from 0 to 3600"),
        ("--fault=/x:explode", "no kind 'explode'"),
        ("--now=today", "'today' is not like 2026-10-05T09:00"),
        ("--legacy=-1", "'-1' is no number from 0 to 200000"),
        ("--truth-of=paper,old", "'paper,old' is not all or some of modern,json2021,legacy,paper"),
        ("--truth=/nowhere/truth.jsonl", "No such file or directory"),
        ("--speed=1", "unrecognized arguments: --speed=1"),
        ("extra", "unrecognized arguments: extra"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_2(wrong: str, message: str) -> None:
    done = subprocess.run(
        [*COMMAND, wrong], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
