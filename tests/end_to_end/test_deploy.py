"""What deploy/ offers is right, and does what it says, by the tools that will read it."""

from __future__ import annotations

import getpass
import grp
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from crawler import clock
from crawler.samplesite import Site, serve
from tests.support.harness import ROOT, UNHURRIED

DEPLOY = ROOT / "deploy"
PLACE = "/srv/workercn"


def tool(name, package):
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        reason = f"{name} is not here: apt-get install {package}"
        (pytest.fail if os.environ.get("REQUIRE_SERVICES") else pytest.skip)(reason)
    return found


def run(*line, **keywords):
    return subprocess.run(
        list(map(str, line)), capture_output=True, text=True, check=False, **keywords
    )


# --- cron ---------------------------------------------------------------------------------------


def crontab():
    """(variables, command) of the one job, as cron reads them."""
    variables, jobs = {}, []
    for line in (DEPLOY / "crontab").read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if match := re.fullmatch(r"(\w+)=(\S.*)", line):  # cron refuses an empty value
            variables[match[1]] = match[2].strip('"')
        else:
            jobs.append(line.split(maxsplit=5)[5])
    (job,) = jobs
    assert not re.search(r"(?<!\\)%", job)  # the end of the command to cron
    return variables, job.replace("\\%", "%")


def as_cron_does(tmp_path, **variables):
    """Run the line with an empty environment but for the crontab's variables, some replaced."""
    if not (ROOT / "crawler/commands/nightly.py").exists():
        pytest.skip("there is no `scrapy nightly` yet")
    given, job = crontab()
    mine = {
        "WORKERCN": ROOT,
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LOG": tmp_path / "nightly.log",
        "OUTPUT_DIR": tmp_path / "output",
        "CLOCK_OFFSET": os.environ["CLOCK_OFFSET"],
    }
    environment = [f"{name}={value}" for name, value in (given | mine | variables).items()]
    return run("env", "-i", *environment, "/bin/sh", "-c", job, cwd="/", timeout=300)


def test_a_good_night_from_cron_says_nothing(tmp_path):
    arguments = " ".join(f"-s {name}={value}" for name, value in UNHURRIED.items())
    with serve(Site(seed=3, articles=40, now=clock.now())) as server:
        done = as_cron_does(tmp_path, MIRROR_URL=server.url, ARGS=f"-a sections=edu {arguments}")
    assert (done.stdout, done.stderr) == ("", ""), (tmp_path / "nightly.log").read_text()
    latest = json.loads((tmp_path / "output/latest.json").read_text("utf-8"))
    assert (latest["complete"], latest["health"]) == (True, "ok")
    assert latest["counts"]["new"] > 0


def test_of_a_bad_night_cron_mails_the_last_line(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        arguments = "-a sections=edu -s RETRY_TIMES=0 -s DOWNLOAD_DELAY=0"
        done = as_cron_does(tmp_path, MIRROR_URL=url, ARGS=arguments)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert "www.workercn.cn could not be reached (connection refused)" in done.stdout
    assert (tmp_path / "nightly.log").read_text("utf-8").endswith(done.stdout)


# --- systemd ------------------------------------------------------------------------------------


def unit(name):
    """section -> name -> value; of a name that stands twice, the last."""
    parser = RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    analyze = tool("systemd-analyze", "systemd")
    for name in ("workercn.service", "workercn.timer"):
        text = (DEPLOY / name).read_text("utf-8")
        # It looks whether the command is there.
        (tmp_path / name).write_text(text.replace(f"{PLACE}/.venv/bin/scrapy", sys.executable))
    done = run(analyze, "verify", tmp_path / "workercn.service", tmp_path / "workercn.timer")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_service_is_hardened():
    analyze = tool("systemd-analyze", "systemd")
    service = DEPLOY / "workercn.service"
    # Of 100; above 50 it calls a service exposed.
    done = run(analyze, "security", "--offline=true", "--threshold=15", service)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_output_can_be_written():
    service = unit("workercn.service")["Service"]
    output = re.search(r"OUTPUT_DIR=(\S+)", service["Environment"])[1]
    assert (service["ProtectSystem"], service["ReadWritePaths"]) == ("strict", output)
    assert service["User"] not in ("root", "nobody")


def test_a_run_ends_in_order_before_systemd_ends_it():
    service = unit("workercn.service")["Service"]
    own = int(re.search(r"MAX_RUN_MINUTES=(\d+)", service["Environment"])[1])
    assert re.fullmatch(r"\d+min", service["TimeoutStartSec"])
    assert int(service["TimeoutStartSec"].removesuffix("min")) >= own + 15
    assert service["KillSignal"] == "SIGTERM"


def test_cron_and_systemd_run_the_same_command():
    _, job = crontab()
    service = unit("workercn.service")["Service"]
    assert service["ExecStart"] == f"{PLACE}/.venv/bin/scrapy nightly workercn"
    assert "scrapy nightly workercn" in job
    assert service["WorkingDirectory"] == crontab()[0]["WORKERCN"] == PLACE


# --- logrotate ----------------------------------------------------------------------------------


def test_the_log_is_rotated(tmp_path):
    logrotate = tool("logrotate", "logrotate")
    me, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    log = tmp_path / Path(crontab()[0]["LOG"]).name
    log.write_text("a night\n")
    text = (DEPLOY / "logrotate").read_text("utf-8")
    assert f"{PLACE}/{crontab()[0]['LOG']} {{" in text
    mine = text.replace(f"{PLACE}/output", str(tmp_path)).replace(
        "workercn workercn", f"{me} {group}"
    )
    settings = tmp_path / "settings"
    settings.write_text(mine)
    settings.chmod(0o644)  # it refuses one that others may write
    tmp_path.chmod(0o755)
    done = run(logrotate, "--state", tmp_path / "state", "--force", settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert log.read_text() == ""
    assert log.with_name("nightly.log.1").read_text() == "a night\n"


# --- the page about it --------------------------------------------------------------------------


def test_the_page_names_every_file_and_every_path_is_the_same():
    page = (ROOT / "docs/deploy.md").read_text("utf-8")
    for path in DEPLOY.iterdir():
        assert f"deploy/{path.name}" in page
        for found in re.findall(r"/srv/[\w-]+", path.read_text("utf-8")):
            assert found == PLACE
