"""Libraries that only some settings need: looked for before the first request."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from scrapy.settings import BaseSettings

# setting -> (the extra to install, or None where its value needs none)
_NEEDED: dict[str, Callable[[str], str | None]] = {
    "ALERT_URLS": lambda value: "alerts" if value else None,
    "METRICS_FILE": lambda value: "metrics" if value else None,
    "REDIS_URL": lambda value: "redis" if value else None,
    "RENDERER": lambda value: value if value in ("splash", "playwright") else None,
    "STATE_URL": lambda value: "postgresql" if value.startswith("postgresql") else None,
}
_LIBRARIES = {
    "alerts": ("apprise",),
    "metrics": ("prometheus_client",),
    "playwright": ("scrapy_playwright", "playwright"),
    "postgresql": ("psycopg",),
    "redis": ("scrapy_redis", "redis"),
    "splash": ("scrapy_splash",),
}


def problem(settings: BaseSettings, *names: str) -> str | None:
    """Which of these settings needs a library that is not installed, in one line without its value,
    which may be a secret.
    """
    for name in names:
        extra = _NEEDED[name](str(settings[name] or ""))
        for library in _LIBRARIES[extra] if extra else ():
            if find_spec(library) is None:
                package = library.replace("_", "-")
                return (
                    f"setting {name}: it needs {package}, which is not installed; allowed: after "
                    f"pip install {package}, or with the extra {extra!r} of this project"
                )
    return None
