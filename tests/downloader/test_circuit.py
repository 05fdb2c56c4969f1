"""When a host that fails is left alone, and when it is asked again."""

from __future__ import annotations

import math

import pytest

from crawler.downloader.circuit import Circuit


@pytest.fixture
def circuit() -> Circuit:
    """Open at second 100, for ten."""
    circuit = Circuit(failures=3, pause=10, probes=2)
    for _ in range(3):
        assert circuit.wait(100) == 0
        circuit.failed(100)
    return circuit


def test_failures_in_a_row_open_it(circuit):
    assert (circuit.wait(100), circuit.wait(104)) == (10, 6)


def test_an_answer_between_failures_keeps_it_closed():
    circuit = Circuit(failures=3, pause=10, probes=2)
    for _ in range(5):
        assert not circuit.failed(100)
        assert not circuit.failed(100)
        circuit.answered()
    assert circuit.wait(100) == 0


def test_after_the_pause_one_may_ask_and_the_others_wait_for_what_becomes_of_it(circuit):
    assert [circuit.wait(110), circuit.wait(110), circuit.wait(119)] == [0, 10, 10]


def test_a_probe_that_is_answered_closes_it(circuit):
    circuit.wait(110)
    circuit.answered()
    assert [circuit.wait(111), circuit.wait(111)] == [0, 0]
    assert not circuit.failed(112)  # and the count begins again


def test_a_probe_in_vain_doubles_the_pause_and_the_last_ends_it(circuit):
    circuit.wait(110)
    assert circuit.failed(111)
    assert circuit.wait(111) == 20
    assert circuit.wait(131) == 0
    circuit.failed(132)
    assert math.isinf(circuit.wait(10_000))


def test_what_was_asked_before_it_opened_counts_as_no_probe(circuit):
    assert not circuit.failed(105)
    assert circuit.wait(110) == 0
