"""Is this machine ready: Python, packages, the output folder, the state, CONTACT, the renderer."""

from __future__ import annotations

import platform
import shutil
import socket
import tomllib
from functools import partial
from importlib import metadata
from pathlib import Path
from urllib.request import urlopen

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from scrapy.settings import BaseSettings

from crawler.doctor.result_rows import HOME, Row, doubt, fails, plain_row
from crawler.downloader import rendering
from crawler.files import nearest_folder, unusable_folder
from crawler.monitoring import channels
from crawler.state import StateError, open_state
from crawler.state.migrations import MIGRATIONS
from crawler.state.session import url_of

# A night writes some 10 MB, and some 100 MB with its archive.
_LEAST_FREE = 500 * 10**6  # bytes
_ENOUGH_FREE = 5 * 10**9
_PATIENCE = 10  # seconds for a Splash to say that it is there

_row = partial(plain_row, "machine")


def look(settings: BaseSettings, home: Path = HOME) -> list[Row]:
    output = Path(settings["OUTPUT_DIR"])
    return [
        python(home / "pyproject.toml"),
        packages(home / "requirements.txt"),
        writable(output),
        disk(output),
        state(settings),
        contact(settings),
        *renderer(settings),
    ]


def python(project: Path) -> Row:
    have = platform.python_version()
    if not project.is_file():
        return _row("Python", have)
    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["requires-python"]
    fits = SpecifierSet(wanted).contains(have, prereleases=True)
    problems = [] if fits else [fails(f"Python {wanted}", have)]
    return _row("Python", f"{have}, wanted {wanted}", *problems)


def packages(file: Path) -> Row:
    if not file.is_file():
        return _row("packages", f"no {file.name} here", skipped=True)
    lines = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    asked = [Requirement(line) for line in lines if line and not line.startswith("-")]
    asked = [one for one in asked if one.marker is None or one.marker.evaluate()]
    installed = {one.name: _version(one.name) for one in asked}
    how = "make, or pip install -r requirements.txt -c constraints.txt"
    problems = [
        fails(f"{one.name} {one.specifier}".strip(), have or "not installed", how)
        for one in asked
        if (have := installed[one.name]) is None
        or not one.specifier.contains(have, prereleases=True)
    ]
    number = f"{len(asked) - len(problems)} of {len(asked)}"
    return _row("packages", f"{number} as {file.name} asks; Scrapy {_version('scrapy')}", *problems)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def writable(output: Path) -> Row:
    path = output.absolute()
    if why := unusable_folder(output):
        wrong = fails("a folder that this user may write to", why, "the setting OUTPUT_DIR")
        return _row("OUTPUT_DIR", f"{path} cannot be written to", wrong)
    what = "can be written to" if output.exists() else "is not there yet and can be made"
    return _row("OUTPUT_DIR", f"{path} {what}")


def disk(output: Path) -> Row:
    free = shutil.disk_usage(nearest_folder(output)).free
    if free >= _ENOUGH_FREE:
        return _row("free disk", _size(free))
    make = fails if free < _LEAST_FREE else doubt
    expected = f"{_size(_ENOUGH_FREE)}, for some months of nights"
    look_at = "the settings OUTPUT_DIR and RETAIN_DAYS"
    return _row("free disk", _size(free), make(expected, f"{_size(free)} free", look_at))


def _size(number: int) -> str:
    return f"{number / 10**9:,.1f} GB" if number >= 10**9 else f"{number / 10**6:,.0f} MB"


def state(settings: BaseSettings) -> Row:
    """Can what earlier runs know be read? Opening it updates an older one, as a run does."""
    url = url_of(settings)
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not file.exists():
        return _row("state", f"none yet, the first run makes {file}")
    try:
        open_state(url).close()
    except StateError as error:
        wrong = fails("a database of this version", str(error), "the setting STATE_URL")
        return _row("state", "cannot be read", wrong)
    return _row("state", f"can be read, version {MIGRATIONS[-1].__name__}")


def contact(settings: BaseSettings) -> Row:
    """Whom the site can ask, which stands in the User-Agent."""
    if given := settings["CONTACT"]:
        return _row("CONTACT", f"{given}, in the User-Agent")
    if settings["MIRROR_URL"]:
        return _row("CONTACT", "not set, which a mirror does not mind", skipped=True)
    expected = "an address or page where the site can reach whoever runs this"
    found = "none: the User-Agent names nobody"
    return _row("CONTACT", "not set", doubt(expected, found, "the setting CONTACT"))


def renderer(settings: BaseSettings) -> list[Row]:
    name = settings["RENDERER"]
    if name == "off":
        return []
    where = str(settings["SPLASH_URL"] if name == "splash" else rendering.chromium(settings))
    found = rendering.problem(settings) or (_silence(where) if name == "splash" else None)
    problems = [fails(f"a {name} that works", found, "docs/rendering.md")] if found else []
    return [_row("renderer", f"{name}: {where}", *problems)]


def _silence(url: str) -> str | None:
    try:
        # `problem` lets http and https pass
        with urlopen(f"{url.rstrip('/')}/_ping", timeout=_PATIENCE):  # noqa: S310 - as above
            return None
    except OSError as error:
        return str(error)


def test_alert(urls: list[str]) -> list[Row]:
    """Send a message through each channel, and tell what it answered."""
    title = f"workercn on {socket.gethostname()}: a test"
    body = "This is a test by `scrapy doctor --alert-test`: alerts of bad nights come this way."
    look_at = "the setting ALERT_URLS; docs/alerts.md"
    rows: list[Row] = []
    for name, wrong in channels.answers(urls, title, body, "info"):
        if wrong:
            problem = fails("a channel that takes a message", f"it {wrong}", look_at)
            rows.append(plain_row("alert", "alert", f"{name} did not take the message", problem))
        else:
            rows.append(plain_row("alert", "alert", f"{name} took the message"))
    return rows
