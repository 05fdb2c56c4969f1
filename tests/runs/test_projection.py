"""What a run folder's lines change, and that folding them again changes nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.runs.projection import (
    RunFolderError,
    apply_run,
    catch_up,
    next_check,
    next_try,
    rebuild,
)
from crawler.state import Sighting, Watermark, default_url, open_state, published_line
from tests.state.samples import (
    RUNS,
    at,
    behind,
    checked,
    dump,
    failed,
    manifest,
    record,
    reread,
    seen,
    walked,
    write_run,
)


@pytest.fixture
def state(state_url):
    state = open_state(state_url)
    yield state
    state.close()


@pytest.fixture
def nights(state, tmp_path):
    """Publish the next night's run and learn from it; its article 8163816 and failure after it."""
    number = iter(range(10))

    def night(records=(), notes=(), **keywords):
        write_run(tmp_path, next(number), list(records), list(notes), **keywords)
        assert len(catch_up(state, tmp_path)) == 1
        return state.find("8163816")

    return night


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-11-22T12:00:00+08:00", "2026-11-22T04:05:00Z"),  # this moment: five minutes
        ("2026-11-22T11:40:00+08:00", "2026-11-22T04:05:00Z"),
        ("2026-11-22T06:00:00+08:00", "2026-11-22T05:00:00Z"),  # six hours old: an hour
        ("2026-11-20T12:00:00+08:00", "2026-11-22T12:00:00Z"),
        ("2026-11-01T12:00:00+08:00", "2026-11-23T00:00:00Z"),  # at most twenty hours
        ("2026-11-22T13:00:00+08:00", "2026-11-22T04:05:00Z"),  # a clock that is ahead
    ],
)
def test_the_younger_an_article_the_sooner_it_is_asked_for_again(published, expected):
    assert next_check("2026-11-22T04:00:00Z", published) == expected


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        (1, "2026-11-22T04:00:00Z"),  # by the next run
        (2, "2026-11-23T00:00:00Z"),
        (3, "2026-11-23T20:00:00Z"),
        (4, "2026-11-25T12:00:00Z"),
        (7, "2026-12-18T20:00:00Z"),
        (8, None),
        (9, None),
    ],
)
def test_a_failure_is_tried_again_with_growing_distance_seven_times(tries, expected):
    assert next_try("2026-11-22T04:00:00Z", tries) == expected


# --- records ------------------------------------------------------------------------------------


def test_a_record_makes_an_article_known(nights):
    known = nights([record("1"), record(title="二")], [behind(), behind("1", etag=None)])
    assert known._asdict() == {
        "id": "8163816",
        "url": "https://www.workercn.cn/c/2026-11-20/8163816.shtml",
        "generation": "modern",
        "title": "二",
        "published": "2026-11-20T08:00:00+08:00",
        "revision": 1,
        "change": "new",
        "content_hash": "sha256:aa",
        "raw_hash": "r",
        "parser": "p",
        "etag": '"e"',
        "modified": "m",
        "run_id": RUNS[0],
        "place": len(json.dumps(record("1"), ensure_ascii=False).encode()) + 1,
        "first_seen": at(0),
        "last_seen": at(0),
        "checked_at": at(0),
        "next_check": "2026-11-20T04:40:00Z",
        "missing": 0,
        "rules": "p",
        "payload": None,
        "archived_at": None,
        "entry": None,
        "missing_since": None,
        "kind": "article",
        "precision": "second",
        "language": "zh-Hans",
    }


def test_the_published_line_is_found_from_what_is_known(nights, tmp_path):
    first = [record("1", title="一"), record(title="二\u2028😀"), record("3")]
    known = nights(first)
    assert published_line(tmp_path, known) == first[1]
    update = record(night=1, title="改", revision=2, change="updated")
    known = nights([record("4"), update])
    assert published_line(tmp_path, known) == update


def test_a_revision_takes_the_place_of_the_one_before_and_of_what_was_behind_it(nights):
    nights([record()], [behind()])
    known = nights([record(night=1, revision=2, change="updated", content_hash="sha256:bb")], [])
    assert (known.revision, known.change, known.content_hash) == (2, "updated", "sha256:bb")
    assert (known.run_id, known.first_seen, known.last_seen) == (RUNS[1], at(0), at(1))
    assert (known.etag, known.modified, known.raw_hash, known.parser) == (None,) * 4


