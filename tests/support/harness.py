"""Runs the crawler as a user does, a process of its own, and reads what it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs

from crawler.schema.__main__ import FOLDER
from tests.support.processes import ROOT, start

__all__ = ["ROOT", "UNHURRIED", "Run", "command", "crawl", "lines", "published", "run", "start"]

UNHURRIED = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "RETRY_DELAY": 0.05,
    "RETRY_TIMES": 1,
    "RETRY_TIMES_UNREACHED": 1,
}

_SCHEMAS = {
    name: jsonschema_rs.Draft202012Validator(json.loads((FOLDER / name).read_text("utf-8")))
    for name in ("article-1.schema.json", "run-1.schema.json")
}


@dataclass
class Run:
    """A finished crawl. Reading its records validates every line against the schema."""

    code: int
    stderr: str
    stdout: str
    output: Path

    @property
    def last_line(self) -> str:
        return self.stderr.rstrip().rpartition("\n")[2]

    @cached_property
    def folder(self) -> Path:
        """The newest one."""
        kinds = ("runs", "trials")
        folders = [path for kind in kinds for path in self.output.glob(f"{kind}/*")]
        return max((path for path in folders if path.is_dir()), key=lambda path: path.name)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        manifest = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        _SCHEMAS["run-1.schema.json"].validate(manifest)
        return manifest

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        records = lines(self.folder / "articles.jsonl")
        for record in records:
            _SCHEMAS["article-1.schema.json"].validate(record)
        return records

    @cached_property
    def rejects(self) -> list[dict[str, Any]]:
        return lines(self.folder / "rejects.jsonl")

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return sorted((reject["stage"], reject["reason"]) for reject in self.rejects)


def published(output: Path) -> list[dict[str, Any]]:
    """The records of all published runs, in their order."""
    return [r for path in sorted(output.glob("runs/*[0-9a-f]/articles.jsonl")) for r in lines(path)]


def lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text("utf-8")
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def command(*words: str, **settings: object) -> list[str]:
    line = [sys.executable, "-m", "scrapy", *words]
    for name, value in settings.items():
        line += ["-s", f"{name}={value}"]
    return line


def crawl(output: Path, url: str, *words: str, fresh: bool = False, **settings: object) -> Run:
    """`scrapy crawl workercn` against the embedded site at `url`, arguments as words `since=…`."""
    options = [part for word in words for part in ("-a", word)]
    line = command(
        "crawl",
        "workercn",
        *options,
        OUTPUT_DIR=output,
        MIRROR_URL=url,
        **{**UNHURRIED, **settings},
    )
    done = run(line, fresh=fresh)
    return Run(done.returncode, done.stderr, done.stdout, output)


def run(
    line: list[Any], timeout: float = 300, *, input: str | None = None, **keywords: Any
) -> subprocess.CompletedProcess[str]:
    """What it has said and how it ended; `keywords` as of `start`."""
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    env = keywords.pop("env", os.environ)
    streams["env"] = {**env, "PYTHONWARNINGS": "default", "COLUMNS": "200"}
    if input is not None:
        streams["stdin"] = subprocess.PIPE
    with start(line, **{**streams, **keywords}) as process:
        try:
            stdout, stderr = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(line, process.returncode, stdout, stderr)
