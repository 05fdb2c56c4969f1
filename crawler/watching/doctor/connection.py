"""The way to the site: names, the two clocks, robots.txt."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime, timedelta
from typing import NamedTuple

from protego import Protego
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler import clock
from crawler.fetching import server_time
from crawler.site import urls
from crawler.watching.doctor.findings import PlainRow, Problem, Row

# A time of publication after the fetch is refused: a clock that is slow by more loses articles.
_CLOCK_OFF = timedelta(minutes=1)
_SHOWN = 3  # addresses


class Clocks(NamedTuple):
    """The two clocks when an answer came; None where its Date header told none."""

    ours: datetime  # aware
    theirs: datetime | None


class Rules(NamedTuple):
    """What became of a host's robots.txt."""

    status: int
    body: bytes

    @property
    def lets_some(self) -> bool:
        """RFC 9309: 4xx lets everything through, 5xx nothing."""
        return self.status < 500


async def names(settings: BaseSettings) -> Row:
    """Is the site's name known here? Not asked where a mirror is."""
    if settings["MIRROR_URL"]:
        words = f"MIRROR_URL is {settings['MIRROR_URL']}, no name is looked up"
        return PlainRow(kind="site", name="DNS", seen=words, skipped=True)
    loop = asyncio.get_running_loop()
    looking = loop.getaddrinfo(urls.HOST, 443, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.wait_for(looking, settings.getfloat("DNS_TIMEOUT"))
    except (OSError, TimeoutError) as error:
        why = getattr(error, "strerror", None) or f"no answer in {settings['DNS_TIMEOUT']} s"
        problem = Problem(
            expected=f"an address of {urls.HOST}",
            found=why,
            look_at="the name servers in /etc/resolv.conf; a proxy does without",
            severity="doubt",  # whether the site answers is seen beneath
        )
        return PlainRow(kind="site", name="DNS", seen="no address", problems=[problem])
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    return PlainRow(kind="site", name="DNS", seen=f"{urls.HOST} is {addresses[0]}{more}")


def clocks(response: Response) -> Clocks:
    return Clocks(clock.now(), server_time.said_by(response))


def system_clock(seen: Clocks | None) -> Row:
    """The times in the feed are Asia/Shanghai's or UTC, whatever zone the system is in."""
    zone = clock.now().astimezone().tzname()
    aside = f"the system's zone ({zone}) does not matter"
    if seen is None or seen.theirs is None:
        words = f"no answer with a Date header to compare with; {aside}"
        return PlainRow(kind="site", name="clock", seen=words, skipped=True)
    off = seen.ours - seen.theirs
    seconds = off.total_seconds()
    problems = []
    if abs(off) > _CLOCK_OFF:
        problems.append(
            Problem(
                expected=f"at most {_CLOCK_OFF.seconds} s from the site's clock",
                found=f"{seen.ours:%Y-%m-%d %H:%M:%S} here, {seen.theirs:%Y-%m-%d %H:%M:%S} there "
                "(UTC): a time of publication after the fetch is refused",
                look_at="the system's clock (NTP)",
            )
        )
    way = "ahead of" if seconds > 0 else "behind"
    words = "as the site's" if abs(seconds) < 2 else f"{abs(seconds):.0f} s {way} the site's"
    return PlainRow(kind="site", name="clock", seen=f"{words}; {aside}", problems=problems)


def robots(settings: BaseSettings, host: str, rules: Rules | None, refused: list[str]) -> Row:
    """What a host's robots.txt means for the crawl; `refused` are addresses it kept us from.

    Without `rules` it could not be had, which lets nothing through.
    """
    name = "robots.txt" if host == urls.HOST else f"robots.txt of {host}"
    if not settings.getbool("ROBOTSTXT_OBEY"):
        seen = "not asked for (ROBOTSTXT_OBEY is off)"
        return PlainRow(kind="site", name=name, seen=seen, skipped=True)
    answer = f"answered {rules.status}" if rules else "could not be had"
    if rules is None or not rules.lets_some:
        problem = Problem(
            expected="an answer: 2xx with rules, or 4xx, which lets everything through",
            found=f"robots.txt of {host} {answer}: the crawl keeps out until it answers (RFC 9309)",
        )
        return PlainRow(kind="site", name=name, seen=answer, problems=[problem])
    problems = []
    agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
    if refused:
        shown = ", ".join(refused[:_SHOWN])
        problems.append(
            Problem(
                expected=f"the site's listings and articles to be allowed for {agent}",
                found=f"robots.txt of {host} forbids {len(refused)} of the addresses: {shown}",
                look_at="nothing here: the crawl obeys; ask the site",
            )
        )
    delay = _asked_delay(rules, agent)
    if delay and delay > settings.getfloat("DOWNLOAD_DELAY"):
        problems.append(
            Problem(
                expected=f"DOWNLOAD_DELAY of at least {delay:g} s, as Crawl-delay asks",
                found=f"{settings.getfloat('DOWNLOAD_DELAY'):g} s",
                look_at="the setting DOWNLOAD_DELAY",
                severity="doubt",
            )
        )
    lets = "lets through all that was asked for" if not refused else "keeps us out in part"
    return PlainRow(kind="site", name=name, seen=f"{answer}, {lets}", problems=problems)


def _asked_delay(rules: Rules, agent: str) -> float | None:
    if rules.status >= 300:
        return None
    text = rules.body.decode("utf-8", "replace")
    return Protego.parse(text).crawl_delay(agent)
