"""Who we say we are: the User-Agent with the contact that whoever runs this has set."""

from __future__ import annotations

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler import __version__


class Identity:
    def update_settings(self, settings: BaseSettings) -> None:
        if (settings.getpriority("USER_AGENT") or 0) > SETTINGS_PRIORITIES["default"]:
            return
        contact = " ".join(settings.get("CONTACT", "").split())
        agent = f"workercn-crawler/{__version__}" + (f" (+{contact})" if contact else "")
        settings.set("USER_AGENT", agent, priority="addon")
