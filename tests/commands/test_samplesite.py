"""`scrapy samplesite`: the embedded site from the command line."""

import signal
import subprocess
import urllib.request

import pytest

from tests.support.harness import command, run, start


def test_it_serves_until_it_is_told_to_stop():
    line = command("samplesite", "--port", "0", "--articles", "30")
    with start(line, stdout=subprocess.PIPE, text=True) as site:
        url = site.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}/character/") as answer:  # noqa: S310
            assert 'class="list"' in answer.read().decode()
        site.send_signal(signal.SIGTERM)
        assert site.wait(timeout=60) == 0


@pytest.mark.parametrize(
    "words", [["--prot", "1"], ["here"], ["--port", "x"], ["--fault", "/:nonsense"]]
)
def test_wrong_words(words):
    done = run(command("samplesite", *words))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert words[-1] in done.stderr or words[0] in done.stderr
