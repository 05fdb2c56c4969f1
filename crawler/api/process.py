"""The process of `crawler.api.run_crawl`: `python -P process.py DESCRIPTOR`.

The request is a line of JSON on standard input; the path of the run folder goes to DESCRIPTOR.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any


def main(answer: int, request: dict[str, Any]) -> None:
    # It may stand in no folder that Python looks in: whoever imported it knows where it is.
    sys.path.insert(0, str(Path(__file__).parents[2]))
    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    from scrapy.cmdline import execute
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    # Not as -s: what is on a command line, passwords too, is shown to everybody on the machine.
    settings.setdict(request["settings"], priority="cmdline")
    words = ["workercn", request["command"], "workercn"]
    for name, value in request["arguments"].items():
        words += ["-a", f"{name}={value}"]
    try:
        execute(words, settings)
    finally:
        from crawler import run_context
        from crawler.runs.run import RunFolder

        if context := run_context.of(settings):
            os.write(answer, os.fsencode(RunFolder.of(context).final))


def _end_with_input() -> None:
    """End in order when whoever has asked for the crawl is gone, or does not want it any more."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    main(int(sys.argv[1]), asked)
