"""What `-o`, `-O` and FEEDS ask for, looked at before the first request: Scrapy finds out when it
opens a feed, and then disables them all, or says so when the crawl is over.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.extensions.feedexport import apply_uri_params
from scrapy.settings import BaseSettings
from scrapy.utils.conf import feed_complete_default_values_from_settings
from scrapy.utils.misc import load_object
from scrapy.utils.python import without_none_values

from crawler.commands.values import is_whole
from crawler.downloader.credentials import redact
from crawler.files import unwritable

_BATCH = re.compile(r"%\(batch_time\)s|%\(batch_id\)")
_PARAMETER = re.compile(r"%\((\w+)\)")
_LIBRARIES = {"s3": "boto3", "gs": "google.cloud.storage"}


def of_articles(settings: BaseSettings) -> dict[str, dict[str, Any]]:
    """FEEDS, each with articles alone where it does not say what."""
    articles = {"item_classes": ["crawler.items.Article"]}
    return {uri: articles | options for uri, options in settings.getdict("FEEDS").items()}


def problem(settings: BaseSettings, spider: type) -> str | None:
    for uri, options in settings.getdict("FEEDS").items():
        where = f"-o {redact(str(uri))}"
        if why := _problem(settings, str(uri), dict(options), spider):
            return f"{where}: {why}"
    return None


def _problem(settings: BaseSettings, uri: str, given: dict[str, Any], spider: type) -> str | None:
    if not is_whole(uri):
        return "no text in UTF-8; allowed: a file's path or an address in UTF-8"
    try:
        options = feed_complete_default_values_from_settings(given, settings, uri)
        for one in (*(options.get("item_classes") or ()), options.get("item_filter")):
            load_object(one or "scrapy.extensions.feedexport.ItemFilter")
        batch = int(options["batch_item_count"])
    except Exception as error:
        return f"its options: allowed: those of FEEDS ({type(error).__name__}: {error})"
    formats = without_none_values(settings.getwithbase("FEED_EXPORTERS"))
    if options["format"] not in formats:
        return f"format {options['format']!r}; allowed: {', '.join(sorted(formats))}"
    if batch < 0 or (batch and not _BATCH.search(uri)):
        return "batches; allowed: with %(batch_id)d or %(batch_time)s in the name"
    return _cannot_store(settings, uri, options, spider)


def _cannot_store(
    settings: BaseSettings, uri: str, options: dict[str, Any], spider: type
) -> str | None:
    storages = without_none_values(settings.getwithbase("FEED_STORAGES"))
    try:
        parts = urlsplit(uri)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        return f"no address ({error}); allowed: a file's path or an address"
    if parts.scheme not in storages:
        names = ", ".join(f"{name}:" for name in sorted(storages) if name)
        return f"storage {parts.scheme}:; allowed: a file's path, {names}"
    library = _LIBRARIES.get(parts.scheme)
    if library and not _is_installed(library):
        package = library.replace(".", "-")
        return f"storage {parts.scheme}: needs a library: pip install {package}"
    if parts.scheme in ("s3", "gs", "ftp", "ftps") and not host:
        return f"no host or bucket; allowed: {parts.scheme}://name/file"
    # Attributes of the spider are allowed too; those that it gets when it is made, too.
    known = {"name", "time", "batch_time", "batch_id", "arguments", "given", *dir(spider)}
    if options["uri_params"] is None:
        for name in _PARAMETER.findall(uri):
            if name not in known:
                return f"%({name})… is unknown; allowed: time, batch_id, batch_time, name"
    if parts.scheme in ("", "file") and not _PARAMETER.search(uri):
        return _cannot_write(uri)
    return None


def _cannot_write(uri: str) -> str | None:
    from w3lib.url import file_uri_to_path

    path = Path(file_uri_to_path(uri) if uri.startswith("file:") else apply_uri_params(uri, {}))
    allowed = "allowed: a file in a folder that is there and can be written to"
    if not path.parent.is_dir():
        return f"no folder {path.parent}; {allowed}"
    why = unwritable(path)
    return f"{why}; {allowed}" if why else None


def _is_installed(library: str) -> bool:
    try:
        return importlib.util.find_spec(library) is not None
    except ModuleNotFoundError:
        return False
