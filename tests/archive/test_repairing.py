"""A torn archive is made whole; nothing else is touched."""

from __future__ import annotations

import gzip
import os

import pytest

from crawler.archive import ArchiveError, read, repair
from tests.archive.captures import capture, is_valid, write
from tests.archive.test_reader import ends


@pytest.fixture
def path(tmp_path):
    return write(tmp_path / "run.warc.gz", [capture(1, b"one"), capture(2, b"two")])


def test_a_whole_archive_stays_as_it_is(path):
    before = path.read_bytes()
    assert repair(path) == 0
    assert path.read_bytes() == before


def test_cut_anywhere_the_whole_records_stay(path, capsys):
    data, places = path.read_bytes(), ends(path)
    for size in range(places[1], len(data)):
        path.write_bytes(data[:size])
        end = max(place for place in places if place <= size)
        assert repair(path) == size - end
        assert path.read_bytes() == data[:end]
        assert len(list(read([path]))) == (2 if end >= places[3] else 1)
    assert is_valid(path, capsys)


@pytest.mark.parametrize("tail", [bytes(5000), os.urandom(5000), b"\x1f\x8b\x08" * 9])
def test_what_a_power_cut_leaves_behind_the_last_record_is_cut_off(path, tail):
    before = path.read_bytes()
    path.write_bytes(before + tail)
    assert repair(path) == len(tail)
    assert path.read_bytes() == before


def test_an_archive_without_an_answer_is_taken_away(path):
    data, places = path.read_bytes(), ends(path)
    for size in (0, 1, places[0] - 1, places[0], places[0] + 1, places[1] - 1):
        path.write_bytes(data[:size])
        assert repair(path) == size
        assert not path.exists()


def test_whole_records_behind_a_damaged_one_are_never_cut_off(path):
    data, places = bytearray(path.read_bytes()), ends(path)
    data[places[1] + 30] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=f"byte {places[1]}: damaged, and whole records follow"):
        repair(path)
    assert path.read_bytes() == data


@pytest.mark.parametrize("content", [b"no archive", gzip.compress(b"no archive"), bytes(99)])
def test_a_file_that_is_no_archive_is_never_touched(path, content):
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="byte 0: no WARC file"):
        repair(path)
    assert path.read_bytes() == content
