"""When a message goes out, what it says, and what becomes of channels that do not take it."""

from __future__ import annotations

import email
import email.policy
import json
import logging
import socket
import threading
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.items import timestamp
from crawler.monitoring import alerts, channels
from crawler.report.translation import Words

FIRST = datetime(2026, 11, 1, 19, 30, tzinfo=UTC)
SECRET = "s3kret"  # noqa: S105 - of nothing


class Receiver(ThreadingHTTPServer):
    """Keeps what is posted to it; /<code>/… is answered with that code."""

    def __init__(self):
        self.messages = []
        self.told = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def url(self, path="200"):
        return f"json://127.0.0.1:{self.server_port}/{path}/{SECRET}"

    @property
    def subjects(self):
        return [message["title"].partition(": ")[2] for message in self.messages]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        code = int(self.path.split("/")[1])
        if code == 200:
            self.server.messages.append(json.loads(body))
            self.server.told.set()
        self.send_response(code)
        self.end_headers()

    def log_message(self, *words):
        """Nothing into the tests' output."""


@pytest.fixture
def receiver():
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def night(number=0, health="ok", **more):
    """A manifest of the night so many days after the first."""
    ended = timestamp(FIRST + timedelta(days=number))
    return {
        "run_id": "20261101T193000Z-workercn-8a3f",
        "health": health,
        "exit_code": {"ok": 0, "degraded": 3, "failed": 1}[health],
        "finished_at": ended,
    } | more


