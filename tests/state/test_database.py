"""A database that is away, full, locked, newer, older or none at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import Column, MetaData, Table, Text, create_engine, inspect, text

from crawler.state import StateError, StateUrlError, database, default_url, migrations, open_state
from crawler.state.tables import metadata
from tests.state.samples import known, manifest
from tests.support.harness import ROOT
from tests.support.services import PASSWORD


def engine(url):
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def put_one(state, id_="1"):
    with state.learning() as writer:
        writer.put([known(id_)])


# --- the address ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("output/state.db", "STATE_URL=output/state.db: no database of ours; allowed: sqlite:///"),
        ("", "STATE_URL=: no database of ours"),
        ("sqlite://", "STATE_URL=sqlite://: no database"),
        ("sqlite:///:memory:", "STATE_URL=sqlite:///:memory:: no database"),
        ("mysql://me:secret@host/db", "STATE_URL=mysql://me:***@host/db: no database of ours"),
        ("oracle://me:secret@host/db", "STATE_URL=oracle://me:***@host/db: no database of ours"),
        ("postgresql+psycopg2://me:secret@h/db", "STATE_URL=postgresql+psycopg2://me:***@h/db"),
        ("postgresql://me:sec@ret@host:port/db", "STATE_URL=postgresql://me:***@host:port/db"),
        ("postgresql://me:sec/ret@host:x/db", "STATE_URL=postgresql://me:***@host:x/db"),
        ("nosuch://me:secret@host/db", "STATE_URL=nosuch://me:***@host/db"),
    ],
)
def test_a_wrong_address_is_refused_in_one_line_without_its_password(url, shown):
    with pytest.raises(StateUrlError) as raised:
        open_state(url)
    assert str(raised.value).startswith(shown)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_driver_that_is_not_here_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StateUrlError, match=r"me:\*\*\*@host.* pip install psycopg\[binary\]"):
        open_state("postgresql://me:secret@host/db")


def test_the_room_costs_nothing_before_it_is_opened():
    code = "import sys, crawler.state; print('sqlalchemy' in sys.modules)"
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- tables -----------------------------------------------------------------------------------


def described(connection):
    """Columns, keys and indexes of every table."""
    look = inspect(connection)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)],
            look.get_pk_constraint(table)["constrained_columns"],
            sorted((index["name"], index["column_names"]) for index in look.get_indexes(table)),
        )
        for table in look.get_table_names()
    }


def first_version(state_url):
    """The tables of 0.1.0 in an empty database, without a row."""
    script = (ROOT / "tests/feeds/older/0.1.0/state.sql").read_text("utf-8")
    there = engine(state_url)
    text = 'TEXT COLLATE "C"' if there.dialect.name == "postgresql" else "TEXT"
    with there.begin() as connection:
        for statement in script.split(";\n"):
            if statement.lstrip().startswith("CREATE"):
                connection.exec_driver_sql(statement.replace("TEXT", text))
            elif 'INSERT INTO "migration"' in statement:
                connection.exec_driver_sql(statement)
    return there


def test_the_migrations_make_the_tables_of_a_new_database(state_url):
    open_state(state_url).close()
    there = engine(state_url)
    with there.begin() as connection:
        new = described(connection)
        metadata.drop_all(connection)
    there.dispose()
    there = first_version(state_url)
    open_state(state_url).close()
    with there.connect() as connection:
        upgraded = described(connection)
    there.dispose()
    assert upgraded.keys() == new.keys()
    for table in new:
        assert sorted(upgraded[table][0]) == sorted(new[table][0])
        assert upgraded[table][1:] == new[table][1:]


def test_an_older_database_is_upgraded_and_keeps_what_it_knows(state_url):
    there = first_version(state_url)
    row = {key: value for key, value in known("1")._asdict().items() if value is not None}
    columns, values = ", ".join(row), ", ".join(f":{key}" for key in row)
    with there.begin() as connection:
        connection.execute(text(f"INSERT INTO article ({columns}) VALUES ({values})"), row)  # noqa: S608
    there.dispose()
    state = open_state(state_url)
    assert state.find("1") == known("1", rules="cc")  # as a rebuilt one has them
    assert list(state.given_up()) == []
    assert state.mark("edu") is None
    state.close()


def test_what_was_written_before_the_first_version_is_refused(state_url):
    there = first_version(state_url)
    with there.begin() as connection:
        connection.execute(text("DELETE FROM migration WHERE name = 'm008_claims'"))
    there.dispose()
    with pytest.raises(StateError, match=r"before version 0\.1\.0; scrapy feed rebuild-state"):
        open_state(state_url)


def test_a_newer_database_is_refused(state_url):
    open_state(state_url).close()
    there = engine(state_url)
    with there.begin() as connection:
        connection.exec_driver_sql("INSERT INTO migration VALUES ('m999_more', 'now')")
    there.dispose()
    with pytest.raises(StateError, match="newer version of the crawler, whose m999_more") as raised:
        open_state(state_url)
    assert PASSWORD not in str(raised.value)


def test_half_a_migration_is_none(state_url, monkeypatch):
    open_state(state_url).close()

    def m005_fails(connection):
        Table("half", MetaData(), Column("id", Text)).create(connection)
        raise ZeroDivisionError

    with monkeypatch.context() as next_version:
        steps = (*migrations.MIGRATIONS, m005_fails)
        next_version.setattr(migrations, "MIGRATIONS", steps)
        with pytest.raises(ZeroDivisionError):
            open_state(state_url)
    there = engine(state_url)
    assert not inspect(there).has_table("half")
    there.dispose()
    open_state(state_url).close()


def test_processes_that_open_a_new_database_at_once_all_get_it(state_url):
    code = f"from crawler.state import open_state; open_state({state_url!r}).close()"
    line = [sys.executable, "-c", code]
    processes = [subprocess.Popen(line, cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]


# --- SQLite -----------------------------------------------------------------------------------


def test_what_is_committed_outlives_a_power_cut(tmp_path):
    state = open_state(default_url(tmp_path))
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2)):
        with state.learning() as writer:
            assert writer._connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    state.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "state.db").write_text("not a database, but long enough to be asked for one" * 9)
    with pytest.raises(StateError, match=r"state\.db: file is not a database$"):
        open_state(default_url(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match=r"/file/output: Not a directory$"):
        open_state(default_url(tmp_path / "file" / "output"))


@pytest.mark.parametrize("room", [0, 200_000])
def test_a_full_disk_is_an_error_and_the_state_stays_as_it_was(tmp_path, room):
    state = open_state(default_url(tmp_path))
    put_one(state)
    state.close()
    code = f"""
