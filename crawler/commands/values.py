"""Which values settings may have: own ones by settings.toml, Scrapy's by their defaults' types."""

from __future__ import annotations

import codecs
import ipaddress
import os
import re
import ssl
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from scrapy.spidermiddlewares.referer import RefererMiddleware
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object

from crawler.commands import permissions
from crawler.downloader.credentials import redact, web_address
from crawler.files import unusable_folder, unwritable
from crawler.monitoring import log
from crawler.settings_model import SETTINGS

_MOST = 2**31  # of a number without limits of its own
_SHOWN = 200  # characters of a value


class SettingError(ValueError):
    """A setting that cannot be used: its message names it, its value and what is allowed."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        words = redact(str(dict(value) if isinstance(value, BaseSettings) else value))
        words = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        super().__init__(f"setting {name}={words}: allowed: {allowed}")


class _Rule(NamedTuple):
    """What a value has to be. `fits` returns False for another, or raises; it may put what it has
    read in the value's place.
    """

    fits: Callable[[BaseSettings, str], object]
    allowed: str


def _of(read: Callable[[Any], object], allowed: str) -> _Rule:
    return _Rule(lambda settings, name: not settings[name] or read(settings[name]), allowed)


def _each(fits: Callable[[Any], bool], allowed: str) -> _Rule:
    """Of a dictionary, by its values."""
    return _Rule(lambda settings, name: all(map(fits, settings.getdict(name).values())), allowed)


def _number(
    kind: type[int] | type[float], low: float, high: float, *, optional: bool = False
) -> _Rule:
    def fits(settings: BaseSettings, name: str) -> bool:
        given = settings[name]
        if given is None:
            return optional
        value = kind(given)
        # 1.5 in settings.py is no 1.
        return low <= value <= high and (not isinstance(given, float) or value == given)

    return _Rule(fits, f"{'a whole number' if kind is int else 'a number'} from {low} to {high}")


def _one_of(*choices: str) -> _Rule:
    def fits(settings: BaseSettings, name: str) -> bool:
        return settings[name] is None or str(settings[name]) in choices

    return _Rule(fits, ", ".join(choices))


# As Scrapy reads it, but for 7 and -1, which nobody means by a switch.
_SWITCH = _one_of("0", "1", "True", "False", "true", "false")._replace(allowed="1 or 0")


def _is_level(settings: BaseSettings, name: str) -> bool:
    level = str(settings[name]).upper()
    if level in _LEVELS:
        settings.set(name, level, priority=settings.getpriority(name) or 0)
    return level in _LEVELS


def _are_status_codes(settings: BaseSettings, name: str) -> bool:
    codes = [int(code) for code in settings.getlist(name)]
    settings.set(name, codes, settings.getpriority(name) or 0)
    return all(100 <= code <= 599 for code in codes)


def _are_ciphers(settings: BaseSettings, name: str) -> bool:
    ssl.create_default_context().set_ciphers(settings[name])
    return True


def _is_slot(given: Any) -> bool:
    slot = BaseSettings(dict(given))
    return all(rule.fits(slot, option) for option, rule in _SLOT.items() if option in slot)


def _is_mirror(url: str) -> bool:
    parts = web_address(url)
    return parts is not None and parts.path in ("", "/") and not (parts.query or "@" in url)


def _is_served_at(url: str) -> bool:
    parts = web_address(url)
    return parts is not None and not (parts.query or parts.fragment or re.search(r"[@\s]", url))


def _may_be_written(settings: BaseSettings, name: str) -> bool:
    if (path := settings[name]) and (why := unwritable(path)):
        raise SettingError(name, path, f"a file to write to ({why})")
    return True


def _is_store(settings: BaseSettings, name: str) -> bool:
    store = settings[name]
    if store and not find_spec("PIL"):
        raise SettingError(name, store, "together with the library Pillow: pip install pillow")
    return not store or ("://" not in str(store) and not unusable_folder(Path(store)))


_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
_LEVEL = _Rule(_is_level, ", ".join(_LEVELS))
_ENCODING = _of(codecs.lookup, "a name of an encoding, such as utf-8")
_STATUS_CODES = _Rule(_are_status_codes, "HTTP status codes, 100 to 599, with commas")
_FOLDER = _of(
    lambda path: "://" in str(path) or not unusable_folder(Path(path)),
    "a folder that is there or can be made",
)
_OLD_FOLDER = _of(lambda path: Path(path).is_dir(), "a folder that is there")
_ORDERS = _Rule(
    lambda settings, name: build_component_list(settings.getdict(name)) is not None,
    "a dictionary, as JSON: a whole number, or null, for each class",
)
_DICTIONARY = _Rule(
    lambda settings, name: settings.getdict(name) is not None, "a dictionary, as JSON"
)
_LIST = _Rule(lambda settings, name: settings.getlist(name) is not None, "words, between commas")
_TLS = _one_of("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_SLOT = {"concurrency": _number(int, 1, 3600), "delay": _number(float, 0, 3600)}
_RULES = {
    # Numbers that need not be whole though their default is, or whose least value is not 0.
    "AUTOTHROTTLE_TARGET_CONCURRENCY": _number(float, 0.001, 1000),
    "AWS_MAX_POOL_CONNECTIONS": _number(int, 1, 10_000),
    "DEPTH_PRIORITY": _number(int, -(2**31), 2**31),
    "HTTP2_MAX_FRAME_SIZE": _number(int, 16_384, 2**24 - 1),
    "MEMUSAGE_CHECK_INTERVAL_SECONDS": _number(float, 0.01, 86_400),
    "REACTOR_THREADPOOL_MAXSIZE": _number(int, 1, 10_000),
    "REDIRECT_PRIORITY_ADJUST": _number(int, -(2**31), 2**31),
    "RETRY_PRIORITY_ADJUST": _number(int, -(2**31), 2**31),
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": _number(int, 1, 2**53),
    "DOWNLOADER_CLIENT_TLS_METHOD": _one_of("TLS", "TLSv1.0", "TLSv1.1", "TLSv1.2"),
    "DOWNLOAD_TLS_MIN_VERSION": _TLS,
    "DOWNLOAD_TLS_MAX_VERSION": _TLS,
    # What else there is cannot run this crawl.
    "TWISTED_REACTOR": _one_of(default_settings.TWISTED_REACTOR),
    "TWISTED_REACTOR_ENABLED": _one_of("1", "True", "true"),
    "LOG_LEVEL": _LEVEL,
    "DEFAULT_DROPITEM_LOG_LEVEL": _LEVEL,
    "RETRY_GIVE_UP_LOG_LEVEL": _LEVEL,
    "LOG_ENCODING": _ENCODING,
    "FEED_EXPORT_ENCODING": _ENCODING,
    "HTTPPROXY_AUTH_ENCODING": _ENCODING,
    "RETRY_HTTP_CODES": _STATUS_CODES,
    "HTTPERROR_ALLOWED_CODES": _STATUS_CODES,
    "HTTPCACHE_IGNORE_HTTP_CODES": _STATUS_CODES,
    "MAIL_PORT": _number(int, 1, 65_535),
    "DOWNLOAD_SLOTS": _each(_is_slot, "a dictionary for each, concurrency and delay as numbers"),
    "FEEDS": _each(lambda value: isinstance(value, Mapping), "a dictionary for each, as JSON"),
    "FEED_EXPORT_FIELDS": _Rule(
        lambda settings, name: settings.getdictorlist(name) is not None, "fields, between commas"
    ),
    "DOWNLOADER_CLIENT_TLS_CIPHERS": _Rule(_are_ciphers, "ciphers, as OpenSSL's"),
    "DOWNLOAD_BIND_ADDRESS": _of(
        lambda host: ipaddress.ip_address(host[0] if isinstance(host, list | tuple) else host),
        "an IP address of this machine",
    ),
    "HTTPCACHE_DBM_MODULE": _Rule(
        lambda settings, name: import_module(settings[name]), "a module, such as dbm"
    ),
    "JOBDIR": _FOLDER,
    "FILES_STORE": _FOLDER,
    "HTTPCACHE_DIR": _FOLDER,
    "FEED_TEMPDIR": _OLD_FOLDER,
    "TEMPLATES_DIR": _OLD_FOLDER,
    "LOG_FILE": _Rule(_may_be_written, ""),
    "LOG_FORMAT": _Rule(
        lambda settings, name: log.is_format(str(settings[name])),
        "json, or a form of Python's logging",
    ),
    # Ours.
    "COVERAGE_FLOORS": _each(
        lambda share: 0 <= float(share) <= 1, 'JSON such as {"body": 0.95}, shares from 0 to 1'
    ),
    "IMAGES_STORE": _Rule(_is_store, "a folder of this machine that is there or can be made"),
    "METRICS_FILE": _of(
        lambda path: Path(path).parent.is_dir(), "a file in a folder that is there"
    ),
    "MIRROR_URL": _of(_is_mirror, "http://host:port"),
    "OUTPUT_DIR": _Rule(lambda settings, name: settings[name], "a path, such as output"),
    "OUTPUT_UMASK": _Rule(
        lambda settings, name: permissions.read(str(settings[name])) is not None, "000 to 077"
    ),
    "REPORT_URL": _of(
        _is_served_at, "the address at which OUTPUT_DIR is served, such as https://host/crawl"
    ),
}

# Dictionaries class -> order, name -> class, and single classes. These are imported to be judged.
_ORDERED = (
    "ADDONS", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES", "SPIDER_CONTRACTS",
    "SPIDER_MIDDLEWARES",
)  # fmt: skip
_NAMED = ("DOWNLOAD_HANDLERS", "FEED_EXPORTERS", "FEED_STORAGES", "REFERRER_POLICIES")
_CLASSES = (
    "ASYNCIO_EVENT_LOOP", "DNS_RESOLVER", "DOWNLOADER_CLIENTCONTEXTFACTORY", "FEED_URI_PARAMS",
)  # fmt: skip
_CLASS = re.compile(r"(?:scrapy|twisted)(?:\.\w+)+\.[A-Z]\w+")  # a default that names one

# Read before there is a reactor, which they must not bring: the rest is imported after.
EARLY = ("ADDONS", "SPIDER_LOADER_CLASS", "ASYNCIO_EVENT_LOOP")

# Without these there is no run folder or nothing in it, or the site is not told who asks.
_NEEDED = {
    "ADDONS": ("crawler.downloader.identity.Identity",),
    "EXTENSIONS": (
        "crawler.state.session.Session",
        "crawler.runs.run_files.RunWriter",
        "crawler.monitoring.outcome.Outcome",
    ),
    "ITEM_PIPELINES": (
        "crawler.pipelines.validation.Validation",
        "crawler.pipelines.revisions.Revisions",
    ),
    "DOWNLOAD_HANDLERS": ("http", "https"),
}


def check(settings: BaseSettings) -> None:
    """Look at every value that is not Scrapy's own. Raises SettingError."""
    for name in settings:
        _whole_text(name, settings[name])
    for name in sorted({*SETTINGS, *default_settings.__all__}):
        rule = _rule(name)
        if rule and (settings.getpriority(name) or 0) > SETTINGS_PRIORITIES["default"]:
            try:
                fits = rule.fits(settings, name)
            except SettingError:
                raise
            except Exception:
                fits = False
            if not fits:
                raise SettingError(name, settings[name], rule.allowed)
    for name in EARLY:
        check_classes(settings, name)
    for module in settings.getlist("SPIDER_MODULES"):
        _import("SPIDER_MODULES", module, import_module)