def test_a_revision_that_stands_in_two_runs_is_the_first_ones(nights):
    first = nights([record()], [])
    assert nights([record(night=1)], []) == first


def test_what_is_behind_a_record_whose_line_was_lost_changes_nothing(nights, state):
    first = nights([record()], [behind(), failed(0)])
    before = dump(state)
    lost = [behind(revision=2, etag="other"), behind("never", etag="other"), behind(etag="other")]
    assert nights([], lost) == first
    after = dump(state)
    assert {name: rows for name, rows in after.items() if name != "run"} == {
        name: rows for name, rows in before.items() if name != "run"
    }


def test_a_run_of_before_there_was_a_journal(state, tmp_path):
    write_run(tmp_path, 0, [record()], notes=None)
    assert catch_up(state, tmp_path) == [RUNS[0]]
    known = state.find("8163816")
    assert (known.revision, known.etag) == (1, None)


def test_notes_and_keys_of_another_version_are_passed_over(nights):
    known = nights(
        [record(more=1)],
        [{"note": "begun", "id": {"odd": 1}, "ids": 3 * ["x"]}, behind(more=2), {"note": "zz"}],
    )
    assert known.etag == '"e"'


def test_a_salvaged_older_run_takes_nothing_back(state, tmp_path):
    write_run(tmp_path, 0, [record()], [behind()])
    write_run(
        tmp_path,
        2,
        [record(night=2, revision=2, sections=[{"slug": "edu", "name": "教育"}])],
        [walked("edu", "", 9)],
    )
    catch_up(state, tmp_path)
    before = state.find("8163816")
    write_run(
        tmp_path,
        1,
        [record(night=1, sections=[{"slug": "edu", "name": None}])],
        [
            behind(),
            checked("missing", 1),
            seen("edu", ["8163816"], 1),
            walked("edu", "2026-11-20", 1),
        ],
    )
    assert catch_up(state, tmp_path) == [RUNS[1]]
    assert state.find("8163816") == before
    assert state.mark("edu") == Watermark("edu", RUNS[2], "", 9, noted=False)
    sighting = Sighting("8163816", "edu", "教育", RUNS[1])
    assert state.sightings(["8163816"]) == {"8163816": {"edu": sighting}}


# --- checks -------------------------------------------------------------------------------------


def test_a_check_keeps_what_it_does_not_know(nights):
    before = nights([record()], [behind()])
    known = nights([], [checked("not_modified", 1)])
    later = {"checked_at": at(1), "next_check": "2026-11-21T08:40:00Z"}
    assert known == before._replace(**later)


def test_a_check_takes_what_it_knows(nights):
    before = nights([record()], [behind()])
    facts = {"etag": "E", "modified": "M", "raw": "R", "parser": "P", "content_hash": "sha256:cc"}
    known = nights([], [checked("unchanged", 1, **facts)])
    assert known[:7] == before[:7]
    assert (known.etag, known.modified, known.raw_hash, known.parser) == ("E", "M", "R", "P")
    assert known.content_hash == "sha256:aa"
    known = nights([], [checked("rebased", 2, **facts)])
    assert known.content_hash == "sha256:cc"
    assert known.revision == 1


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ([], "p"),
        ([reread()], "q"),
        ([reread(raw="another body")], "p"),
        ([checked("unchanged", 1, parser="q")], "p"),
        ([checked("rebased", 1, raw="r", parser="q", content_hash="sha256:c")], "p"),
        ([checked("unchanged", 1, raw="another body", parser="p")], None),
        ([checked("unchanged", 1, raw="another body"), reread(raw="another body")], "q"),
    ],
)
def test_by_which_rules_the_body_reads_as_it_was_published(nights, notes, expected):
    assert nights([record()], [behind(), *notes]).rules == expected


