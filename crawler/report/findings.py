"""What a check found, as a sentence: made from its name, code and data, in any language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crawler.report.translation import Words, mark

if TYPE_CHECKING:
    from crawler.report.data import ReportedCheck

Data = Mapping[str, Any]

OK = "ok"
NOT_JUDGED = "not_judged"
CANNOT_BE_MADE = "cannot_be_made"

# By check, or by check and code. A value of the data that is named here is a number, a text, or,
# where its name ends in `share`, a share.
_FOUND = {
    "hosts": mark("{good} of {total} hosts could be used"),
    "clock": mark(
        "times in the future by this machine's clock: {number}; it is {minutes_behind} minutes "
        "behind the site's"
    ),
    "archive": mark("the archive could not be written: {error}"),
    "archive/ok": mark("the archive is whole"),
    "archive/damaged": mark(
        "damaged places in the archives: {damaged}, torn ends: {torn}, articles of which a page or "
        "body is missing: {incomplete}"
    ),
    "sections": mark("{good} of {total} sections listed articles"),
    "listings": mark("{good} of {total} listing pages could be read"),
    "gaps": mark("{good} of {total} sections were walked without a gap"),
    "pictures": mark("{good} of {total} pictures kept"),
    "rejects": mark(
        "{number} of {total} articles rejected (limit {allowed_share}, at least {few})"
    ),
    "same_pages": mark(
        "articles that showed one text, which none of them proves to be its own: {number} "
        "(limit {allowed})"
    ),
    "removals": mark(
        "{number} of {total} known articles are gone, {held} removals held back "
        "(limit {allowed_share})"
    ),
    "exports": mark("{good} of {total} exports written"),
    "failures": mark(
        "{number} of {total} articles could not be fetched (limit {allowed_share}, at least {few})"
    ),
    "fallbacks": mark(
        "pages that do not match their template (limit {allowed_share}, at least {few})"
    ),
    "coverage": mark("of {records} records, compared with {runs} earlier runs"),
    "rendering": mark("{rendered} pages rendered by {renderer}, {failed} failed"),
    "updates": mark(
        "{number} of {total} known articles changed (limit {allowed_share}, at least {few})"
    ),
    "lengths": mark(
        "{number} of {total} updated articles lost more than half of their text "
        "(limit half of them, at least {few})"
    ),
    "bodies": mark(
        "{shared} texts appear under several ids (limit {allowed_titles} different titles, {few} "
        "where it is most of the articles)"
    ),
    "nights": mark(
        "the days from {since} to {until} were left out: more nights were missed than "
        "CATCH_UP_DAYS={catch_up_days} catches up; this fetches them: {command}"
    ),
    "nights/ok": mark("no day was left out"),
    "entries": mark(
        "{fresh} of {total} new entries are not articles (limit {allowed_share}, at least {few}); "
        "{number} in all, usually {usual}"
    ),
    "pauses": mark("{good} of {total} sections have new articles as usual"),
    "issues": mark(
        "the newest issue of the paper is of {newest}, {days} days ago (limit {allowed_days})"
    ),
    "shrunk": mark("{good} of {total} sections listed at least {share} of what is usual"),
    "navigation": mark("{good} of {total} sections are still linked on the home page"),
    "records": mark("{number} new records (at least {wanted}, usually {usual})"),
    "freshness": mark(
        "the newest article is of {newest}, {hours} hours before the end of the run "
        "(limit {allowed_hours})"
    ),
    "freshness/no_time": mark("no listed article has a time (limit {allowed_hours} hours)"),
    "freshness/in_the_future": mark(
        "the newest article is dated {newest}, which is in the future, or this machine's clock is "
        "wrong"
    ),
    "completeness": mark(
        "articles known of those that the site's search has (at most {allowed_share} may be "
        "missing, at least {few})"
    ),
}

# Why a check was not made, by `why` of its data.
_NOT_JUDGED = {
    "archive_off": mark("the archive is switched off"),
    "few_records": mark("not judged: {records} records, {least} are needed"),
    "young": mark("not judged: {runs} comparable earlier runs, {least} are needed"),
    "no_template": mark("no page of a known template was read"),
    "no_navigation": mark("not judged: the home page's navigation was not read"),
    "same_night": mark(
        "not judged: {number} new records, but the run before started less than 18 hours earlier"
    ),
    "nothing_newer": mark(
        "not judged: {number} new records, but the site lists nothing newer than for the run before"
    ),
    "no_modern": mark("not judged: no modern section was walked"),
    "no_search": mark("not judged: the site's search did not say how many articles it has"),
    "no_issues_asked": mark("not judged: today's issues of the paper were not asked for"),
    "few_issues": mark("not judged: too few issues of the paper are known"),
}

# Why a host could not be used, as crawler.downloader counts it.
_UNREACHED = {
    "dns": mark("DNS lookup failed"),
    "refused": mark("connection refused"),
    "timeout": mark("no complete response in time"),
    "connection": mark("connection lost"),
    "truncated": mark("responses cut short"),
    "refused_address": mark("its name leads into this network"),
    "renderer": mark("the renderer failed"),
}

_GAPS = {
    "unreadable": mark("a page could not be read"),
    "damaged": mark("an entry could not be read"),
    "stale": mark("an old copy of a page"),
    "ended": mark("the listing ended early"),
    "empty": mark("an empty page"),
    "repeated": mark("the same page again"),
    "limit": mark("more pages than a run may read"),
    "unreachable": mark("given up"),
}


class Findings:
    """Sentences of checks in one language, in which sections have `names`, by slug."""

    def __init__(self, say: Words, names: Mapping[str, str]) -> None:
        self.say, self._names = say, names

    def sentence(self, check: str, code: str, data: Data) -> str | None:
        """None where the data do not suffice: a manifest of another version, or a broken one."""
        try:
            return self.say.sentences(filter(None, self._parts(check, code, data)))
        except (LookupError, TypeError, ValueError, AttributeError):
            return None

    def of(self, check: ReportedCheck) -> str:
        """A manifest's check; what an older one lacks in data it has in words of its own."""
        return self.sentence(check.name, check.code, check.data) or check.detail

    def section(self, slug: str) -> str:
        name = self._names.get(slug)
        return self.say("{name} ({slug})", name=name, slug=slug) if name else slug

    def sections(self, slugs: Iterable[str]) -> str:
        return self.say.names(map(self.section, slugs))

    def _parts(self, check: str, code: str, data: Data) -> Iterator[str]:
        if code == CANNOT_BE_MADE:
            yield self.say("the check itself failed: {error}", error=data["error"])
            return
        message = (
            _NOT_JUDGED[data["why"]]
            if code == NOT_JUDGED
            else _FOUND.get(f"{check}/{code}") or _FOUND[check]
        )
        yield self.say(message, **{name: self._value(name, data[name]) for name in data})
        if code != NOT_JUDGED and check in _DETAILS:
            yield from _DETAILS[check](self, data)
        if later := data.get("dated_later"):  # a clock has jumped
            yield self.say("runs left out that are dated later: {number}", number=later)

    def _value(self, name: str, value: Any) -> str:
        if name.endswith("share") and value is not None:
            return self.say.share(value)
        if name == "newest" and value is not None:
            return _minute(value)
        return f"{value:,g}" if isinstance(value, int | float) else str(value)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _worth_telling(every: Mapping[str, Any], bad: Collection[str]) -> Mapping[str, Any]:
    """Of a failed check what is wrong, of any other all."""
    return {name: one for name, one in every.items() if name in bad} if bad else every


