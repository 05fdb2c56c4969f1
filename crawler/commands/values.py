"""Which values settings may have: own ones by settings.toml, Scrapy's by their defaults' types."""

from __future__ import annotations

import codecs
import ipaddress
import math
import os
import re
import ssl
import tempfile
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from scrapy.spidermiddlewares.referer import RefererMiddleware
from scrapy.utils.misc import load_object

from crawler.downloader.credentials import shown
from crawler.settings_model import SETTINGS

_MOST = 2**31  # of a number without limits of its own

# Scrapy's numbers that need not be whole though their default is, or whose least usable value is
# not 0: (type, least, most).
_SCRAPY_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "AUTOTHROTTLE_TARGET_CONCURRENCY": (float, 0.001, 1000),
    "AWS_MAX_POOL_CONNECTIONS": (int, 1, 10_000),
    "DEPTH_PRIORITY": (int, -(2**31), 2**31),
    "HTTP2_MAX_FRAME_SIZE": (int, 16_384, 2**24 - 1),
    "MAIL_PORT": (int, 1, 65_535),
    "MEMUSAGE_CHECK_INTERVAL_SECONDS": (float, 0.01, 86_400),
    "REACTOR_THREADPOOL_MAXSIZE": (int, 1, 10_000),
    "REDIRECT_PRIORITY_ADJUST": (int, -(2**31), 2**31),
    "RETRY_PRIORITY_ADJUST": (int, -(2**31), 2**31),
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": (int, 1, 2**53),
}
_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
_LEVEL_SETTINGS = ("LOG_LEVEL", "DEFAULT_DROPITEM_LOG_LEVEL", "RETRY_GIVE_UP_LOG_LEVEL")
_ENCODINGS = ("LOG_ENCODING", "FEED_EXPORT_ENCODING", "HTTPPROXY_AUTH_ENCODING")
_STATUS_CODES = ("RETRY_HTTP_CODES", "HTTPERROR_ALLOWED_CODES", "HTTPCACHE_IGNORE_HTTP_CODES")
_FOLDERS = ("FEED_TEMPDIR", "TEMPLATES_DIR")  # that have to be there
_CHOICES: dict[str, tuple[str, ...]] = {
    "DOWNLOADER_CLIENT_TLS_METHOD": ("TLS", "TLSv1.0", "TLSv1.1", "TLSv1.2"),
    "DOWNLOAD_TLS_MIN_VERSION": ("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
    "DOWNLOAD_TLS_MAX_VERSION": ("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
    # What else there is cannot run this crawl.
    "TWISTED_REACTOR": (default_settings.TWISTED_REACTOR,),
    "TWISTED_REACTOR_ENABLED": ("1", "True", "true"),
}

# Dictionaries class -> order, name -> class, and single classes. These are imported to be judged.
_ORDERED = (
    "ADDONS", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES", "SPIDER_CONTRACTS",
    "SPIDER_MIDDLEWARES",
)  # fmt: skip
_NAMED = ("DOWNLOAD_HANDLERS", "FEED_EXPORTERS", "FEED_STORAGES", "REFERRER_POLICIES")
_CLASS_OR_NOTHING = ("ASYNCIO_EVENT_LOOP", "FEED_URI_PARAMS", "DNS_RESOLVER")
_CLASS = re.compile(r"(?:scrapy|twisted)(?:\.\w+)+\.[A-Z]\w+")  # a default that names one
_POLICY = "REFERRER_POLICY"  # a class, or a policy's own name

# Read before there is a reactor, which they must not bring: the rest is imported after.
EARLY = ("ADDONS", "SPIDER_LOADER_CLASS", "ASYNCIO_EVENT_LOOP")

# Without these there is no run folder, or nothing in it.
_NEEDED = {
    "ADDONS": ("crawler.feeds.addon.RunFeeds",),
    "EXTENSIONS": ("crawler.state.session.Session", "crawler.monitoring.outcome.Outcome"),
    "ITEM_PIPELINES": (
        "crawler.pipelines.validation.Validation",
        "crawler.pipelines.revisions.Revisions",
    ),
    "DOWNLOAD_HANDLERS": ("http", "https"),
    "FEED_EXPORTERS": ("lines", "journal"),
    "FEED_STORAGES": ("run",),
}

_SHOWN = 200  # characters of a value


class SettingError(ValueError):
    """A setting that cannot be used: its message names it, its value and what is allowed."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        words = shown(str(dict(value) if isinstance(value, BaseSettings) else value))
        words = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        super().__init__(f"setting {name}={words}: allowed: {allowed}")


def check(settings: BaseSettings) -> None:
    """Look at every value that is not Scrapy's own. Raises SettingError."""
    for name in settings:
        _whole_text(name, settings[name])
    for name in sorted({*SETTINGS, *default_settings.__all__}):
        if (settings.getpriority(name) or 0) > SETTINGS_PRIORITIES["default"]:
            _check(settings, name)
    _floors(settings)
    _report_url(settings)
    _pictures(settings)
    for name in EARLY:
        check_classes(settings, name)
    for module in settings.getlist("SPIDER_MODULES"):
        try:
            import_module(module)
        except Exception as error:
            raise SettingError("SPIDER_MODULES", module, _importable(error)) from error
    _logging(settings)
    for name in _FOLDERS:
        if (folder := settings[name]) and not Path(folder).is_dir():
            raise SettingError(name, folder, "a folder that is there")


def check_all_classes(settings: BaseSettings) -> None:
    """Import every component that settings name. Raises SettingError."""
    for name in (*_ORDERED, *_NAMED, *_CLASS_OR_NOTHING, *default_settings.__all__):
        check_classes(settings, name)


def check_classes(settings: BaseSettings, name: str) -> None:
    value = settings[name]
    default = getattr(default_settings, name, None)
    paths: Iterable[Any] = ()
    if name in _ORDERED or name in _NAMED:
        for needed in _NEEDED.get(name, ()):
            if settings.getdict(name).get(needed) is None:
                raise SettingError(name, value, f"what has {needed}, without which nothing is kept")
        pairs = settings.getdict(name).items()
        paths = [key if name in _ORDERED else path for key, path in pairs if path is not None]
    elif name == "RETRY_EXCEPTIONS":
        paths = settings.getlist(name)
    elif name in _CLASS_OR_NOTHING or name == "DOWNLOADER_CLIENTCONTEXTFACTORY":
        paths = [value] if value and value != default else []
    elif name == _POLICY:
        try:
            RefererMiddleware(settings)
        except Exception as error:
            raise SettingError(name, value, "a policy such as no-referrer, or a class") from error
    elif isinstance(default, str) and _CLASS.fullmatch(default) and value != default:
        paths = [value]
    for path in paths:
        _importable_class(name, path)


def _importable_class(name: str, path: Any) -> None:
    try:
        found = load_object(path)
    except Exception as error:
        raise SettingError(name, path, _importable(error)) from error
    if not callable(found):
        raise SettingError(name, path, "the full name of a class")


def _importable(error: Exception) -> str:
    return f"what can be imported, such as module.Class ({type(error).__name__}: {error})"


# --- by kind ------------------------------------------------------------------------------------


def _check(settings: BaseSettings, name: str) -> None:
    default = getattr(default_settings, name, None)
    own = SETTINGS.get(name)
    if name in _CHOICES or (own and own.choices):
        _choice(settings, name, _CHOICES[name] if own is None else own.choices)
    elif own and own.is_number:
        _number(settings, name, type(own.default), *own.range)
    elif name in _SCRAPY_NUMBERS:
        _number(settings, name, *_SCRAPY_NUMBERS[name])
    elif isinstance(default, bool) or (own and own.is_switch):
        _switch(settings, name)
    elif isinstance(default, int | float):
        if settings[name] is not None:
            _number(settings, name, type(default), 0, _MOST)
    elif isinstance(default, dict | BaseSettings):
        _dictionary(settings, name)
    elif isinstance(default, list):
        _list(settings, name)
    elif name == "FEED_EXPORT_FIELDS":
        _must(settings, name, lambda: settings.getdictorlist(name), "fields, between commas")
    elif name in _ENCODINGS and settings[name]:
        allowed = "a name of an encoding, such as utf-8"
        _must(settings, name, lambda: codecs.lookup(settings[name]), allowed)
    elif name == "DOWNLOADER_CLIENT_TLS_CIPHERS":
        context = ssl.create_default_context()
        _must(settings, name, lambda: context.set_ciphers(settings[name]), "ciphers, as OpenSSL's")
    elif name == "DOWNLOAD_BIND_ADDRESS" and (host := settings[name]):
        host = host[0] if isinstance(host, list | tuple) else host
        _must(settings, name, lambda: ipaddress.ip_address(host), "an IP address of this machine")
    elif name == "HTTPCACHE_DBM_MODULE":
        _must(settings, name, lambda: import_module(settings[name]), "a module, such as dbm")
    elif name in ("JOBDIR", "FILES_STORE", "HTTPCACHE_DIR"):
        _path(settings, name)


def _must(settings: BaseSettings, name: str, read: Callable[[], Any], allowed: str) -> None:
    try:
        read()
    except (TypeError, ValueError, LookupError, AttributeError, ImportError, OSError) as error:
        raise SettingError(name, settings[name], allowed) from error


def _number(
    settings: BaseSettings, name: str, kind: type[int] | type[float], low: float, high: float
) -> None:
    given = settings[name]
    if given is None and getattr(default_settings, name, 0) is None:
        return
    try:
        value = kind(given)
        # 1.5 in settings.py is no 1; and neither is an infinite number a pause.
        usable = low <= value <= high and math.isfinite(value)
        usable = usable and (not isinstance(given, float) or value == given)
    except (TypeError, ValueError, OverflowError):
        usable = False
    if not usable:
        what = "a whole number" if kind is int else "a number"
        raise SettingError(name, given, f"{what} from {_plain(low)} to {_plain(high)}")


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _switch(settings: BaseSettings, name: str) -> None:
    # As Scrapy reads it, but for 7 and -1, which nobody means by a switch.
    if str(settings[name]) not in ("0", "1", "True", "False", "true", "false", "None"):
        raise SettingError(name, settings[name], "1 or 0")


def _choice(settings: BaseSettings, name: str, choices: Iterable[str]) -> None:
    if settings[name] is not None and str(settings[name]) not in choices:
        raise SettingError(name, settings[name], ", ".join(choices))


def _dictionary(settings: BaseSettings, name: str) -> None:
    try:
        values = settings.getdict(name)
    except (TypeError, ValueError) as error:
        raise SettingError(name, settings[name], "a dictionary, as JSON") from error
    for key, value in values.items():
        if name in _ORDERED and not (value is None or isinstance(value, int | float)):
            raise SettingError(name, f"{key}: {value}", "a whole number, or null, for each class")
        if name in ("DOWNLOAD_SLOTS", "FEEDS") and not isinstance(value, Mapping):
            raise SettingError(name, f"{key}: {value}", "a dictionary for each")
        if name == "DOWNLOAD_SLOTS":
            slot = BaseSettings(value)
            for option, kind, low in (("concurrency", int, 1), ("delay", float, 0)):
                if option in slot:
                    try:
                        _number(slot, option, kind, low, 3600)
                    except SettingError as problem:
                        raise SettingError(name, f"{key}: {value}", f"{option} as a number") from (
                            problem
                        )


def _list(settings: BaseSettings, name: str) -> None:
    try:
        values = settings.getlist(name)
    except TypeError as error:
        raise SettingError(name, settings[name], "words, between commas") from error
    if name in _STATUS_CODES:
        try:
            usable = all(100 <= int(value) <= 599 for value in values)
        except (TypeError, ValueError):
            usable = False
        if not usable:
            raise SettingError(name, settings[name], "HTTP status codes, 100 to 599, with commas")
        settings.set(name, [int(value) for value in values], settings.getpriority(name) or 0)


def _path(settings: BaseSettings, name: str) -> None:
    path = settings[name]
    if path and "://" not in str(path) and not is_folder_to_be(Path(path)):
        raise SettingError(name, path, "a folder that is there or can be made")


def _pictures(settings: BaseSettings) -> None:
    name = "IMAGES_STORE"
    if not (store := settings[name]):
        return
    if "://" in str(store) or not is_folder_to_be(Path(store)):
        raise SettingError(name, store, "a folder of this machine that is there or can be made")
    if not find_spec("PIL"):
        raise SettingError(name, store, "together with the library Pillow: pip install pillow")


def _floors(settings: BaseSettings) -> None:
    try:
        floors = settings.getdict("COVERAGE_FLOORS")
        usable = all(0 <= float(share) <= 1 for share in floors.values())
    except (TypeError, ValueError):
        usable = False
    if not usable:
        what = 'JSON such as {"body": 0.95}, shares from 0 to 1'
        raise SettingError("COVERAGE_FLOORS", settings["COVERAGE_FLOORS"], what)


def _report_url(settings: BaseSettings) -> None:
    if not (url := settings["REPORT_URL"]):
        return
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        usable = usable and not (parts.query or parts.fragment or "@" in parts.netloc)
        usable = usable and not any(char.isspace() for char in url)
    except ValueError:
        usable = False
    if not usable:
        allowed = "the address at which OUTPUT_DIR is served, such as https://host/crawl"
        raise SettingError("REPORT_URL", url, allowed)


def _logging(settings: BaseSettings) -> None:
    for name in _LEVEL_SETTINGS:
        level = str(settings[name]).upper()
        if level not in _LEVELS:
            raise SettingError(name, settings[name], ", ".join(_LEVELS))
        settings.set(name, level, priority=settings.getpriority(name) or 0)
    if (path := settings["LOG_FILE"]) and (why := unwritable(path)):
        raise SettingError("LOG_FILE", path, f"a file to write to ({why})")
    if (path := settings["METRICS_FILE"]) and not Path(path).parent.is_dir():
        raise SettingError("METRICS_FILE", path, "a file in a folder that is there")


def _whole_text(name: str, value: object) -> None:
    """No half of a surrogate pair, which is what bytes that are not UTF-8 come as: it could be
    written to no file of ours.
    """
    if isinstance(value, Mapping):
        for one in (*value, *value.values()):
            _whole_text(name, one)
    elif isinstance(value, list | tuple | set):
        for one in value:
            _whole_text(name, one)
    elif isinstance(value, str | os.PathLike) and not is_whole(str(value)):
        raise SettingError(name, value, "text in UTF-8")
    if not is_whole(name):
        raise SettingError(name, value, "text in UTF-8")


def is_whole(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


# --- files --------------------------------------------------------------------------------------


def unwritable(path: str | os.PathLike[str]) -> str | None:
    """Why a file cannot be written, None where it can; one that is not there is not left behind."""
    file = Path(path)
    try:
        if file.is_fifo():
            return None  # to open it would wait for a reader
        was_there = file.exists()
        file.open("ab").close()
        if not was_there:
            file.unlink()
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    return None


def is_folder_to_be(path: Path) -> bool:
    """Is this a folder, or can one be made of it?"""
    try:
        there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
        tempfile.TemporaryDirectory(dir=there).cleanup()
    except (OSError, ValueError):
        return False
    return True
