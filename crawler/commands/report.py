"""`scrapy report [RUN_ID]`: the report of a run once more, and the index of all runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand

from crawler.commands import exits
from crawler.exit_codes import ExitCode
from crawler.runs.run import REPORT

_USAGE = "scrapy report [RUN_ID]"


class Command(ScrapyCommand):
    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[RUN_ID]"

    def short_desc(self) -> str:
        return "Write a run's report.html again (default: the newest run's), and index.html"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        exits.in_one_line(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        with exits.usage_in_one_line():
            super().process_options(args, opts)
        exits.refuse_leftovers(args, 1, _USAGE)
        assert self.settings is not None
        exits.check_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from crawler import report

        assert self.settings is not None
        output = Path(self.settings["OUTPUT_DIR"])
        run = _find(output, *args)
        try:
            language = self.settings["REPORT_LANGUAGE"]
            report.write(run, output=output, language=language)
            report.write_index(output, language=language)
        except OSError as error:
            exits.stop(ExitCode.OUTPUT, f"the report cannot be written: {error}")
        print(run / REPORT)


def _find(output: Path, run_id: str | None = None) -> Path:
    from crawler.report.data import run_ids
    from crawler.runs.run import is_run_id

    names = run_ids(output)[:1] if run_id is None else filter(is_run_id, [run_id])
    folders = [output / kind / name for name in names for kind in ("runs", "trials")]
    found = next((folder for folder in folders if folder.is_dir()), None)
    if found is None:
        what = "no run" if run_id is None else f"{run_id!r} is no run"
        exits.stop(ExitCode.USAGE, f"{what} of OUTPUT_DIR={output}; allowed: {_USAGE}")
    return found
