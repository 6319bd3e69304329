"""Read servers added, watched, copied anew and removed; and what is refused, with what to do instead."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connections

from quotes.replication import copies, home, watching
from tests.postgres.servers import PROJECT as BASE_DIR
from tests.postgres.servers import wait_until
from tests.replication.servers import HOME, NORTH, SOUTH, Servers, leading, manage, run, wait_for
from tests.replication.test_following import unattributed

SUBSCRIPTIONS = "SELECT subname FROM pg_subscription"
SLOTS = "SELECT slot_name FROM pg_replication_slots ORDER BY 1"


def test_one_is_removed_and_added_again(following: Servers) -> None:
    manage("remove", SOUTH)
    assert run(SOUTH, SUBSCRIPTIONS) == []
    assert run(SOUTH, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
    assert run(HOME, SLOTS) == [("quotebase_read_north",)]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        enter_as_reader(following)
    quote = unattributed("The quay is empty.")
    wait_for(NORTH)
    with pytest.raises(CommandError, match="south"):
        manage("status")
    assert "south follows" in manage("add", SOUTH)
    enter_as_reader(following)
    assert run(SOUTH, f"SELECT 1 FROM publication_publishedquote WHERE uid = '{quote.uid}'")
    assert run(SOUTH, SLOTS) == []
    assert run(HOME, SLOTS) == [("quotebase_read_north",), ("quotebase_read_south",)]


def enter_as_reader(servers: Servers) -> None:
    place = servers.readers_of(SOUTH)
    psycopg.connect(host=place["HOST"], port=5432, user=place["USER"], dbname="quotebase").close()


def test_adding_again_what_follows_already_changes_nothing(following: Servers) -> None:
    said = manage("add", NORTH)
    assert "north follows" in said and "max_slot_wal_keep_size is -1" in said
    assert run(NORTH, SUBSCRIPTIONS) == [("quotebase_read_north",)]


def test_one_whose_log_was_given_up_is_copied_anew(following: Servers) -> None:
    run(SOUTH, "ALTER SUBSCRIPTION quotebase_read_south DISABLE")
    run(HOME, "ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'")
    run(HOME, "SELECT pg_reload_conf()")
    wait_until(lambda: run(HOME, "SHOW max_slot_wal_keep_size") == [("16MB",)], seconds=10)
    quote = unattributed("The gate is shut.")
    wait_until(
        lambda: run(HOME, "SELECT active FROM pg_replication_slots WHERE slot_name LIKE '%south'") == [(False,)],
        seconds=10,
    )
    for _ in range(4):
        run(HOME, "SELECT pg_logical_emit_message(false, 'filler', 'x'), pg_switch_wal()")
    wait_until(needs_little_log_of_home, seconds=20)
    run(HOME, "CHECKPOINT")
    with pytest.raises(CommandError, match=r"wrong with south\."):
        manage("status")
    assert any("`read_server resync south`" in line for line in problems(SOUTH))
    assert "south follows" in manage("resync", SOUTH)
    assert run(SOUTH, f"SELECT 1 FROM publication_publishedquote WHERE uid = '{quote.uid}'")
    assert problems(SOUTH) == []
    run(HOME, "ALTER SYSTEM RESET max_slot_wal_keep_size")
    run(HOME, "SELECT pg_reload_conf()")


def needs_little_log_of_home() -> bool:
    """Whether north would go on after a restart from here. A slot moves on with the next account of what is running."""
    run(HOME, "SELECT pg_log_standby_snapshot()")
    kept = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) < 1000000 FROM pg_replication_slots"
    return run(HOME, f"{kept} WHERE slot_name = 'quotebase_read_north'") == [(True,)]


def problems(name: str) -> list[str]:
    [found] = [found for found in watching.report(max_lag=60) if found.name == name]
    return found.problems


def test_one_that_lags_is_named_and_its_seconds_are_those_of_the_oldest_missing_change(following: Servers) -> None:
    run(SOUTH, "ALTER SUBSCRIPTION quotebase_read_south DISABLE")
    quote = unattributed("The crane is still.")
    run(
        HOME,
        f"UPDATE publication_publishedquote SET modified = now() - interval '100 seconds' WHERE uid = '{quote.uid}'",
    )
    run(HOME, "UPDATE publication_publishedentity SET modified = now() - interval '100 seconds'")
    wait_for(NORTH)
    south = next(found for found in watching.report(max_lag=60) if found.name == SOUTH)
    assert south.seconds is not None and 100 <= south.seconds < 200
    assert south.change is not None and south.change < south.home_change
    assert "more than 60 s behind" in south.problems
    assert "more than 300 s behind" not in next(f for f in watching.report(max_lag=300) if f.name == SOUTH).problems
    run(SOUTH, "ALTER SUBSCRIPTION quotebase_read_south ENABLE")
    wait_for(SOUTH)


def test_of_a_dead_one_the_slot_is_dropped_at_home_alone(following: Servers) -> None:
    nowhere = {**following.place(SOUTH), "HOST": str(following.folder / "nowhere")}
    with leading({"read_server_south": nowhere}):
        with pytest.raises(CommandError, match=r"south cannot be reached .* --dead"):
            manage("remove", SOUTH)
        assert len(run(HOME, SLOTS)) == 2
        manage("remove", SOUTH, "--dead")
        assert run(HOME, SLOTS) == [("quotebase_read_north",)]
        with pytest.raises(CommandError, match="There is no slot for 'south'"):
            manage("remove", SOUTH, "--dead")
    # It has come back: its own side is put away as that of any other.
    manage("remove", SOUTH)
    manage("add", SOUTH)


def test_read_servers_may_come_to_home_as_a_role_that_can_read_what_is_public_only(
    following: Servers, settings: Any
) -> None:
    settings.REPLICATION_CONNINFO = f"host={following.sockets[HOME]} dbname=quotebase user=courier"
    manage("remove", SOUTH)
    with pytest.raises(CommandError, match="role courier, which the home server does not have"):
        manage("add", SOUTH)
    run(HOME, "CREATE ROLE courier LOGIN")
    with pytest.raises(CommandError, match="ALTER ROLE courier LOGIN REPLICATION"):
        manage("add", SOUTH)
    run(HOME, "ALTER ROLE courier REPLICATION")
    assert "south follows" in manage("add", SOUTH)
    assert run(HOME, "SELECT has_table_privilege('courier', 'quotes_quote', 'SELECT')") == [(False,)]
    assert run(HOME, "SELECT usename FROM pg_stat_replication WHERE application_name = 'quotebase_read_south'") == [
        ("courier",)
    ]


def test_the_command_finds_its_servers_in_the_environment_and_ends_with_1_when_something_is_wrong(
    following: Servers,
) -> None:
    def url(name: str) -> str:
        return f"postgresql://quotebase@/quotebase?host={following.sockets[name]}&port=5432"

    def status(**addresses: str) -> subprocess.CompletedProcess[str]:
        servers = "\n".join(f"{name}={address}" for name, address in addresses.items())
        environment = os.environ | {"DATABASE_URL": url(HOME), "QUOTEBASE_READ_SERVERS": servers}
        command = [sys.executable, "manage.py", "read_server", "status"]
        return subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)

    wait_for(NORTH, SOUTH)
    right = status(north=url(NORTH), south=url(SOUTH))
    assert (right.returncode, right.stderr) == (0, "")
    assert [line.partition(",")[0] for line in right.stdout.splitlines()] == ["north: following", "south: following"]
    wrong = status(north=url(NORTH), south="postgresql://quotebase:hush@127.0.0.1:1/quotebase")
    assert (wrong.returncode, wrong.stderr) == (1, "CommandError: Something is wrong with south.\n")
    assert "south: unreachable" in wrong.stdout and "hush" not in wrong.stdout


def test_an_unknown_name_is_refused_with_those_that_are_known(following: Servers) -> None:
    with pytest.raises(CommandError, match="no address for 'west': QUOTEBASE_READ_SERVERS names north, south"):
        manage("add", "west")


@pytest.fixture
def other_database(following: Servers, settings: Any) -> Iterator[Any]:
    """Another database of one of the servers, as the read server `west`."""
    settings.READ_SERVERS = {**settings.READ_SERVERS, "west": "read_server_west"}
    made: list[tuple[str, str]] = []

    def make(name: str, how: str) -> Any:
        run(name, f"CREATE DATABASE west {how}")
        made.append((name, "west"))
        return leading({"read_server_west": following.place(name, database="west")})

    yield make
    for name, _ in made:
        run(name, "DROP DATABASE west WITH (FORCE)")


@pytest.mark.parametrize(
    ("server", "how", "message"),
    [
        (HOME, "", "west is the home server itself"),
        (
            NORTH,
            "TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'",
            "has UTF8, libc C; the home server has UTF8, builtin C.UTF-8",
        ),
    ],
)
def test_an_unfit_server_is_refused(other_database: Any, server: str, how: str, message: str) -> None:
    with other_database(server, how), pytest.raises(CommandError, match=message):
        manage("add", "west")


def test_a_database_that_is_not_empty_is_refused_and_left_alone(other_database: Any) -> None:
    with other_database(NORTH, ""):
        with connections["read_server_west"].cursor() as cursor:
            cursor.execute("CREATE TABLE letters (words text)")
        with pytest.raises(CommandError, match=r"west is not empty: it holds public\.letters"):
            manage("add", "west")
        assert copies.Copy("west").run("SELECT count(*) FROM letters") == [(0,)]


@pytest.mark.django_db
def test_a_home_server_without_wal_level_logical_is_told_what_to_set() -> None:
    """The tests' own server is none that could be followed."""
    if home.run("SHOW wal_level") == [("logical",)]:
        pytest.skip("the server in DATABASE_URL can be followed")
    with pytest.raises(home.ReplicationError, match=r"wal_level = replica; .* ALTER SYSTEM SET wal_level = 'logical'"):
        home.must_be_followable()