def unreached(say: Words, host: str, reason: str | None) -> str:
    """Why a host could not be used; `robots_503`: its robots.txt answered so."""
    if reason is None:
        return say("{host} gave no response", host=host)
    if reason.startswith("robots_"):
        status = reason.removeprefix("robots_")
        return say(
            "{host} could not be used (robots.txt answered {status})", host=host, status=status
        )
    why = say(_UNREACHED[reason]) if reason in _UNREACHED else reason
    return say("{host} could not be reached ({why})", host=host, why=why)


def to_render(say: Words, number: int) -> str:
    """What shows pages that their scripts build."""
    if not number:
        return ""
    return say.plural(
        "{number} page is built by scripts: RENDERER=playwright or RENDERER=splash shows it "
        "(docs/rendering.md)",
        "{number} pages are built by scripts: RENDERER=playwright or RENDERER=splash shows them "
        "(docs/rendering.md)",
        number,
    )


# --- what follows a check's main sentence ---------------------------------------------------------


def _hosts(of: Findings, data: Data) -> Iterator[str]:
    for host in data["hosts"]:
        yield unreached(of.say, host, data["reasons"].get(host))


def _silent(of: Findings, data: Data) -> Iterator[str]:
    if slugs := data["sections"]:
        yield of.say("none in: {sections}", sections=of.sections(slugs))


