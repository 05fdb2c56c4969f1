"""Lines of code of each package of crawler/, docstrings counted, blanks and comments not."""

from __future__ import annotations

import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
APART = "samplesite"  # the embedded site


def lines_of_code(source: str) -> int:
    rows = source.splitlines()
    used: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            used.update(range(token.start[0], token.end[0] + 1))
    return sum(bool(rows[number - 1].strip()) for number in used)


def sizes(folder: Path) -> Counter[str]:
    """Package → lines; modules beside the packages count as "."."""
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*.py"):
        place = path.relative_to(folder).parts
        sizes[place[0] if len(place) > 1 else "."] += lines_of_code(path.read_text("utf-8"))
    return sizes


def main() -> None:
    found = sizes(Path(sys.argv[1] if len(sys.argv) > 1 else "crawler"))
    for package, lines in found.most_common():
        print(f"{lines:7,}  {package}")
    print(f"{found.total() - found[APART]:7,}  without {APART}")


if __name__ == "__main__":
    main()