@contextmanager
def silent_port():
    """The address of something that accepts connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def closed_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


# --- when ---------------------------------------------------------------------------------------

HEALTH = {"o": "ok", "d": "degraded", "f": "failed"}


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ("ooo", {}),
        ("odo", {1: "degraded", 2: "ok again"}),
        ("d", {0: "degraded"}),
        ("dfdo", {0: "degraded", 1: "failed, was degraded, night 2",
                  2: "degraded, was failed, night 3", 3: "ok again"}),
        ("dddd", {0: "degraded", 2: "still degraded, night 3"}),
        ("dffff", {0: "degraded", 1: "failed, was degraded, night 2", 2: "still failed, night 3"}),
        ("f" * 18, {0: "failed", 2: "still failed, night 3", 9: "still failed, night 10",
                    16: "still failed, night 17"}),
    ],
)  # fmt: skip
def test_one_message_when_it_changes_and_on_the_third_bad_night(nights, told):
    assert over(night(number, HEALTH[letter]) for number, letter in enumerate(nights)) == told


def over(manifests):
    """Which of the runs are told, and how."""
    memory, told = alerts.AlertHistory(), {}
    for number, manifest in enumerate(manifests):
        memory.count(manifest["health"], manifest["finished_at"])
        health = manifest["health"]
        if occasion := memory.occasion(health):
            told[number] = memory.subject(health, occasion, Words())
            memory.tell(health)
    return told


def test_several_runs_of_one_night_are_one_night():
    hours = (0, 1, 2, 24, 25)
    assert over(night(hour / 24, "degraded") for hour in hours) == {0: "degraded"}


def test_a_clock_that_jumps_back_does_not_stop_the_count():
    days = (900, 0, 1)
    told = over(night(day, "failed") for day in days)
    assert told == {0: "failed", 2: "still failed, night 3"}


def test_from_one_run_to_the_next_it_is_remembered(receiver, tmp_path):
    for number, letter in enumerate("oddod"):
        manifest = night(number, HEALTH[letter])
        assert alerts.send(manifest, [receiver.url()], output=tmp_path) == []
    assert receiver.subjects == ["degraded", "ok again", "degraded"]


@pytest.mark.parametrize(
    ("remembered", "tonight", "told"),
    [
        (None, "ok", None),
        (None, "degraded", "degraded"),
        (b"", "ok", None),
        (b"\xff{", "degraded", "degraded"),
        (b"[]", "failed", "failed"),
        (b'{"health": "fine"}', "failed", "failed"),
        (b'{"health": "ok", "nights": "three"}', "failed", "failed"),
        (b'{"health": "failed", "nights": 1, "told": 1, "counted": 7}', "ok", "ok again"),
        (b'{"health": "failed", "nights": 1, "told": 1, "counted": 7}', "failed", None),
    ],
)
def test_what_makes_no_sense_is_as_if_nothing_had_been_told(tmp_path, remembered, tonight, told):
    path = tmp_path / alerts.MEMORY
    if remembered is not None:
        path.write_bytes(remembered)
    memory = alerts.AlertHistory.read(path)
    memory.count(tonight, timestamp(FIRST))
    occasion = memory.occasion(tonight)
    assert (memory.subject(tonight, occasion, Words()) if occasion else None) == told


def test_what_no_channel_took_is_told_the_next_night(receiver, tmp_path):
    dead = receiver.url("503")
    assert alerts.send(night(0, "degraded"), [dead], output=tmp_path) != []
    assert alerts.send(night(1, "degraded"), [dead, receiver.url()], output=tmp_path) != []
    assert alerts.send(night(2, "ok"), [dead], output=tmp_path) != []
    assert alerts.send(night(3, "ok"), [receiver.url()], output=tmp_path) == []
    assert receiver.subjects == ["degraded, night 2", "ok again"]


def test_an_output_that_cannot_be_written_is_said_and_told_anyway(receiver, tmp_path):
    gone = tmp_path / "not-mounted"
    (problem,) = alerts.send(night(0, "failed"), [receiver.url()], output=gone)
    assert "not remembered" in problem
    assert receiver.subjects == ["failed"]
    assert not gone.exists()


def test_without_channels_nothing_is_told_or_remembered(tmp_path):
    assert alerts.send(night(0, "failed"), [], output=tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("manifest", [{}, {"health": None}, {"health": "odd", "checks": 3}])
def test_a_manifest_that_is_none_raises_nothing(receiver, tmp_path, manifest):
    assert alerts.send(manifest, [receiver.url()], output=tmp_path) != []


# --- what ---------------------------------------------------------------------------------------


DEGRADED = {
    "sentence": "finished, degraded: sections (…): 203 new, 0 rejected, 203 listed in 5 sections",
    "checks": [
        {
            "name": "sections",
            "ok": False,
            "detail": "in the words of the crawl",
            "code": "listed_nothing",
            "data": {"sections": ["edu"], "good": 4, "total": 5},
        },
        {"name": "moon", "ok": False, "detail": "4 of 5\nFrom: \x1b[31msomebody\u202e"},
        {"name": "rejects", "ok": True, "detail": "0 of 203"},
    ],
    "counts": {"listed": 203, "new": 203, "rejected": 0},
    "complete": True,
}


def published(output):
    report = output / "runs" / night()["run_id"] / "report.html"
    report.parent.mkdir(parents=True)
    report.touch()
    return report


def test_the_message_says_what_failed_what_to_do_and_where_to_look(receiver, tmp_path):
    manifest, report = night(0, "degraded", **DEGRADED), published(tmp_path)
    alerts.send(manifest, [receiver.url()], output=tmp_path)
    (message,) = receiver.messages
    assert message["title"] == f"workercn on {socket.gethostname()}: degraded"
    assert message["type"] == "warning"
    assert message["message"].rstrip().split("\n") == [
        "The run finished, but 2 of 3 checks failed: sections, moon.",
        "- sections: 4 of 5 sections listed articles; none in: 教育 (edu)",
        r"- moon: 4 of 5\nFrom: \x1b[31msomebody\u202e",
        "- Published: 203 new articles.",
        "",
        "What to do:",
        "- Open the section in a browser. If it is gone, add its slug to deny in "
        "crawler/site/sections.toml; if it shows articles, its listing has a new form, which "
        "crawler/site/listings/parsers.py must learn.",
        "- Compare the numbers of this check with those of earlier runs.",
        "",
        f"Report: {report}",
        f"{manifest['run_id']}, exit code 3, ended 2026-11-01T19:30:00Z",
    ]


def test_the_message_in_chinese_is_made_from_code_and_data(receiver, tmp_path):
    manifest = night(0, "degraded", **DEGRADED)
    published(tmp_path)
    url = "https://news1.example.org/crawl/"
    alerts.send(manifest, [receiver.url()], output=tmp_path, language="zh", report_url=url)
    (message,) = receiver.messages
    assert message["title"] == f"{socket.gethostname()} 上的 workercn：有异常"
    assert message["message"].split("\n")[:2] == [
        "运行已完成，但 3 项检查中有 2 项未通过：栏目、moon。",
        "- 栏目（sections）：5 个栏目中有 4 个列出了稿件；没有稿件的栏目：教育（edu）",
    ]
    link = f"报告：https://news1.example.org/crawl/runs/{manifest['run_id']}/report.html\n"
    assert link in message["message"]
    assert "in the words of the crawl" not in message["message"]


def test_a_run_that_published_nothing_is_told_too(receiver, tmp_path):
    unusable = {
        "name": "hosts",
        "ok": False,
        "detail": "",
        "code": "unusable",
        "data": {
            "hosts": ["www.workercn.cn"],
            "good": 0,
            "total": 1,
            "reasons": {"www.workercn.cn": "dns"},
        },
    }
    manifest = night(0, "failed", exit_code=4, sentence="in a line", checks=[unusable])
    alerts.send(manifest, [receiver.url()], output=tmp_path)
    (message,) = receiver.messages
    assert message["type"] == "failure"
    told = message["message"]
    assert told.startswith("The site could not be used at all; nothing is published.\n")
    assert "www.workercn.cn could not be reached (DNS lookup failed)" in told
    assert "See whether the site opens in a browser" in told
    assert "Report: none, this run has published nothing; see the log" in told


def test_an_ending_that_only_the_last_line_knows_of_has_it(receiver, tmp_path):
    sentence = "the run cannot be published: [Errno 28] No space left on device"
    manifest = night(0, "failed", exit_code=6, sentence=sentence)
    alerts.send(manifest, [receiver.url()], output=tmp_path)
    (message,) = receiver.messages
    assert f"Last line: {sentence}\n" in message["message"]
    assert "Make room on the disk" in message["message"]


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def smtp(mailbox, **keywords):
    from aiosmtpd.controller import Controller

    controller = Controller(mailbox, hostname="127.0.0.1", port=closed_port(), **keywords)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def mail_url(port, user=""):
    return f"mailto://{user}127.0.0.1:{port}/?from=crawler@example.org&to=a@example.org,b@example.org&mode=insecure"


def test_a_mail_is_plain_text_whose_chinese_arrives(tmp_path):
    mailbox = Mailbox()
    sentence = "人物 <b>listed</b> nothing & *nobody* knows"
    manifest = night(0, "failed", sentence=sentence)
    with smtp(mailbox) as port:
        assert alerts.send(manifest, [mail_url(port)], output=tmp_path) == []
    assert [mail["To"] for mail in mailbox.mails] == ["a@example.org", "b@example.org"]
    mail = mailbox.mails[0]
    text = mail.get_content().replace("\r\n", "\n")
    assert mail["Subject"] == f"workercn on {socket.gethostname()}: failed"
    assert mail["From"] == "crawler@example.org"
    assert mail.get_content_type() == "text/plain"
    assert f"\nLast line: {sentence}\n" in text


# --- channels that do not take it ---------------------------------------------------------------


def test_every_dead_channel_is_said_and_the_living_one_served(receiver, tmp_path, caplog, capfd):
    from aiosmtpd.smtp import AuthResult

    refusing = {
        "authenticator": lambda *_: AuthResult(success=False, handled=False),
        "auth_required": True,
        "auth_require_tls": False,
    }
    caplog.set_level(logging.NOTSET)
    with warnings.catch_warnings(), silent_port() as silent:
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
        with smtp(Mailbox(), **refusing) as port:
            caplog.clear()
            urls = [
                f"json://user:{SECRET}@127.0.0.1:{closed_port()}/{SECRET}",
                f"json://127.0.0.1:{silent}/{SECRET}",
                mail_url(port, f"user:{SECRET}@"),
                receiver.url("404"),
                receiver.url(),
                f"nonsense://{SECRET}",
                SECRET,
            ]
            problems = alerts.send(night(0, "failed"), urls, output=tmp_path)
    assert problems == [
        "ALERT_URLS, no. 1 of 7 (json://…) refused the connection",
        "ALERT_URLS, no. 2 of 7 (json://…) did not answer in time",
        "ALERT_URLS, no. 3 of 7 (mailto://…) refused the login",
        "ALERT_URLS, no. 4 of 7 (json://…) answered 404",
        "ALERT_URLS, no. 6 of 7 (nonsense://…) is no address that apprise can use",
        "ALERT_URLS, no. 7 of 7 (without ://) is no address that apprise can use",
    ]
    assert receiver.subjects == ["failed"]
    told = caplog.text + "".join(capfd.readouterr()) + (tmp_path / alerts.MEMORY).read_text()
    assert SECRET not in told


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (f"Failed to send JSON notification: Not Found, error=404. /{SECRET}", "answered 404"),
        ("Socket Exception: [Errno 111] Connection refused", "refused the connection"),
        ("Socket Exception: Connection unexpectedly closed: timed out", "did not answer in time"),
        ("Socket Exception: HTTPConnectionPool(host='h', port=80): Read timed out. (read timeout=4.0)",
         "did not answer in time"),
        ("Socket Exception: Failed to resolve 'h' ([Errno -2] Name or service not known)",
         "has a host without an address"),
        ("Socket Exception: [Errno -3] Temporary failure in name resolution",
         "has a host without an address"),
        ("Socket Exception: SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number')",
         "could not agree on TLS"),
        ("Socket Exception: (535, b'5.7.8 Authentication credentials invalid')", "refused the login"),
        (f"Socket Exception: something new about {SECRET}", "did not take the message"),
        ("", "did not take the message"),
    ],
)  # fmt: skip
def test_why_is_said_in_words_of_ours(words, reason):
    assert channels._reason(words) == reason


@contextmanager
def dripping(over: threading.Event):
    """The address of a server that answers a byte at a time until that is set: no timeout of a
    socket passes.
    """
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        thread = threading.Thread(target=_drip, args=(server, over))
        thread.start()
        yield f"json://127.0.0.1:{server.getsockname()[1]}/{SECRET}"
        over.set()
        socket.create_connection(server.getsockname()).close()  # where nobody has come yet
        thread.join()


def test_a_channel_that_drips_for_ever_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(channels, "_PATIENCE", 2)
    with dripping(threading.Event()) as url:
        problems = alerts.send(night(0, "failed"), [url], output=tmp_path)
    assert problems == ["ALERT_URLS, no. 1 of 1 (json://…) did not answer within 2 seconds"]


def test_no_other_channel_waits_for_it(receiver, tmp_path):
    with dripping(receiver.told) as url:
        alerts.send(night(0, "failed"), [url, receiver.url()], output=tmp_path)
    assert receiver.subjects == ["failed"]


def _drip(server, over):
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not over.wait(0.5):
            try:
                connection.sendall(b"x")
            except OSError:  # the other side has been given up
                return


def test_a_sender_that_does_not_start_is_said(receiver, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONSAFEPATH", "1")  # it does not find its own module then
    (problem,) = alerts.send(night(0, "failed"), [receiver.url()], output=tmp_path)
    assert "apprise does not start" in problem
    assert alerts.check([receiver.url()]) == problem


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "urls"),
    [
        ("", []),
        (" , ", []),
        ("json://a", ["json://a"]),
        ("json://a,mailto://b", ["json://a", "mailto://b"]),
        ("json://a, mailto://b\n slack://c/d", ["json://a", "mailto://b", "slack://c/d"]),
        ("mailto://h?to=a@x.org,b@x.org json://a,", ["mailto://h?to=a@x.org,b@x.org", "json://a"]),
        ("json://a, b", ["json://a", "b"]),
    ],
)
def test_addresses_stand_between_commas_or_spaces(setting, urls):
    assert channels.split(setting) == urls


@pytest.mark.parametrize(
    ("urls", "wrong"),
    [
        ([], None),
        (["json://localhost/x", "mailtos://user:pass@example.org"], None),
        (
            ["json://localhost", f"jsn://{SECRET}"],
            "ALERT_URLS, no. 2 of 2 (jsn://…) is no address that apprise can use",
        ),
        (
            [f"slack://{SECRET}"],
            "ALERT_URLS, no. 1 of 1 (slack://…) is no address that apprise can use",
        ),
        ([SECRET], "ALERT_URLS, no. 1 of 1 (without ://) is no address that apprise can use"),
    ],
)
def test_a_wrong_address_is_found_at_the_start_without_naming_it(urls, wrong, caplog, capfd):
    caplog.set_level(logging.NOTSET)
    assert alerts.check(urls) == wrong
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
