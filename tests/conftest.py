import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.harness import ROOT
from tests.support.services import browser, postgres, redis, splash_url, state_url

__all__ = ["browser", "postgres", "redis", "splash_url", "state_url"]

BEFORE = pytest.StashKey[set[str]]()  # files of the checkout


def pytest_configure(config: pytest.Config) -> None:
    """A run that is cut short, by a time limit say, tells what has failed so far, as after Ctrl-C.
    What tests start can be interrupted, though the tests were put into the background.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):  # the one of several processes that tells
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        config.stash[BEFORE] = _files()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tests write to folders of their own: one that leaves a file in the checkout is a failure."""
    before = session.config.stash.get(BEFORE, None)
    if before is not None and (left := sorted(_files() - before)):
        print("\nERROR: new in the checkout after the tests:", *left, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _files() -> set[str]:
    """Of the checkout, without caches and environments."""
    found = set()
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        found |= {str((Path(folder) / name).relative_to(ROOT)) for name in names}
    return found


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real pages that are no part of the project: tests that need them skip where they are not."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of real pages is not here")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lone surrogates in what a test has logged cannot be passed on between processes."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes that are no word by their number: those of gzip hold the second they were made in, and
    processes that collect at different seconds would have different tests.
    """
    if isinstance(val, bytes) and not (val.isascii() and len(val) <= 20):
        return f"{len(val)} bytes"
    return None


# First and in this order, so that no worker of several is left with one of them at the end.
LONGEST = (
    "test_rendering",
    "test_cluster",
    "test_late",
    "test_network",
    "test_death",
    "test_doctor",
    "test_replay",
    "test_paper_nights",
    "test_gaps",
    "test_nights",
    "test_removals",
    "test_exit_codes",
    "test_implausible",
    "test_soak",
    "test_interruptions",
    "test_nightly",
    "test_replaying",
    "test_secrets",
    "test_alerts",
    "test_language",
    "test_faults",
    "test_api",
    "test_projection",
    "test_howto",
    "test_same_pages",
    "test_page",
    "test_reading",
    "test_pruning",
    "test_pictures",
    "test_mirror_and_live",
    "test_older",
    "test_checks_crawl",
    "test_database",
    "test_links",
    "test_walk",
    "test_article_ids",
    "test_sections_found",
    "test_sections_redirected",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {stem: place for place, stem in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))
