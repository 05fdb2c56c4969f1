from __future__ import annotations


class StateError(Exception):
    """One line: the database, without its password, and what is wrong with it."""


class StateUrlError(StateError, ValueError):
    """STATE_URL is no address of a database that can be used here."""