def test_what_is_gone_is_counted_from_the_first_time(nights):
    nights([record()], [behind()])
    known = nights([], [checked("missing", 1, next_check="2026-11-22T00:00:00Z")])
    assert (known.missing, known.missing_since) == (1, at(1))
    assert (known.checked_at, known.next_check) == (at(1), "2026-11-22T00:00:00Z")
    known = nights([], [checked("missing", 2)])  # of an older version: the next night
    assert (known.missing, known.missing_since) == (2, at(1))
    assert known.next_check == "2026-11-23T00:00:00Z"
    known = nights([], [checked("not_modified", 3)])
    assert (known.missing, known.missing_since) == (0, None)
    assert known.next_check == "2026-11-23T16:40:00Z"


def test_a_removed_article_waits_as_any_other(nights):
    nights([record()], [behind()])
    nights([], [checked("missing", 1)])
    known = nights([record(night=2, revision=2, change="removed")], [behind(revision=2, etag=None)])
    assert (known.change, known.missing, known.next_check) == ("removed", 0, "2026-11-22T12:40:00Z")
    known = nights([], [checked("missing", 3)])
    assert (known.missing, known.next_check) == (1, "2026-11-23T16:40:00Z")


def test_a_check_of_what_is_not_known_makes_nothing_known(nights, state):
    assert nights([], [checked("not_modified", 0), seen("edu", ["8163816"], 0)]) is None


# --- listings -----------------------------------------------------------------------------------


def test_where_an_article_was_seen(nights, state):
    def sections():
        return {slug: s[2:4] for slug, s in state.sightings(["8163816"])["8163816"].items()}

    nights([record(sections=[{"slug": "edu", "name": None}])], [])
    assert sections() == {"edu": (None, RUNS[0])}
    known = nights([], [seen("edu", ["8163816"], 1, "教育"), seen("law", ["8163816"], 1, "法治")])
    assert sections() == {"edu": ("教育", RUNS[0]), "law": ("法治", RUNS[1])}
    assert (known.first_seen, known.last_seen) == (at(0), at(1))
    nights([record(night=2, revision=2, sections=[{"slug": "law", "name": "普法"}])], [])
    nights([], [seen("edu", ["8163816"], 3)])
    assert sections() == {"edu": ("教育", RUNS[0]), "law": ("普法", RUNS[1])}


def test_a_section_is_marked_where_the_run_is_complete(nights, state):
    nights([], [walked("edu", "2026-10-01", 10)])
    assert state.mark("edu") == Watermark("edu", RUNS[0], "2026-10-01", 10, noted=False)
    nights([], [walked("edu", "", 5000), walked("law", "", 3)], complete=False)
    assert state.mark("edu") == Watermark("edu", RUNS[0], "2026-10-01", 10, noted=False)
    assert state.mark("law") is None
    nights([], [walked("edu", "", 20) | {"noted": True}])
    assert state.mark("edu") == Watermark("edu", RUNS[2], "", 20)


# --- failures -----------------------------------------------------------------------------------


def test_a_failure_is_counted_until_it_is_given_up(nights, state):
    entry = {"title": "好", "sections": [{"slug": "edu", "name": "教育"}]}
    for tries in range(1, 9):
        nights([], [failed(tries - 1, reason=f"r{tries}", error="x" * 501, entry=entry)])
        (failure,) = state.failures(["8163816"]).values()
        assert (failure.tries, failure.reason, failure.error) == (tries, f"r{tries}", "x" * 500)
        assert (failure.first_failed, failure.last_failed) == (at(0), at(tries - 1))
        assert failure.next_try == next_try(at(tries - 1), tries)
        assert failure.entry == entry
    assert list(state.given_up()) == [failure]
    seen_in = {"edu": Sighting("8163816", "edu", "教育", RUNS[0])}
    assert state.sightings(["8163816"]) == {"8163816": seen_in}


@pytest.mark.parametrize(
    ("records", "notes", "fails"),
    [
        ([record(night=1)], [], False),
        ([record(night=1)], [behind()], False),
        ([], [checked("unchanged", 1)], False),
        ([], [checked("missing", 1)], True),
        ([], [behind()], True),
        ([record(night=1)], [failed(1), behind()], False),
        ([record(night=1)], [behind(), failed(1)], True),
    ],
)
def test_a_record_or_a_page_that_is_there_ends_a_failure(nights, state, records, notes, fails):
    nights([], [failed(0)])
    nights(records, notes)
    assert bool(state.failures(["8163816"])) == fails


