"""Settings as settings.toml declares them: defaults, allowed values, and their page in docs/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_HEAD = """\
# Settings

<!-- Made from crawler/settings.toml by `make settings`. -->

Set them with `-s NAME=VALUE` on the command line or in `crawler/settings.py`; those marked *env*
also by an environment variable of the same name. A wrong value ends the command with exit 2 and one
line that names it, before anything is touched. Scrapy's other settings work as documented there and
are checked too: numbers, switches, lists and dictionaries by the type of their default, classes by
importing them, the file of `-o` by its folder, format and storage. Text must be UTF-8.
"""
_TABLE = "\n## {}\n\n| setting | default | meaning |\n|---|---|---|\n"
_END = """
`scrapy nightly` sets `CLOSESPIDER_TIMEOUT` from `MAX_RUN_MINUTES`.

For a trial against the embedded site, whose load is of no concern:

```sh
scrapy crawl workercn -s MIRROR_URL=http://127.0.0.1:8000 -s DOWNLOAD_DELAY=0 \\
  -s AUTOTHROTTLE_ENABLED=0 -s CONCURRENT_REQUESTS=16 -s CONCURRENT_REQUESTS_PER_DOMAIN=8
```
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """One table of settings.toml; its head says what the keys mean."""

    name: str
    default: Any
    text: str = ""
    env: bool = False
    range: list[float] = field(default_factory=lambda: [0, 2**31])
    choices: list[str] = field(default_factory=list)
    shown: str = ""

    @property
    def is_switch(self) -> bool:
        return isinstance(self.default, bool)

    @property
    def is_number(self) -> bool:
        return isinstance(self.default, int | float) and not self.is_switch

    def value(self, environment: Mapping[str, str]) -> Any:
        """The environment's, where it may be set there and is not empty; else the default."""
        return (self.env and environment.get(self.name)) or self.default

    def documented(self) -> str:
        """A row of docs/settings.md."""
        choices = " or ".join(f"`{choice}`" for choice in self.choices)
        meaning = f"{choices}: {self.text}" if choices else self.text
        return f"| `{self.name}`{' (env)' * self.env} | {self._shown()} | {meaning} |"

    def _shown(self) -> str:
        if self.shown or self.default == "":
            return self.shown or "none"
        if self.is_switch:
            return "on" if self.default else "off"
        if self.is_number:
            return f"{self.default:,}" if self.default % 1 else f"{int(self.default):,}"
        return f"`{self.default}`".replace("'", '"')


_GROUPS = tomllib.loads(Path(__file__).with_name("settings.toml").read_text("utf-8"))

SETTINGS = {
    name: Setting(name, **keys) for group in _GROUPS.values() for name, keys in group.items()
}


def documentation() -> str:
    """docs/settings.md."""
    page = _HEAD
    for group, names in _GROUPS.items():
        rows = [SETTINGS[name].documented() for name in names]
        page += _TABLE.format(group) + "\n".join(rows) + "\n"
    return page + _END


if __name__ == "__main__":
    Path("docs/settings.md").write_text(documentation(), "utf-8")
