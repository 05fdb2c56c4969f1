"""How often Python looks for cycles: seldom, from a command's first moment on."""

from __future__ import annotations

import gc

# Python's own is 700 objects, two looks at each page: .4 of a crawl's 8.7 ms, 1 of a replay's 8.7.
# 10,000 leave a fiftieth of that. 50,000 bring no more, and a cycle keeps its page for longer.
_OBJECTS = 10_000


def collect_seldom() -> None:
    """Before the imports: they make many objects, and none of them goes again."""
    gc.set_threshold(_OBJECTS)