def test_a_failure_without_a_time_failed_when_the_run_ended(nights, state):
    nights([], [failed(0, failed_at=None, error=None)])
    (failure,) = state.failures(["8163816"]).values()
    assert (failure.last_failed, failure.error) == ("2026-11-20T05:00:00Z", None)


# --- folders ------------------------------------------------------------------------------------


def test_runs_are_learnt_in_order_and_once(state, tmp_path):
    for night in (1, 0):
        write_run(tmp_path, night, [record(night=night, revision=night + 1)], [])
    partial = tmp_path / "runs" / f"{RUNS[2]}.partial"
    write_run(tmp_path, 2, [record(night=2, revision=3)], []).rename(partial)
    (tmp_path / "runs" / "notes").mkdir()
    assert catch_up(state, tmp_path) == RUNS[:2]
    assert catch_up(state, tmp_path) == []
    assert state.find("8163816").revision == 2
    assert state.run_ids() == set(RUNS[:2])
    assert state.history(1) == [manifest(1)]


def test_a_folder_is_learnt_before_it_has_its_name(state, tmp_path):
    folder = write_run(tmp_path, 0, [record()], [])
    partial = folder.rename(folder.with_name(folder.name + ".partial"))
    with state.learning() as writer:
        assert apply_run(writer, partial)
    assert state.find("8163816").run_id == RUNS[0]
    partial.rename(folder)
    assert catch_up(state, tmp_path) == []


def test_a_rebuilt_state_knows_what_the_folders_tell_and_nothing_else(state, tmp_path):
    notes = [behind(), failed(0, "2"), seen("edu", ["1"], 0), walked("edu", "", 1)]
    lost = write_run(tmp_path, 0, [record("1")], notes)
    write_run(tmp_path, 1, [record("3", 1)], [])
    catch_up(state, tmp_path)
    shutil.rmtree(lost)
    assert rebuild(state, tmp_path, force=True) == 1
    rows = dump(state)
    assert {name: len(rows[name]) for name in rows} == {
        "article": 1, "claim": 0, "failure": 0, "gap": 0, "issue": 0, "left_out": 0, "mark": 0,
        "rendering": 0, "run": 1, "seen_in": 0,
    }  # fmt: skip
    assert state.find("3")


def test_nothing_is_learnt_where_there_is_no_output_yet(state, tmp_path):
    assert catch_up(state, tmp_path / "none") == []
    assert rebuild(state, tmp_path / "none", force=True) == 0


def test_more_lines_than_are_read_at_once(state, tmp_path):
    ids = [str(number) for number in range(1100)]
    notes = [behind(id_) for id_ in ids] + [seen("edu", ids, 0)]
    write_run(tmp_path, 0, [record(id_) for id_ in ids], notes)
    catch_up(state, tmp_path)
    assert {known.etag for known in state.known(ids).values()} == {'"e"'}
    assert len(state.sightings(ids)) == 1100
    assert published_line(tmp_path, state.find("1099"))["id"] == "1099"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("articles.jsonl", '{"id": "1"}\n', "articles.jsonl, line 1: KeyError: 'fetched_at'"),
        ("articles.jsonl", "[]\n", "articles.jsonl, line 1: no object"),
        ("journal.jsonl", '{"note":"zz"}\n{"note": "chec', "journal.jsonl, line 2: "),
        ("journal.jsonl", '{"note":"seen","ids":"1"}\n', "journal.jsonl, line 1: KeyError: 'slug'"),
        ("journal.jsonl", '{"note":["zz"]}\n', "journal.jsonl, line 1: TypeError"),
        ("manifest.json", "{", "manifest.json: no JSON: "),
        ("manifest.json", '{"run_id": "x"}', "manifest.json: no manifest: without complete, "),
        ("manifest.json", "[]", "manifest.json: no JSON object"),
    ],
)
def test_a_folder_that_cannot_be_read_is_named_and_teaches_nothing(
    state, tmp_path, name, text, said
):
    write_run(tmp_path, 0, [record()], [])
    catch_up(state, tmp_path)
    before = dump(state)
    folder = write_run(tmp_path, 1, [record(night=1, revision=2)], [])
    with (folder / name).open("w" if name == "manifest.json" else "a") as file:
        if name == "articles.jsonl":
            file.truncate(0)
        file.write(text)
    with pytest.raises(RunFolderError) as raised:
        catch_up(state, tmp_path)
    assert f"{folder}/{said}" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert dump(state) == before
    with pytest.raises(RunFolderError):
        rebuild(state, tmp_path)
    assert dump(state) == before