def _scripts(of: Findings, data: Data) -> Iterator[str]:
    yield to_render(of.say, data["needs_rendering"])


def _gaps(of: Findings, data: Data) -> Iterator[str]:
    for gap in data["gaps"]:
        why, start = gap["reason"], _minute(gap["from"])
        sentence = (
            mark("{section}: not seen from {start} to {end} ({why})")
            if start
            else mark("{section}: not seen: {end} and earlier ({why})")
        )
        yield of.say(
            sentence,
            section=of.section(gap["section"]),
            start=start,
            end=_minute(gap["to"]),
            why=of.say(_GAPS[why]) if why in _GAPS else why,
        )


def _reasons(of: Findings, data: Data) -> Iterator[str]:
    yield of.say.names(f"{reason} × {number}" for reason, number in data["reasons"].items())


def _pictures(of: Findings, data: Data) -> Iterator[str]:
    yield of.say.names(f"{reason} × {number}" for reason, number in data["failed"].items())
    for host in data["hosts"]:
        yield of.say("{host} was given up", host=host)


def _exports(of: Findings, data: Data) -> Iterator[str]:
    for path, error in data["failed"].items():
        yield of.say("{path} could not be written: {error}", path=path, error=error)
    if number := data["left_out"]:
        yield of.say("lines left out that cannot be read: {number}", number=number)


def _fallbacks(of: Findings, data: Data) -> Iterator[str]:
    yield of.say.names(
        of.say("{generation} {missed} of {read}", generation=generation, **one)
        for generation, one in _worth_telling(data["pages"], data["generations"]).items()
    )


def _fields(of: Findings, data: Data) -> Iterator[str]:
    for name, one in _worth_telling(data["fields"], data["low"]).items():
        known = {"field": name} | {key: of.say.share(one[key]) for key in ("share", "wanted")}
        if one["usual"] is None:
            yield of.say("{field} {share} (at least {wanted})", **known)
        else:
            known["usual"] = of.say.share(one["usual"])
            yield of.say("{field} {share} (at least {wanted}, usually {usual})", **known)


def _rendering(of: Findings, data: Data) -> Iterator[str]:
    if number := data["in_vain"]:
        yield of.say(
            "{number} show nothing even so, RENDERER={other} may show them",
            number=number,
            other=data["other"],
        )


def _bodies(of: Findings, data: Data) -> Iterator[str]:
    for one in data["bodies"]:
        yield of.say(
            "one under {ids} ids, such as {example}", ids=one["ids"], example=one["example"]
        )


def _stalled(of: Findings, data: Data) -> Iterator[str]:
    for slug, one in data["stalled"].items():
        yield of.say(
            "{section}: nothing new for {days} days (limit {allowed})",
            section=of.section(slug),
            days=one["days"],
            allowed=one["allowed_days"],
        )
    if number := data["not_judged"]:
        yield of.say("not judged, because too little is known of them: {number}", number=number)


def _small(of: Findings, data: Data) -> Iterator[str]:
    for slug, one in data["small"].items():
        yield of.say(
            "{section}: {listed}, usually {usual}",
            section=of.section(slug),
            listed=of.say.number(one["listed"]),
            usual=of.say.number(one["usual"]),
        )
    if number := data["not_judged"]:
        yield of.say("not judged, without comparable earlier runs: {number}", number=number)


def _linked(of: Findings, data: Data) -> Iterator[str]:
    if gone := data["sections"]:
        yield of.say("no longer: {sections}", sections=of.sections(gone))
    if new := data["new"]:
        yield of.say("new: {sections}", sections=of.sections(new))


def _days(of: Findings, data: Data) -> Iterator[str]:
    yield of.say.names(
        of.say("{day} {known} of {total}", day=day, **one)
        for day, one in _worth_telling(data["days"], data["lacking"]).items()
    )


_DETAILS: dict[str, Callable[[Findings, Data], Iterator[str]]] = {
    "hosts": _hosts,
    "sections": _silent,
    "listings": _scripts,
    "gaps": _gaps,
    "rejects": _scripts,
    "failures": _reasons,
    "exports": _exports,
    "fallbacks": _fallbacks,
    "coverage": _fields,
    "rendering": _rendering,
    "bodies": _bodies,
    "pauses": _stalled,
    "pictures": _pictures,
    "shrunk": _small,
    "navigation": _linked,
    "completeness": _days,
}
