"""`python -m tests.fuzz [--seconds N] [TARGET …]`: whatever others may write, through what reads it.

atheris changes the seeds and keeps what reaches new code. Each target runs for so long in a process
of its own; an input that makes it raise, or takes longer than SLOWEST seconds, is a find and is left
in the folder of finds. Exits 1 where there is one.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

SLOWEST = 5  # seconds for an input
MEMORY = 2048  # MB
LONGEST = 20_000  # bytes
FINDS = Path("output/fuzz")
# Tags, labels and keys of the seeds: what a change of single bytes would seldom make.
TOKENS = re.compile(rb"</?\w+|\b\w+=|(?:[\xe3-\xe9][\x80-\xbf]{2}){2,5}\xef\xbc\x9a|\"\w+\":?")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all of them")
    given = parser.parse_args()
    if given.one:
        _fuzz(given.targets[0], given.seconds)
    targets = import_module("tests.fuzz.targets").TARGETS
    if unknown := set(given.targets) - set(targets):
        parser.error(f"no target {min(unknown)}; there are {', '.join(targets)}")
    print(f"{'target':<15}{'inputs':>10}{'a second':>10}{'finds':>8}")
    return max([_row(name, given.seconds) for name in given.targets or targets])


def _row(name: str, seconds: int) -> int:
    folder = FINDS / name
    folder.mkdir(parents=True, exist_ok=True)
    line = [sys.executable, "-m", "tests.fuzz", "--one", "--seconds", str(seconds), name]
    log = folder / "log"
    with log.open("wb") as file:
        code = subprocess.run(line, stdout=file, stderr=file, check=False).returncode
    done = re.findall(r"#(\d+)\s", log.read_text("utf-8", "replace"))
    inputs = int(done[-1]) if done else 0
    print(f"{name:<15}{inputs:>10,}{inputs / seconds:>10,.0f}{code != 0:>8}", flush=True)
    if code:
        print(f"  see {log}")
    return int(code != 0)


def _fuzz(name: str, seconds: int) -> None:
    """Ends the process."""
    import atheris

    with atheris.instrument_imports(include=["crawler", "warcio"]):
        target = import_module("tests.fuzz.targets").TARGETS[name]
        for generation in ("modern", "json2021", "legacy", "paper", "generic"):
            import_module("crawler.site.page_table").parser(generation)
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    words = set()
    for number, seed in enumerate(target.seeds()):
        (folder / str(number)).write_bytes(seed)
        words |= {word for word in TOKENS.findall(seed) if len(word) < 30}
    tokens = folder.with_suffix(".dict")
    tokens.write_text("".join(f'"{_escaped(word)}"\n' for word in sorted(words)[:2000]))
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={FINDS / name}/",
        f"-dict={tokens}",
        "-print_final_stats=1",
    ]
    atheris.Setup([name, *options, str(folder)], target.run)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    sys.exit(main())