def _rule(name: str) -> _Rule | None:
    own, default = SETTINGS.get(name), getattr(default_settings, name, None)
    if name in _RULES:
        return _RULES[name]
    if own and own.choices:
        return _one_of(*own.choices)
    if own and own.is_number:
        return _number(type(own.default), *own.range)
    if isinstance(default, bool) or (own and own.is_switch):
        return _SWITCH
    if isinstance(default, int | float):
        return _number(type(default), 0, _MOST, optional=True)
    if isinstance(default, dict | BaseSettings):
        return _ORDERS if name in _ORDERED else _DICTIONARY
    return _LIST if isinstance(default, list) else None


def check_all_classes(settings: BaseSettings) -> None:
    """Import every component that settings name. Raises SettingError."""
    for name in (*_ORDERED, *_NAMED, *_CLASSES, *default_settings.__all__):
        check_classes(settings, name)


def check_classes(settings: BaseSettings, name: str) -> None:
    for needed in _NEEDED.get(name, ()):
        if settings.getdict(name).get(needed) is None:
            allowed = f"what has {needed}, which no run can do without"
            raise SettingError(name, settings[name], allowed)
    if name == "REFERRER_POLICY":  # a class, or a policy's own name
        _import(name, settings[name], lambda _: RefererMiddleware(settings))
        return
    for path in _paths(settings, name):
        if not callable(_import(name, path, load_object)):
            raise SettingError(name, path, "the full name of a class")


def _paths(settings: BaseSettings, name: str) -> list[Any]:
    """The classes that a setting names."""
    value, default = settings[name], getattr(default_settings, name, None)
    if name in _ORDERED:
        return [path for path, order in settings.getdict(name).items() if order is not None]
    if name in _NAMED:
        return [path for path in settings.getdict(name).values() if path is not None]
    if name == "RETRY_EXCEPTIONS":
        return settings.getlist(name)
    is_class = name in _CLASSES or (isinstance(default, str) and _CLASS.fullmatch(default))
    return [value] if is_class and value != default and (value or default) else []


def _import(name: str, path: Any, load: Callable[[Any], Any]) -> Any:
    try:
        return load(path)
    except Exception as error:
        allowed = f"what can be imported, such as module.Class ({type(error).__name__}: {error})"
        raise SettingError(name, path, allowed) from error


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
