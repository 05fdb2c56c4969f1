"""The pages in a real browser, on a phone and a desk, light and dark: do they work for people?"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from crawler import report
from tests.report import reports
from tests.report.reports import DEGRADED, FAILED, INTERRUPTED, article, make, reject
from tests.support.services import CHROMIUM_FLAGS, chromium

LOOKS = [
    (390, "light"),
    (1280, "dark"),
    pytest.param(390, "dark", marks=pytest.mark.long),
    pytest.param(1280, "light", marks=pytest.mark.long),
]
COUNTS = ("new", "updated", "removed", "rejected")
LONG = "https://www.workercn.cn/" + "averylongwordwithoutanybreak" * 20


@pytest.fixture(scope="module")
def browser():
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """Nights of all kinds, the last one with everything a report can show, some of it hostile."""
    output = tmp_path_factory.mktemp("output")
    kinds = {12: DEGRADED, 20: INTERRUPTED, 27: FAILED | {"counts": {"new": 5}}}
    for night in range(40):
        make(output, night, **kinds.get(night, {}))
    (output / "runs" / reports.run_id(33) / "manifest.json").write_text('{"schema": "work')
    lines = [article(number) for number in range(30)]
    lines[3] |= {"title": "<b onclick=alert(1)>" + "W" * 300, "url": "javascript:alert(1)"}
    traceback = "Traceback (most recent call last):\n" + "  a line of it\n" * 50 + "ValueError: no"
    rejects = [reject(number) for number in range(5)]
    rejects += [reject(9, reason="exception", stage="parse", error=traceback)]
    rejects += [reject(10, url=LONG, reason="invalid_" + "x" * 200, error="y" * 900)]
    long = {"name": "n" * 200, "ok": False, "detail": "d" * 900}
    run = make(
        output,
        40,
        articles=lines,
        rejects=rejects,
        **DEGRADED | {"checks": [*DEGRADED["checks"], long], "counts": {"new": 118, "rejected": 7}},
        arguments={"urls": "z" * 500},
    )
    extra = {
        "slowest": [{"url": LONG, "seconds": 31.5}],
        "failing": [
            {"url": LONG, "tries": 3, "error": "answered 503", "next_try": "2026-11-01T19:00:00Z"},
            {"url": "https://www.workercn.cn/x", "tries": 9, "error": None, "next_try": None},
        ],
    }
    report.write(run, output=output, extra=extra)
    for night in (12, 39):
        report.write(output / "runs" / reports.run_id(night), output=output)
    report.write_index(output)
    return output


@pytest.fixture(scope="module")
def pages(output):
    return {
        "report": output / "runs" / reports.run_id(40) / "report.html",
        "index": output / "index.html",
    }


@pytest.fixture
def opened(browser, pages, request):
    """A function that opens one of the pages; nothing it does may reach for anything outside."""
    closing = []

    def open_page(name, width=1280, scheme="light", path=None):
        path = path or pages[name]
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        closing.append(page)
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda one: asked.append(one.url))
        page.goto(path.as_uri())
        assert said == []
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        return page

    yield open_page
    for page in closing:
        page.close()


def unfold(page):
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize("name", ["report", "index"])
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_opens_quietly_asks_for_nothing_and_does_not_scroll_sideways(
    opened, name, width, scheme
):
    page = opened(name, width, scheme)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    past = page.evaluate(
        """width => [...document.querySelectorAll("body *")].filter(one =>
             one.getBoundingClientRect().right > width + .5).map(one => one.outerHTML.slice(0, 80))""",
        width,
    )
    assert past == []


@pytest.mark.parametrize("name", ["report", "index"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(opened, name, scheme):
    page = opened(name, 1280, scheme)
    unfold(page)
    texts = page.evaluate(CONTRAST)
    assert len(texts) > 50
    assert [text for text in texts if text["contrast"] < 4.5] == []
    grounds = {text["ground"] for text in texts}
    assert all((sum(map(int, re.findall(r"\d+", g))) > 600) == (scheme == "light") for g in grounds)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_charts_stand_out(opened, scheme):
    page = opened("report", 1280, scheme)
    drawn = page.evaluate(COLOURS)
    assert {"new", "updated", "removed", "rejected", "share", "good", "doubtful"} <= set(drawn)
    assert {name: ratio for name, ratio in drawn.items() if ratio < 3} == {}


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.long)])
def test_bars_are_as_high_as_their_numbers(opened, width):
    page = opened("report", width)
    bars = page.evaluate(
        """[...document.querySelectorAll("svg.history g.bar")].map(bar => ({
             run: bar.dataset.run, parts: Object.fromEntries(
               [...bar.querySelectorAll("[data-value]")].map(one => [one.getAttribute("class"),
                 [+one.dataset.value, one.getBoundingClientRect().height,
                  one.getBoundingClientRect().width]]))}))"""
    )
    assert [bar["run"] for bar in bars] == [reports.run_id(night) for night in range(10, 41)]
    top = page.evaluate(
        """Math.max(...[...document.querySelectorAll("svg.history text")]
             .map(one => +one.textContent.replace(",", "")).filter(Number.isFinite))"""
    )
    for night, bar in zip(range(10, 41), bars, strict=True):
        changes = {12: DEGRADED, 20: INTERRUPTED, 27: {"counts": {"new": 5}}}.get(night, {})
        if night == 40:
            changes = {"counts": {"new": 118, "rejected": 7}}
        counts = reports.manifest(night, **changes)["counts"]
        wanted = {name: counts[name] for name in COUNTS if counts[name]}
        if night == 33:
            wanted = {}
        assert {name: value for name, (value, *_) in bar["parts"].items()} == wanted
        for value, height, wide in bar["parts"].values():
            assert height == pytest.approx(max(1.5, 180 * value / top), abs=0.1)
            assert wide > 4


def test_the_table_beside_the_chart_has_the_same_numbers(opened):
    page = opened("report")
    unfold(page)
    rows = page.locator("[aria-labelledby=numbers] tbody tr").all_inner_texts()
    assert len(rows) == 31
    assert re.split(r"\s+", rows[0])[-4:-2] == [
        "118",
        str(reports.manifest(40)["counts"]["updated"]),
    ]
    assert rows[7].split()[-4:] == ["–"] * 4  # the unreadable one


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.long)])
def test_coverage_is_as_long_as_its_share(opened, width):
    page = opened("report", width)
    shares = page.evaluate(
        """(() => { const rail = document.querySelector(".rail").getBoundingClientRect().width;
             return Object.fromEntries([...document.querySelectorAll("rect.share")].map(one =>
               [one.dataset.field, one.getBoundingClientRect().width / rail])) })()"""
    )
    assert shares == pytest.approx(reports.manifest(40)["fields"], abs=0.001)


def test_the_keyboard_reaches_everything(opened):
    page = opened("report")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("one => one === document.activeElement")
    assert skip.evaluate("one => one.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """(() => { const one = document.activeElement; return one === document.body ? null :
                 [one.tagName, getComputedStyle(one).outlineStyle,
                  parseFloat(getComputedStyle(one).outlineWidth)] })()"""
        )
        if seen is None:
            break
        reached.append(seen)
    names = [name for name, *_ in reached]
    assert names.count("SUMMARY") == page.locator("summary").count()
    # before the content: the skip link, the link to all runs, one for each part of the page
    before = page.locator("header a").count() + 1
    folded = page.locator("details a").count()
    assert names.count("A") == page.locator("a").count() - before - folded
    assert all(style == "solid" and width >= 2 for _, style, width in reached)


@pytest.mark.parametrize("name", ["report", "index"])
def test_a_screen_reader_finds_its_way(opened, name):
    page = opened(name)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    for landmark in ("header", "main", "footer"):
        assert page.locator(f"body > {landmark}").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("[...document.querySelectorAll('table')].every(one => one.caption)")
    assert page.evaluate(
        "[...document.querySelectorAll('th')].every(one => ['row', 'col'].includes(one.scope))"
    )
    drawings = page.locator("svg").all()
    assert drawings
    for drawing in drawings:
        assert drawing.get_attribute("role") == "img"
        name = drawing.evaluate(
            """one => one.ariaLabel || one.getAttribute("aria-labelledby").split(" ").map(id =>
                 document.getElementById(id).textContent).join(" ")"""
        )
        assert len(name) > 20
    unnamed = page.evaluate(
        """[...document.querySelectorAll("[aria-labelledby]")].flatMap(one =>
             one.getAttribute("aria-labelledby").split(" ")).filter(id =>
             !document.getElementById(id))"""
    )
    assert unnamed == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_links_lead_to_what_is_there(opened, pages, output):
    for name in ("report", "index"):
        page = opened(name)
        places = page.evaluate("[...document.querySelectorAll('a')].map(one => one.href)")
        here = pages[name].as_uri()
        local = {place for place in places if place.startswith("file:")}
        assert len(local) > 2
        for place in local:
            path, _, part = place.partition("#")
            if path == here:
                assert page.locator(f"#{part}").count() == 1, place
            else:
                assert (output / path.removeprefix(f"{output.as_uri()}/")).is_file(), place
        others = set(places) - local
        assert all(place.startswith("https://www.workercn.cn/") for place in others)


def test_on_paper_it_is_dark_on_white_and_unfolded(opened):
    page = opened("report", 1280, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    texts = page.evaluate(CONTRAST)
    assert [text for text in texts if text["contrast"] < 4.5] == []
    assert not page.locator("nav").is_visible()
    assert page.locator("[aria-labelledby=numbers] table").is_visible()


# Luminance and contrast as WCAG 2 defines them, over the colours the browser has computed.
_WCAG = """
  const parse = text => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return {r, g, b, a} };
  const linear = part => (part /= 255) <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const light = ({r, g, b}) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const ratio = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + .05) / (b + .05) };
  const ground = node => { for (let one = node; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.a === 1) return colour }
    return {r: 255, g: 255, b: 255} };
"""
CONTRAST = f"""(() => {{ {_WCAG}
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {{
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    if (node.closest("script, title, desc")) continue;
    const style = getComputedStyle(node);
    const colour = parse(node.closest("svg") ? style.fill : style.color);
    const under = ground(node);
    found.push({{text: walker.currentNode.data.trim().slice(0, 40), contrast: ratio(colour, under),
      ground: `${{under.r}} ${{under.g}} ${{under.b}}`}});
  }}
  return found }})()"""
COLOURS = f"""(() => {{ {_WCAG}
  return Object.fromEntries([...document.querySelectorAll(
    "svg rect[data-value], svg rect.mark, svg rect.share")].map(one => [
      one.getAttribute("class").replace("mark ", ""),
      ratio(parse(getComputedStyle(one).fill), ground(one))])) }})()"""
