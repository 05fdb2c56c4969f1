"""The way to the site: its name, its certificate, robots.txt, the two clocks.

What fails here causes what fails behind it: name and certificate are tried before any request.
"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from protego import Protego
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler import clock
from crawler.doctor.result_rows import Row, busy, doubt, fails, plain_row
from crawler.downloader.resolver import chosen_hosts, is_public
from crawler.site import urls

# A time of publication after the fetch is refused: a clock that is slow by more loses articles.
_CLOCK_OFF = timedelta(minutes=1)
_PATIENCE = 20  # seconds for a connection
_SHOWN = 3  # addresses

_row = partial(plain_row, "site")


def way(settings: BaseSettings) -> list[Row]:
    """DNS, then a connection and its certificate; the first that fails is the last row."""
    mirror = settings["MIRROR_URL"]
    parts = urlsplit(mirror or urls.HOME)
    host, secured = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secured else 80)
    if not mirror and getproxies().get("https") and not proxy_bypass(host):
        return [_row(name, "left to the proxy", skipped=True) for name in ("DNS", "TLS")]
    rows = [_row("DNS", f"MIRROR_URL is {mirror}, no name is looked up", skipped=True)]
    if not mirror:
        rows = [names(host, port, chosen_hosts(settings))]
    return rows if rows[0].problems else [*rows, _connection(host, port, secured)]


def names(host: str, port: int, chosen: frozenset[str]) -> Row:
    expected = f"a public address of {host}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        look_at = "the name servers in /etc/resolv.conf, and the network of this machine"
        why = f"{host} has no address here: {error.strerror}"
        return _row("DNS", "no address", fails(expected, why, look_at))
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
    seen = f"{host} is {addresses[0]}{more}"
    private = [one for one in addresses if not is_public(one)]
    if not private or host in chosen:
        return _row("DNS", seen)
    why = f"{host} leads to the private address {private[0]}, which the crawl refuses"
    look_at = "the setting PRIVATE_HOSTS, if a gateway of yours answers for the site"
    return _row("DNS", seen, fails(expected, why, look_at))


def _connection(host: str, port: int, secured: bool) -> Row:
    """One connection without a request."""
    name, place = "TLS" if secured else "connection", f"{host}:{port}"
    try:
        with socket.create_connection((host, port), _PATIENCE) as plain:
            if not secured:
                return _row(name, f"{place} can be reached, without TLS")
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls:
                until = ssl.cert_time_to_seconds(str((tls.getpeercert() or {})["notAfter"]))
                end = datetime.fromtimestamp(until, UTC)
                return _row(name, f"certificate of {host}, valid until {end:%Y-%m-%d}")
    except ssl.SSLCertVerificationError as error:
        look_at = "this machine's clock and CA certificates; a proxy on the way"
        why = f"{place}: {error.verify_message.rstrip('.')}"
        return _row(name, "not trusted", fails(f"a certificate of {host}", why, look_at))
    except OSError as error:
        why = f"{place} cannot be reached: {error.strerror or error}"
        wrong = fails("an open port", why, "the network, a firewall, a proxy on the way")
        return _row(name, "no connection", wrong)


def system_clock(both: tuple[datetime, datetime] | None) -> Row:
    """Ours and the site's when an answer came, aware. The times in the feed are Asia/Shanghai's or
    UTC, whatever zone the system is in.
    """
    aside = f"the system's zone ({clock.now().astimezone().tzname()}) does not matter"
    if both is None:
        return _row("clock", f"no answer with a Date header to compare with; {aside}", skipped=True)
    ours, theirs = both
    seconds = (ours - theirs).total_seconds()
    way = "ahead of" if seconds > 0 else "behind"
    words = "as the site's" if abs(seconds) < 2 else f"{abs(seconds):.0f} s {way} the site's"
    row = _row("clock", f"{words}; {aside}")
    if abs(ours - theirs) > _CLOCK_OFF:
        expected = f"at most {_CLOCK_OFF.seconds} s from the site's clock"
        times = f"{ours:%Y-%m-%d %H:%M:%S} here, {theirs:%Y-%m-%d %H:%M:%S} there (UTC)"
        found = f"{times}: a time of publication after the fetch is refused"
        row.problems.append(fails(expected, found, "the system's clock (NTP)"))
    return row


def robots(
    settings: BaseSettings, host: str, rules: Response | None, kept_from: dict[str, str]
) -> Row:
    """What a host's robots.txt means for the crawl; `kept_from`: address -> why it was not asked.

    Without `rules` it could not be read. RFC 9309: then, and with 5xx, nothing is let through.
    """
    name = "robots.txt" if host == urls.HOST else f"robots.txt of {host}"
    if not settings.getbool("ROBOTSTXT_OBEY"):
        return _row(name, "not asked for (ROBOTSTXT_OBEY is off)", skipped=True)
    expected = "an answer: 2xx with rules, or 4xx, which lets everything through"
    if rules is None:
        why = next(iter(kept_from.values()), f"robots.txt of {host} could not be read")
        return _row(name, "no answer", fails(expected, f"{why}; the crawl keeps out (RFC 9309)"))
    if rules.status >= 500:
        why = f"robots.txt of {host} answered {rules.status}; the crawl keeps out (RFC 9309)"
        return _row(name, f"answered {rules.status}", busy(expected, why))
    problems = []
    agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
    if kept_from:
        shown = ", ".join(list(kept_from)[:_SHOWN])
        found = f"robots.txt of {host} forbids {len(kept_from)} of the addresses: {shown}"
        expected = f"the site's listings and articles to be allowed for {agent}"
        problems = [fails(expected, found, "nothing here: the crawl obeys; ask the site")]
    body = rules.body.decode("utf-8", "replace") if rules.status < 300 else ""
    asked, ours = Protego.parse(body).crawl_delay(agent), settings.getfloat("DOWNLOAD_DELAY")
    if asked and asked > ours:
        expected = f"DOWNLOAD_DELAY of at least {asked:g} s, as Crawl-delay asks"
        problems.append(doubt(expected, f"{ours:g} s", "the setting DOWNLOAD_DELAY"))
    lets = "keeps us out in part" if kept_from else "lets through all that was asked for"
    return _row(name, f"answered {rules.status}, {lets}", *problems)
