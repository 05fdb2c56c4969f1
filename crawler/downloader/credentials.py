"""Addresses of servers, which may hold a name and a password: http://user:password@host:port."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")


def redact(url: str) -> str:
    """The address as it may be told."""
    return _USERINFO.sub("***@", url)


def split_credentials(url: str) -> tuple[str, str, str]:
    """The address without them, the name and the password, both empty where there is none."""
    parts = urlsplit(url)
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return plain, unquote(parts.username or ""), unquote(parts.password or "")


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def web_address(url: str) -> SplitResult | None:
    """The parts of an address that http or https can reach; None for any other."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
