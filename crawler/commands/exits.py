"""How our commands end early: one line on standard error and the contract's exit code."""

from __future__ import annotations

import sys
from typing import NoReturn
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

USAGE = 2
OUTPUT = 6


def stop(code: int, message: str) -> NoReturn:
    print(f"scrapy: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def refuse_leftovers(args: list[str], allowed: int, usage: str) -> None:
    """Scrapy hands options it does not know to the command as if they were arguments."""
    unknown = [word for word in args if word.startswith("-") and word != "-"]
    if unknown or len(args) > allowed:
        word = unknown[0] if unknown else args[allowed]
        stop(USAGE, f"{word!r} is no option or argument here; allowed: {usage}")


def check_settings(settings: BaseSettings) -> None:
    """Stop on a setting of ours that cannot be meant."""
    if not settings["OUTPUT_DIR"]:
        stop(USAGE, "setting OUTPUT_DIR=: no folder; allowed: a path, such as output")
    mirror = settings["MIRROR_URL"]
    if mirror:
        try:
            parts = urlsplit(mirror)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.path not in ("", "/") or parts.query:
            stop(USAGE, f"setting MIRROR_URL={mirror}: no address; allowed: http://host:port")
    _number(settings, "MAX_REJECT_SHARE", 0, 1)
    _number(settings, "SLICE_DAYS", 1, 100_000)
    _number(settings, "MAX_LISTING_PAGES", 1, 1_000_000)
    _number(settings, "DOWNLOAD_DELAY", 0, 3600)
    _number(settings, "RETRY_DELAY", 0, 3600)
    _number(settings, "RETRY_DELAY_MAX", 0, 3600)
    _number(settings, "RETRY_AFTER_MAX", 0, 86_400)


def _number(settings: BaseSettings, name: str, low: float, high: float) -> None:
    try:
        usable = low <= settings.getfloat(name) <= high
    except (TypeError, ValueError):
        usable = False
    if not usable:
        stop(USAGE, f"setting {name}={settings[name]}: allowed: a number from {low} to {high}")
