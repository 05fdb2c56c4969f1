"""The checks by name: what each is called, and what to do where it has failed."""

from __future__ import annotations

from crawler.report.translation import Words, mark

# By check, or by check and code. The checks' names are as in manifests and docs/checks.md; in
# Chinese each has a label besides.
_ADVICE = {
    mark("archive"): mark(
        "See whether the disk is full and whether OUTPUT_DIR/archive can be written. The records "
        "are complete all the same."
    ),
    "archive/damaged": mark(
        "Restore the named archives from a backup if what is damaged in them is wanted."
    ),
    mark("bodies"): mark(
        "Open the named articles in a browser: either one story is published under many ids, or "
        "the site shows one page in the place of articles."
    ),
    mark("clock"): mark("Set this machine's clock, best by NTP."),
    mark("completeness"): mark(
        "Search the site for that day. Articles that no section lists can be fetched with "
        "-a query=… or -a urls=FILE."
    ),
    mark("coverage"): mark(
        "Open some of the newest articles in a browser and look for the field. If it is there, its "
        "label has changed: `scrapy extract URL` shows what is still read."
    ),
    mark("entries"): mark(
        "Look at the rejects with the reason not_an_article. If they are articles, their addresses "
        "have a new form, which crawler/site/urls.py must learn."
    ),
    mark("exports"): mark(
        "See whether the files of EXPORTS can be written. What was written before stays as it is; "
        "`scrapy feed verify` names lines that cannot be read."
    ),
    mark("failures"): mark(
        "The next run tries again. If this happens every night, see whether the site or this "
        "machine's connection is overloaded."
    ),
    mark("fallbacks"): mark(
        "The pages of this generation have a new layout: compare `scrapy extract URL` with the "
        "page. Its selectors are in crawler/site/pages/."
    ),
    mark("freshness"): mark(
        "Open the site in a browser. If it has newer articles, the listings that are read are not "
        "the ones that go on."
    ),
    "freshness/in_the_future": mark(
        "Compare this machine's clock with the site's. If it is right, the site has dated an "
        "article wrongly."
    ),
    mark("gaps"): mark(
        "The next nights look for what was not seen. If the gap stays, fetch what is missing with "
        "-a query=… or -a urls=FILE."
    ),
    mark("hosts"): mark(
        "See whether the host opens in a browser. If it does, wait for the next run; if only this "
        "machine is refused, ask the site why."
    ),
    mark("issues"): mark(
        "See on the paper's own pages whether there is a newer issue. If there is, the address of "
        "an issue has changed: crawler/site/listings/paper_issues.py."
    ),
    mark("lengths"): mark(
        "Open some of the updated articles in a browser. If the text is whole there, the page "
        "layout has changed: `scrapy extract URL` shows what is still read."
    ),
    mark("listings"): mark(
        "Look at the rejects of the stage listing: timeouts and http_5xx pass by themselves, any "
        "other reason means that the site has changed."
    ),
    mark("navigation"): mark(
        "Find the section on the site. If it has a new address, the next run walks it there; if it "
        "is gone, nothing is to be done."
    ),
    mark("nights"): mark("Run the command to fetch the days that were left out."),
    mark("pauses"): mark(
        "Open the section in a browser. If it has newer articles, another listing than the one "
        "that is read goes on; if not, nothing is to be done."
    ),
    mark("pictures"): mark(
        "See whether the host of the pictures opens in a browser. Articles are published without "
        "the pictures that are missing."
    ),
    "pictures/unwritable": mark(
        "See whether the disk is full and whether IMAGES_STORE can be written."
    ),
    mark("records"): mark(
        "See whether the site has published as little. If it has published more, the rejects and "
        "the numbers of each section show where it was lost."
    ),
    mark("rejects"): mark(
        "Look at what the rejects have in common. If all share one reason, the page layout has "
        "changed: `scrapy extract URL` shows what is still read."
    ),
    mark("removals"): mark(
        "Open some of the articles in a browser. If they are there, the site was faulty for a "
        "while; if they are gone, they are published as removed after REMOVAL_HELD_NIGHTS nights."
    ),
    mark("rendering"): mark("See whether the renderer runs (docs/rendering.md)."),
    "rendering/in_vain": mark(
        "The scripts of these pages may be too new for this renderer: try the other one."
    ),
    mark("same_pages"): mark(
        "Open the rejects with the reason same_page in a browser. If they show the right articles, "
        "the site was faulty for a while; the next run fetches them again."
    ),
    mark("sections"): mark(
        "Open the section in a browser. If it is gone, add its slug to deny in "
        "crawler/site/sections.toml; if it shows articles, its listing has a new form, which "
        "crawler/site/listings/parsers.py must learn."
    ),
    mark("shrunk"): mark(
        "Open the section in a browser. If it shows more articles than were listed, its listing "
        "has a new form, which crawler/site/listings/parsers.py must learn."
    ),
    mark("updates"): mark(
        "Look at which fields have changed. If it is the same in all articles, the page layout has "
        "changed, not the articles."
    ),
}
_OTHER = mark("Compare the numbers of this check with those of earlier runs.")


def title(check: str, say: Words) -> str:
    """What the check is called: in English its name."""
    return say(check) if check in _ADVICE else check


def label(check: str, say: Words) -> str:
    words = title(check, say)
    return check if words == check else say("{name} ({slug})", name=words, slug=check)


def of(check: str, code: str) -> str:
    """The message of what to do where the check has failed."""
    return _ADVICE.get(f"{check}/{code}") or _ADVICE.get(check, _OTHER)
