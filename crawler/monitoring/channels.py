"""Delivers a message through apprise, in a process of its own.

A channel's address is a secret, and apprise and what it is built on log addresses, put them into
exceptions and may wait for ever. A process that has no log and can be killed settles all of that,
and keeps apprise out of the crawl's memory.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from apprise import NotifyBase

Kind = Literal["info", "success", "warning", "failure"]

_PATIENCE = 30.0  # seconds for all channels, which are asked side by side
_ROOT = Path(__file__).parents[2]
_SCHEME = re.compile(r"[A-Za-z0-9]{1,32}://")

# What may be told of what apprise says: its own words may hold the address.
_REASONS = (
    (r"\berror=(\d{3})\b", "answered {}"),
    (r"timed out", "did not answer in time"),
    (r"Connection refused", "refused the connection"),
    (r"resol(?:ve|ution)|Name or service", "has a host without an address"),
    (r"SSL|certificate", "could not agree on TLS"),
    (r"\(53\d,", "refused the login"),
)
_TELLING = ("Socket Exception", "Failed to send")


def split(setting: str) -> list[str]:
    """The addresses of a setting, between which there are commas or white space.

    A comma inside an address (`?to=a@example.org,b@example.org`) is part of it.
    """
    parts = re.split(r"\s+|,(?=[A-Za-z0-9]{1,32}://)", setting)
    return [part for part in (part.strip(",") for part in parts) if part]


def check(urls: Sequence[str]) -> str | None:
    """What is wrong with the first address that is no use, in one sentence without the address."""
    if not urls:
        return None
    for number, wrong in sorted(_talk(urls, None).items()):
        if wrong:
            return f"{_name(urls, number)} {wrong}"
    return None


def deliver(urls: Sequence[str], title: str, body: str, kind: Kind) -> list[str]:
    """Send plain text through every channel; a sentence for each that did not take it.

    Returns within half a minute, whatever the channels do.
    """
    return [f"{name} {wrong}" for name, wrong in answers(urls, title, body, kind) if wrong]


def answers(urls: Sequence[str], title: str, body: str, kind: Kind) -> list[tuple[str, str]]:
    """Send as `deliver` does: of each channel a name without secrets, and why it did not take the
    message, '' where it did.
    """
    said = _talk(urls, {"title": title, "body": body, "notify_type": kind})
    late = f"did not answer within {_PATIENCE:g} seconds"
    return [(_name(urls, number), said.get(number, late)) for number in range(len(urls))]


def _name(urls: Sequence[str], number: int) -> str:
    """A channel by its place and scheme: in many addresses even the host is a token."""
    scheme = _SCHEME.match(urls[number])
    what = f"{scheme[0]}…" if scheme else "without ://"
    return f"ALERT_URLS, no. {number + 1} of {len(urls)} ({what})"


def _talk(urls: Sequence[str], message: dict[str, str] | None) -> dict[int, str]:
    """place of a channel -> what went wrong, '' for nothing; without those that came to no end."""
    words = json.dumps({"urls": list(urls), "message": message})
    try:
        told = subprocess.run(
            [sys.executable, "-m", __name__],
            cwd=_ROOT,
            input=words.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=True,
        ).stdout
    except subprocess.TimeoutExpired as late:
        told = late.stdout or b""
    except (OSError, subprocess.CalledProcessError) as error:
        wrong = f"could not be asked, apprise does not start ({type(error).__name__})"
        return dict.fromkeys(range(len(urls)), wrong)
    return dict(json.loads(line) for line in told.splitlines())


# --- in the other process -----------------------------------------------------------------------


def _main() -> None:
    from apprise import Apprise, AppriseAsset

    logging.getLogger("apprise").setLevel(logging.DEBUG)  # why it failed is said nowhere else
    order = json.load(sys.stdin)
    asset = AppriseAsset(app_id="workercn", app_desc="workercn crawler")
    threads = []
    for number, url in enumerate(order["urls"]):
        channel = Apprise.instantiate(url, asset=asset)
        if channel is None:
            _tell(number, "is no address that apprise can use")
        elif order["message"] is None:
            _tell(number, "")
        else:
            send = threading.Thread(target=_send, args=(number, channel, order["message"]))
            send.start()
            threads.append(send)
    for thread in threads:
        thread.join()


def _send(number: int, channel: NotifyBase, message: dict[str, Any]) -> None:
    from apprise import Apprise, NotifyFormat

    result = Apprise(channel).notify(
        **message, body_format=NotifyFormat.TEXT, log_level=logging.DEBUG
    )
    said = (entry.message for entry in result.logs())
    words = " ".join(one for one in said if one.startswith(_TELLING))
    _tell(number, "" if result else _reason(words))


def _reason(words: str) -> str:
    for pattern, reason in _REASONS:
        if match := re.search(pattern, words):
            return reason.format(*match.groups())
    return "did not take the message"


def _tell(number: int, wrong: str) -> None:
    sys.stdout.write(json.dumps([number, wrong]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main()
