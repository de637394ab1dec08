"""The PostgreSQL databases that other tests rest on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests import postgres, postgres_server


def _value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_a_fresh_database_is_empty_and_writes_through_to_the_disk(postgres_url):
    assert _value(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert _value(postgres_url, "SHOW fsync") == "on"
    assert _value(postgres_url, "SHOW synchronous_commit") == "on"


def test_two_databases_know_nothing_of_each_other(postgres_server):
    with postgres_server.database() as one, postgres_server.database() as other:
        with psycopg.connect(one) as connection:
            connection.execute("CREATE TABLE here (id int)")
        assert _value(other, "SELECT to_regclass('here') IS NULL") is True


def test_text_sorts_as_people_sort_unless_bytes_are_asked_for_or_the_server_knows_no_languages(postgres_server):
    smaller = "SELECT 'a' < 'B'"
    with postgres_server.database() as language:
        assert _value(language, smaller) is postgres_server.knows_languages()
    with postgres_server.database(collation="bytes") as plain:
        assert _value(plain, smaller) is False


def test_a_template_is_built_once_and_copied_whole(postgres_server):
    built = []

    def build(url: str) -> None:
        built.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE filled AS SELECT 7 AS seven")

    for _ in range(2):
        name = postgres_server.template("for_this_test", build)
        with postgres_server.database(template=name) as url:
            assert _value(url, "SELECT seven FROM filled") == 7
    assert len(built) == 1


def test_a_template_that_failed_half_way_is_built_again(postgres_server):
    def fail(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE half (id int)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        postgres_server.template("that_fails_first", fail)
    name = postgres_server.template("that_fails_first", lambda url: None)
    with postgres_server.database(template=name) as url:
        assert _value(url, "SELECT to_regclass('half') IS NULL") is True


def test_users_of_one_directory_share_a_server_that_stops_after_the_last(tmp_path: Path):
    with postgres_server.running(tmp_path) as first:
        with postgres_server.running(tmp_path) as second:
            assert first == second
        assert _value(f"{first}/postgres", "SELECT 1") == 1
    # The next user waits until the server that is shutting down is gone, and gets a new one.
    with postgres_server.running(tmp_path) as third:
        assert _value(f"{third}/postgres", "SELECT 1") == 1


def test_on_a_lent_server_only_the_databases_of_the_session_are_removed(postgres_server, monkeypatch, tmp_path):
    ours = postgres_server.create("duewell_ours")
    monkeypatch.setenv("DUEWELL_TEST_DATABASE_URL", ours)
    with postgres.server(tmp_path) as lent:
        left_over = lent.create().rpartition("/")[2]
    names = f"SELECT count(*) FROM pg_database WHERE datname IN ('duewell_ours', '{left_over}')"
    assert _value(ours, names) == 1
    postgres_server.drop("duewell_ours")
