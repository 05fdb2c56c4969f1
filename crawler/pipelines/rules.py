"""Which version of the rules reads pages here."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path

# All that decides what the bytes of a page become as a record.
_SOURCE = (
    *("items.py", "spiders/responses.py", "extraction/*.py"),
    *("site/**/*.py", "site/**/*.toml", "text/*.py", "pipelines/*.py"),
)
_LIBRARIES = ("selectolax", "nh3", "dateparser")


@cache
def version() -> str:
    """A digest of the source of the rules and of the versions of what they parse with: the same
    wherever both are installed, and another one where a change of either may read the same bytes
    otherwise.
    """
    digest = hashlib.sha256()
    home = Path(__file__).parents[1]
    for path in sorted(path for pattern in _SOURCE for path in home.glob(pattern)):
        digest.update(path.read_bytes())
    digest.update(" ".join(f"{name} {installed(name)}" for name in _LIBRARIES).encode())
    return digest.hexdigest()[:12]
