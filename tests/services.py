"""Programs that some tests need beside Python: used where they are, else the test is skipped.

REQUIRE_SERVICES=1 makes such a skip a failure.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import NoReturn

import pytest

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where Chromium is, which the Python package playwright drives."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _missing("no Chromium: apt-get install chromium")
    if importlib.util.find_spec("playwright") is None:
        _missing("no playwright to drive Chromium: pip install playwright")
    return path


def _missing(words: str) -> NoReturn:
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(words, pytrace=False)
    pytest.skip(words)
