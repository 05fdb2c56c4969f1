"""`scrapy report [RUN_ID]`: the report of a run once more, and the index of all runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand

from crawler import report
from crawler.commands import exits
from crawler.commands.project_command import ProjectCommand
from crawler.exit_codes import ExitCode
from crawler.runs.run import REPORT, is_run_id


class Command(ProjectCommand, ScrapyCommand):
    requires_crawler_process = False
    usage = "[RUN_ID]"
    most_words = 1
    does = "Write a run's report.html again (default: the newest run's), and index.html"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        output = self.output
        run = self._find(output, *args)
        try:
            language = self.settings["REPORT_LANGUAGE"]
            report.write(run, output=output, language=language)
            report.write_index(output, language=language, anew=True)
        except OSError as error:
            exits.stop(ExitCode.OUTPUT, f"the report cannot be written: {error}")
        print(run / REPORT)

    def _find(self, output: Path, run_id: str | None = None) -> Path:
        from crawler.report.data import run_ids

        names = run_ids(output)[:1] if run_id is None else filter(is_run_id, [run_id])
        folders = [output / kind / name for name in names for kind in ("runs", "trials")]
        found = next((folder for folder in folders if folder.is_dir()), None)
        if found is None:
            what = "no run" if run_id is None else f"{run_id!r} is no run"
            exits.refuse(f"{what} of OUTPUT_DIR={output}; allowed: {self.line}")
        return found
