"""`workercn …`: the commands of `scrapy …` with this project's settings, from any folder."""

from __future__ import annotations

import os

from scrapy.cmdline import execute


def main() -> None:
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    execute()


if __name__ == "__main__":
    main()