import resource, sys
from pathlib import Path
from crawler.state import StateError, default_url, open_state
from tests.state.samples import known
state = open_state(default_url(Path({str(tmp_path)!r})))
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
try:
    with state.learning() as learner:
        learner.put(known(str(number)) for number in range(100_000))
except StateError as error:
    print(error)
"""
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "state.db: " in done.stdout
    assert "full" in done.stdout or "I/O error" in done.stdout
    state = open_state(default_url(tmp_path))
    assert state.find("1") == known("1")
    assert state.find("2") is None
    put_one(state, "2")
    state.close()


# --- another that writes ----------------------------------------------------------------------


def test_a_transaction_waits_for_another_and_not_for_ever(state_url, monkeypatch):
    monkeypatch.setattr(database, "_LOCK_SECONDS", 1)
    one, other = open_state(state_url), open_state(state_url)
    with one.learning() as writer:
        writer.put([known("1")])
        begin = time.monotonic()
        with pytest.raises(StateError, match=r"locked|lock timeout"), other.learning():
            pytest.fail("two write at once")
        assert time.monotonic() - begin > 0.9
        assert other.find("1") is None
    put_one(other, "2")
    assert one.find("2")
    one.close()
    other.close()


# --- PostgreSQL that goes away ----------------------------------------------------------------


@pytest.fixture
def away(postgres):
    """The server, which runs again at the end."""
    stopped = []

    def stop():
        postgres.stop()
        stopped.append(True)

    yield stop
    if stopped:
        postgres.start()


def test_a_lookup_outlasts_a_database_that_comes_back(postgres):
    state = open_state(postgres.database())
    put_one(state)
    postgres.stop()
    begun = threading.Event()
    back = threading.Timer(1.5, lambda: (begun.set(), postgres.start()))
    back.start()
    assert not begun.is_set()
    assert state.find("1") == known("1")
    assert begun.is_set()
    back.join()
    put_one(state, "2")
    assert state.find("2")
    state.close()


def test_a_transaction_begins_anew_after_the_database_came_back(postgres):
    state = open_state(postgres.database())
    put_one(state)
    postgres.stop()
    postgres.start()
    put_one(state, "2")
    assert set(state.known(["1", "2"])) == {"1", "2"}
    state.close()


def test_a_database_that_stays_away_is_an_error_after_some_seconds(postgres, away):
    url = postgres.database()
    state = open_state(url, patience=1)
    away()
    begin = time.monotonic()
    with pytest.raises(StateError, match=r"^state postgresql.*(refused|closed|terminat)") as raised:
        state.find("1")
    assert time.monotonic() - begin > 0.9
    assert PASSWORD not in str(raised.value)
    assert "\n" not in str(raised.value)
    with pytest.raises(StateError), state.learning():
        pytest.fail("nobody is there to learn")
    with pytest.raises(StateError):
        open_state(url, patience=0)
    state.close()


def test_a_database_that_dies_in_a_transaction_leaves_nothing_of_it(postgres):
    state = open_state(postgres.database())

    def dies():
        with state.learning() as writer:
            writer.put([known("1")])
            writer.put_run(manifest(0))
            postgres.stop()
            postgres.start()
            writer.put([known("2")])

    with pytest.raises(StateError, match=r"^state postgresql[^\n]*$"):
        dies()
    assert state.known(["1", "2"]) == {}
    assert state.run_ids() == set()
    state.close()


def test_a_wrong_password_is_not_shown(postgres):
    url = postgres.database().replace(PASSWORD, "wr0ng")
    with pytest.raises(StateError, match=r"crawler:\*\*\*@127\.0\.0\.1.*authentication") as raised:
        open_state(url, patience=0)
    assert "wr0ng" not in str(raised.value)


def test_a_killed_writer_leaves_a_state_that_opens(tmp_path):
    code = f"""
import os
from pathlib import Path
from crawler.state import default_url, open_state
from tests.state.samples import known
state = open_state(default_url(Path({str(tmp_path)!r})))
with state.learning() as learner:
    learner.put([known("1")])
with state.learning() as learner:
    learner.put(known(str(number)) for number in range(20_000))
    os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == -9
    state = open_state(default_url(tmp_path))
    assert state.find("1")
    assert state.find("2") is None
    state.close()
    with sqlite3.connect(tmp_path / "state.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
