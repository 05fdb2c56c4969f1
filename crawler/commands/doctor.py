"""`scrapy doctor`: is this machine ready, does the live site still look as the parsers expect."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.utils.conf import arglist_to_dict

from crawler.commands import exits
from crawler.commands.project_command import ProjectCommand
from crawler.exit_codes import ExitCode
from crawler.files import unusable_folder


class Command(ProjectCommand, ScrapyCommand):
    usage = "[--json] [--save DIR] [--alert-test] [-a sections=…] [-s NAME=VALUE]"
    does = "Is this machine ready, does the site still look as the parsers expect"
    quiet = "CRITICAL"  # what goes wrong stands in the table

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON document for machines")
        parser.add_argument(
            "--save", metavar="DIR", help="keep the pages that were not read as they should be"
        )
        parser.add_argument(
            "--alert-test",
            action="store_true",
            help="send one test alert through ALERT_URLS, say what each channel answered, and end",
        )
        does = "which sections, as for crawl (default: all)"
        exits.add_argument_of_spider(parser, "sections=…", does)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        self._sections = _sections(opts.spargs)
        self._save = _folder(opts.save)
        self._channels = exits.channels_of(self.settings["ALERT_URLS"]) if opts.alert_test else []
        if opts.alert_test and not self._channels:
            allowed = "allowed with --alert-test: addresses of channels (docs/alerts.md)"
            exits.refuse(f"setting ALERT_URLS=: no channel; {allowed}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler.doctor import examination, machine, result_rows, table

        try:
            if self._channels:
                diagnosis = result_rows.diagnose(machine.test_alert(self._channels))
            else:
                diagnosis = examination.examine(self.crawler_process, self._sections, self._save)
        except KeyboardInterrupt:
            exits.stop(ExitCode.INTERRUPTED, "interrupted, nothing is said of the site")
        text = table.render(diagnosis, shutil.get_terminal_size().columns)
        if opts.json:
            text = diagnosis.model_dump_json(indent=2) + "\n"
        exits.write(text.encode())
        self.exitcode = diagnosis.exit_code


def _sections(given: list[str]) -> tuple[str, ...]:
    try:
        named = arglist_to_dict(given)
    except ValueError:
        exits.refuse(f"-a {given[-1]}: allowed: -a sections=…")
    for name, value in named.items():
        if name != "sections":
            exits.refuse(f"argument {name}={value}: allowed: sections")
    return exits.parsed(named).sections


def _folder(save: str | None) -> Path | None:
    if save is None:
        return None
    if why := unusable_folder(Path(save)) if save else "no folder":
        exits.refuse(f"--save {save}: {why}; allowed: a folder to write to")
    return Path(save)
