"""The pages of all generations: the templates in templates/, filled."""

from __future__ import annotations

import random
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawler.samplesite.words import SECTIONS, material

# Rules of CSS and functions of JavaScript a theme: they make the weight of a real page.
WEIGHTS = {
    "columns": (170, 40),
    "semantic": (330, 60),
    "table": (150, 45),
    "app": (560, 110),
    "listing": (260, 60),
    "legacy": (90, 25),
    "paper": (60, 15),
}


def render(template: str, **words: Any) -> str:
    """The page of `<template>.html.j2`."""
    return environment().get_template(f"{template}.html.j2").render(words)


@cache
def environment() -> Environment:
    made = Environment(  # noqa: S701 - the markup of old pages: what is escaped, and how, varies
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["text"] = lambda words: escape(words, quote=False)
    made.filters["attribute"] = escape
    # with the site's habit of writing a space as an entity
    made.filters["headline"] = lambda words: escape(words).replace(" ", "&#32;")
    made.globals |= {"sections": SECTIONS, "frame": material()["frame"], "style": style}
    made.globals |= {"script": script, "navigation": navigation, "footer": footer}
    made.globals |= made.get_template("parts.html.j2").module.__dict__
    return made


@cache
def navigation() -> str:
    return render("navigation")


@cache
def footer(year: int, language: str) -> str:
    """The boilerplate under a page, and the end of the document."""
    words = material()["frame"]["english" if language == "en" else "chinese"]
    return render("footer", year=year, words=words)


@cache
def style(theme: str) -> str:
    rng = random.Random(theme)
    blocks = ("nav", "banner", "sidebar", "swiper-slide", "foot-links", "share", "toolbar", "modal")
    parts = ("li", "a:hover", "img", "h4", ".item em", ".more", ".ico::before", "p span")
    rules = [
        f".{theme}-{rng.choice(blocks)}-{number} {rng.choice(parts)}"
        f"{{margin:{rng.randrange(40)}px {rng.randrange(40)}px;padding:0 {rng.randrange(30)}px;"
        f"color:#{rng.randrange(0x1000000):06x};font-size:{rng.randrange(12, 32)}px}}"
        for number in range(WEIGHTS[theme][0])
    ]
    return "<style>\n" + "\n".join(rules) + "\n</style>"


@cache
def script(theme: str) -> str:
    rng = random.Random(theme)
    names = ("lazyload", "swiper", "share", "stat", "popup", "menu", "fontSize", "qrcode", "player")
    functions = [
        f"function {rng.choice(names)}{number}(el,opt){{var t=el.getAttribute('data-"
        f"{rng.randrange(0x10000):x}');if(!t||opt.delay>{rng.randrange(9000)}){{return false;}}"
        f"el.className=el.className.replace('off','on');setTimeout(function(){{{rng.choice(names)}"
        f"{number}(el,{{delay:{rng.randrange(9000)}}});}},{rng.randrange(900)});}}"
        for number in range(WEIGHTS[theme][1])
    ]
    return (
        "<script>\nvar serverTime = '2019-05-20 11:22:33', siteId = 122;\n"
        + "\n".join(functions)
        + "\n</script>"
    )
