"""The progress bar: at a terminal, and only there."""

import os
import pty
import re
import subprocess
import threading

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import UNHURRIED, command, start


def test_at_a_terminal(tmp_path):
    with serve(Site(seed=5, articles=60, now=clock.now()), latency=0.05) as server:
        line = command("crawl", "workercn", OUTPUT_DIR=tmp_path, MIRROR_URL=server.url, **UNHURRIED)
        ours, theirs = pty.openpty()
        process = start(line, stderr=theirs, stdout=subprocess.DEVNULL)
        os.close(theirs)
        seen = []
        reader = threading.Thread(target=_read, args=(ours, seen))
        reader.start()
        assert process.wait(timeout=60) == 0
        reader.join()
    text = b"".join(seen).decode()
    assert re.search(r"60/60 .*pages/s, 5 sections, 60 articles, 0 rejects", text), text[-2000:]
    assert len(set(re.findall(r" (\d+) articles", text))) > 2  # it moved
    last = [part for part in re.split(r"[\r\n]+", text) if part.strip()][-1]
    assert last.startswith("workercn: complete and healthy")


def _read(terminal, seen):
    try:
        while chunk := os.read(terminal, 65536):
            seen.append(chunk)
    except OSError:  # Linux says EIO when the other side is closed
        os.close(terminal)
