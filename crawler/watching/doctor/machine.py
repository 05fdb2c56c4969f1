"""Is this machine ready: Python, packages, the output folder, the state, the renderer."""

from __future__ import annotations

import platform
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from urllib.request import urlopen

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from scrapy.settings import BaseSettings

import crawler
from crawler.fetching import rendering
from crawler.state import StateError, open_state
from crawler.state.session import url_of
from crawler.watching.doctor.findings import PlainRow, Problem, Row

_HOME = Path(crawler.__file__).parents[1]  # of the project
# A night writes some 10 MB, and some 100 MB with its archive.
_LEAST_FREE = 500 * 10**6  # bytes
_ENOUGH_FREE = 5 * 10**9
_PATIENCE = 10  # seconds for a Splash to say that it is there


def look(settings: BaseSettings, home: Path = _HOME) -> list[Row]:
    output = Path(settings["OUTPUT_DIR"])
    return [
        python(home / "pyproject.toml"),
        packages(home / "requirements.txt"),
        writable(output),
        disk(output),
        state(settings),
        *renderer(settings),
    ]


def python(project: Path) -> Row:
    have = platform.python_version()
    if not project.is_file():
        return PlainRow(kind="machine", name="Python", seen=have)
    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["requires-python"]
    fits = SpecifierSet(wanted).contains(have, prereleases=True)
    problems = [] if fits else [Problem(expected=f"Python {wanted}", found=have)]
    return PlainRow(
        kind="machine", name="Python", seen=f"{have}, wanted {wanted}", problems=problems
    )


def packages(file: Path) -> Row:
    """The installed versions against what requirements.txt asks."""
    if not file.is_file():
        return PlainRow(kind="machine", name="packages", seen=f"no {file.name} here", skipped=True)
    asked = list(_requirements(file))
    problems = []
    for one in asked:
        have = _version(one.name)
        if have is None or not one.specifier.contains(have, prereleases=True):
            wanted = f"{one.name} {one.specifier}".strip()
            how = "make, or pip install -r requirements.txt -c constraints.txt"
            found = have or "not installed"
            problems.append(Problem(expected=wanted, found=found, look_at=how))
    seen = f"{len(asked) - len(problems)} of {len(asked)} as {file.name} asks"
    seen += f"; Scrapy {_version('scrapy')}"
    return PlainRow(kind="machine", name="packages", seen=seen, problems=problems)


def _requirements(file: Path) -> Iterator[Requirement]:
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].strip()
        if words and not words.startswith("-"):
            requirement = Requirement(words)
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def writable(output: Path) -> Row:
    """Tried with a file that has no name and leaves nothing behind."""
    there = _nearest(output)
    what = "can be written to" if output.exists() else "is not there yet and can be made"
    problems = []
    try:
        if not there.is_dir():
            raise NotADirectoryError(f"{there} is no folder")
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"\n")
    except OSError as error:
        what = "cannot be written to"
        words = "a folder that this user may write to"
        found = f"{there}: {error.strerror or error}"
        problems.append(Problem(expected=words, found=found, look_at="the setting OUTPUT_DIR"))
    seen = f"{output.absolute()} {what}"
    return PlainRow(kind="machine", name="OUTPUT_DIR", seen=seen, problems=problems)


def disk(output: Path) -> Row:
    free = shutil.disk_usage(_nearest(output)).free
    problems = []
    if free < _ENOUGH_FREE:
        problems.append(
            Problem(
                expected=f"{_size(_ENOUGH_FREE)}, for some months of nights",
                found=f"{_size(free)} free",
                look_at="the settings OUTPUT_DIR and RETAIN_DAYS",
                severity="fails" if free < _LEAST_FREE else "doubt",
            )
        )
    return PlainRow(kind="machine", name="free disk", seen=_size(free), problems=problems)


def _nearest(path: Path) -> Path:
    """The path, or of the folders above it the first that exists."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def _size(number: int) -> str:
    return f"{number / 10**9:,.1f} GB" if number >= 10**9 else f"{number / 10**6:,.0f} MB"


def state(settings: BaseSettings) -> Row:
    """Is what earlier runs know at hand? Opening it updates an older one, as a run does."""
    url = url_of(settings)
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not file.exists():
        seen = f"none yet, the first run makes {file}"
        return PlainRow(kind="machine", name="state", seen=seen)
    row = PlainRow(kind="machine", name="state", seen="not to be had")
    try:
        open_state(url).close()
    except StateError as error:
        problem = Problem(
            expected="a database of this version", found=str(error), look_at="the setting STATE_URL"
        )
        row.problems.append(problem)
    else:
        from crawler.state.migrations import MIGRATIONS

        row.seen = f"can be read, version {MIGRATIONS[-1].__name__}"
    return row


def renderer(settings: BaseSettings) -> list[Row]:
    """Is there what RENDERER names; a Splash is asked for its `/_ping`."""
    name = settings["RENDERER"]
    if name == "off":
        return []
    where = str(settings["SPLASH_URL"] if name == "splash" else rendering.chromium(settings))
    row = PlainRow(kind="machine", name="renderer", seen=f"{name}: {where}")
    found = rendering.problem(settings) or (_silence(where) if name == "splash" else None)
    if found:
        how = Problem(expected=f"{name} at hand", found=found, look_at="docs/rendering.md")
        row.problems.append(how)
    return [row]


def _silence(url: str) -> str | None:
    """Why a Splash does not answer, if it does not."""
    try:
        # `problem` lets http and https pass
        with urlopen(f"{url.rstrip('/')}/_ping", timeout=_PATIENCE):  # noqa: S310 - as above
            return None
    except OSError as error:
        return str(error)
