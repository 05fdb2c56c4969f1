"""Every command, argument, setting, key, exit code and reason is documented; what the pages name
is there.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from scrapy.settings import default_settings

from crawler import run_context, settings
from crawler.commands import feed
from crawler.exit_codes import ExitCode
from crawler.feeds import formats
from crawler.items import Article, FieldMark, PaperArticle, fields_marked
from crawler.runs import manifest
from crawler.settings_model import SETTINGS, documentation
from crawler.spiders.arguments import Arguments
from tests.support.harness import ROOT
from tests.test_house import CRAWLER

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = {path.name: path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}


def commands():
    return sorted(
        path.stem
        for path in (ROOT / "crawler/commands").glob("*.py")
        if "class Command(" in path.read_text("utf-8")
    )


def test_the_commands_are_those_there_are():
    assert sorted(set(re.findall(r"^\| `scrapy ([a-z]+)", DOCS["commands.md"], re.M))) == commands()


MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("name", re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
def test_make_target(name):
    """`make help` prints what stands behind ##, CONTRIBUTING.md says more."""
    if name != "clean":
        assert re.search(rf"^{name}:.*## \w", MAKEFILE, re.MULTILINE)
        assert f"`make {name}`" in CONTRIBUTING


@pytest.mark.parametrize("name", [field.name for field in fields(Arguments)])
def test_argument(name):
    assert f"`{name}`" in DOCS["commands.md"]


def test_the_page_of_settings_is_made_from_them():
    assert DOCS["settings.md"] == documentation(), "make settings"


def test_what_the_code_asks_for_is_declared():
    """A setting that is read and is neither Scrapy's nor declared would have no range and no docs."""
    known = {*SETTINGS, *vars(settings), *dir(default_settings), run_context.SETTING}
    reads = re.compile(r"""settings(?:\.get\w*\(|\[)"([A-Z_]+)\"""")
    for path in CRAWLER.rglob("*.py"):
        asked = set(reads.findall(path.read_text("utf-8")))
        assert asked <= known, (path, asked - known)


@pytest.mark.parametrize("key", list(PaperArticle.model_fields))
def test_record_key(key):
    assert f"`{key}`" in DOCS["record.md"], "docs/record.md does not name it"


@pytest.mark.parametrize("ending", formats._FORMATS)
def test_format_of_the_feed(ending):
    """Of `scrapy feed merge -o FILE`."""
    last = f".{ending.rpartition('.')[2]}"
    assert last in DOCS["consuming.md"], "docs/consuming.md does not name it"
    assert last in feed._ACTIONS["merge"].options["-o"]["help"], "crawler/commands/feed.py"


def test_the_schema_names_what_the_hash_is_over():
    said = Article.model_fields["content_hash"].description
    hashed = ", ".join(fields_marked(FieldMark.HASHED))
    assert said.endswith(f": {hashed}."), "the description of content_hash in crawler/items.py"


def json_of(page: str) -> dict:
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    return json.loads(shown)


def test_the_record_shown_is_one():
    record = json_of(DOCS["record.md"])
    assert list(Article.model_validate(record).model_dump()) == list(record)
    main = json_of(README)
    assert main == {key: record[key] for key in main}
    assert list(main) == [key for key in record if key in main]


@pytest.mark.parametrize("path", ["docs/report.png", "docs/zh/report.png"])
def test_the_picture_of_the_report(path):
    """`make picture` writes it; a clone is not to grow by it."""
    picture = (ROOT / path).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 200_000


def test_the_extras_are_those_of_the_package():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (table,) = re.findall(r"^\| extra .*\n((?:\|.*\n)+)", DOCS["deploy.md"], re.MULTILINE)
    names = re.findall(r"`([a-z]+)`", "".join(row.split("|")[1] for row in table.splitlines()))
    assert sorted(names) == sorted(extras["optional-dependencies"])


def test_the_line_for_cron_is_that_of_the_crontab():
    (line,) = re.findall(r"```cron\n(.*)\n```", README)
    assert line in (ROOT / "deploy/crontab").read_text("utf-8").splitlines()


def anchors(page: Path) -> set[str]:
    """Of the headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_linked_is_there(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            path, _, anchor = target.partition("#")
            linked = page.parent / path if path else page
            assert linked.exists(), target
            assert not anchor or anchor in anchors(linked), target


# --- the map of the house -----------------------------------------------------------------------


def plan() -> str:
    (crawler,) = re.findall(
        r"^crawler/\n(.*?)^tests/", DOCS["architecture.md"], re.DOTALL | re.MULTILINE
    )
    return crawler


def test_every_room_is_on_the_map():
    rooms = {path.parent.name for path in CRAWLER.glob("*/__init__.py")}
    rooms |= {path.name for path in CRAWLER.glob("*.py")} - {"__init__.py"}
    assert sorted(re.findall(r"^  ([a-z_.]+)/? ", plan(), re.MULTILINE)) == sorted(rooms)


def test_every_file_on_the_map_is_there():
    room = CRAWLER
    for line in plan().splitlines():
        if folder := re.match(r"  (\w+)/", line):
            room = CRAWLER / folder[1]
        for name in re.findall(r"\b\w+\.(?:py|toml)\b", line):
            assert list(room.rglob(name)), f"{name} in {room.name}"


@pytest.mark.parametrize(
    "model", ["Manifest", "Counts", "SectionCounts", "Check", "Gap", "Versions", "File", "Window"]
)
def test_manifest_key(model):
    section = DOCS["record.md"].partition("## The manifest")[2]
    for name, field in getattr(manifest, model).model_fields.items():
        key = field.alias or name
        assert f"`{key}`" in section, key


def test_exit_codes():
    documented = {
        int(code) for code in re.findall(r"^\| (\d) \|", DOCS["exit-codes.md"], re.MULTILINE)
    }
    assert documented == set(ExitCode)


def test_reasons():
    """Words given to Reject and ListingError anywhere, and those of failures.py."""
    reasons = set()
    for path in (ROOT / "crawler").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = {"Reject": 2, "ListingError": 0, "_reject": 1}.get(called)
            if place is not None and len(node.args) > place:
                word = node.args[place]
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    reasons.add(word.value)
    from crawler.downloader import failures

    reasons |= {word for _, word in failures._REASONS} - {"scheme"}
    reasons |= set(failures.REASONS)
    assert len(reasons) > 15
    for reason in reasons:
        assert f"`{reason}`" in DOCS["exit-codes.md"], reason
