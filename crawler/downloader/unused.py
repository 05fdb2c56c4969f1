"""Scrapy's own components that are never on here, or of which we have our own, leave its lists: a
`None` would import them.
"""

from __future__ import annotations

from scrapy.settings import BaseSettings

# With a web server, a console and the list of all top-level domains: .3 s of each start.
_UNUSED = {
    "EXTENSIONS_BASE": (
        "scrapy.extensions.remote_control.RemoteControl",
        "scrapy.extensions.telnet.TelnetConsole",
        "scrapy.extensions.memusage.MemoryUsage",  # crawler/monitoring/memory_limit.py
    ),
    "DOWNLOADER_MIDDLEWARES_BASE": ("scrapy.downloadermiddlewares.cookies.CookiesMiddleware",),
}


class Unused:
    def update_settings(self, settings: BaseSettings) -> None:
        for name, components in _UNUSED.items():
            for component in components:
                settings[name].pop(component, None)