# --- folding again ------------------------------------------------------------------------------

IDS = st.sampled_from(["1", "2", "3", "4"])
TEXT = st.none() | st.sampled_from(["a", "b", "教育", "x\0", "\ud83d"])
SECTIONS = st.lists(
    st.fixed_dictionaries({"slug": st.sampled_from(["edu", "legacy:news/1"]), "name": TEXT}),
    max_size=2,
)
OURS = st.none() | st.sampled_from(["a", "b"])
FACTS = {"etag": TEXT, "modified": TEXT, "raw": OURS, "parser": OURS}
OUTCOMES = st.sampled_from(["not_modified", "unchanged", "rebased", "missing"])
WHEN = st.sampled_from(["2026-11-20T07:59:59+08:00", "2026-11-01T00:00:00+08:00"])


def notes_of(night):
    return st.one_of(
        st.builds(behind, IDS, st.integers(1, 4), **FACTS),
        st.builds(checked, OUTCOMES, st.just(night), IDS, **FACTS, content_hash=st.just("sha256:c")),
        st.builds(failed, st.just(night), IDS, error=TEXT,
                  entry=st.fixed_dictionaries({"title": TEXT, "sections": SECTIONS})),
        st.builds(seen, st.sampled_from(["edu", "law"]), st.lists(IDS), st.just(night), TEXT),
        st.builds(walked, st.sampled_from(["edu", "law"]), st.sampled_from(["", "2026-11-01"]),
                  st.integers(1, 10)),
        st.builds(reread, IDS, raw=OURS, parser=OURS),
        st.just({"note": "of another version"}),
    )  # fmt: skip


@st.composite
def runs(draw):
    """(records, notes, complete) of some nights, the revisions of an article in order."""
    revisions = dict.fromkeys("1234", 0)
    made = []
    for night in range(draw(st.integers(1, 5))):
        records = []
        for id_ in draw(st.lists(IDS, unique=True)):
            revisions[id_] += 1
            change = "new" if revisions[id_] == 1 else draw(st.sampled_from(["updated", "removed"]))
            records.append(
                record(id_, night, revision=revisions[id_], change=change,
                       published_at=draw(WHEN), sections=draw(SECTIONS))
            )  # fmt: skip
        notes = draw(st.none() | st.lists(notes_of(night), max_size=12))
        made.append((records, notes, draw(st.booleans())))
    return made


@settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(made=runs())
def test_any_runs_folded_one_by_one_give_what_folding_them_again_gives(postgres, made):
    output = Path(tempfile.mkdtemp())
    states = [open_state(default_url(output)), open_state(shared_database(postgres))]
    try:
        for state in states:
            with state.learning() as writer:
                writer.clear()
        for night, (records, notes, complete) in enumerate(made):
            write_run(output, night, records, notes, complete=complete)
            for state in states:
                assert catch_up(state, output) == [RUNS[night]]
        grown = dump(states[0])
        for state in states:
            assert dump(state) == grown
            assert rebuild(state, output) == len(made)
            assert dump(state) == grown
        ids = ["1", "2", "3", "4"]
        for known in states[0].known(ids).values():
            assert published_line(output, known)["revision"] == known.revision
    finally:
        for state in states:
            state.close()
        shutil.rmtree(output)


_SHARED: dict[int, str] = {}


def shared_database(server):
    """One for all examples: making one takes longer than a test of it."""
    if id(server) not in _SHARED:
        _SHARED[id(server)] = server.database()
    return _SHARED[id(server)]
