"""Makes the parser raise on its second and fourth page, in a process whose PATCHED_BY names this module."""

from crawler.site import pages

_parse, _seen = pages.parse, []


def _broken(*words, **keywords):
    _seen.append(1)
    if len(_seen) in (2, 4):
        raise RuntimeError("a bug for the test")
    return _parse(*words, **keywords)


pages.parse = _broken
