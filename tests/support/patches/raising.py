"""Makes the parser raise on its second and fourth page, in a process whose PATCHED_BY names this module."""

from crawler.site import page_table

_parse, _seen = page_table.parse, []


def _broken(*words, **keywords):
    _seen.append(1)
    if len(_seen) in (2, 4):
        raise RuntimeError("a bug for the test")
    return _parse(*words, **keywords)


page_table.parse = _broken
