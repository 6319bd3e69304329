"""Two read servers follow the home server: what is published arrives, through crashes too, and nothing else does."""

from __future__ import annotations

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connections

from quotes.curation import withdraw
from quotes.models import Quote
from quotes.publication.changes import last_change
from tests.api.asking import ask, published
from tests.factories import make_article, make_quote, make_snapshot
from tests.postgres.servers import wait_until
from tests.replication.servers import HOME, NORTH, SOUTH, Servers, leading, manage, run, status_of, wait_for


def unattributed(words: str) -> Quote:
    return published(words, speaker=None, source_type="unnamed", source_label="a lamplighter")


@pytest.mark.parametrize("name", [NORTH, SOUTH])
def test_what_is_published_and_withdrawn_shows_on_each(following: Servers, name: str) -> None:
    quote = unattributed(f"The lanterns of {name} watch everyone.")
    wait_for(name)
    with leading({"publication": following.readers_of(name)}):
        assert ask(path=f"quotes/{quote.uid}/")["text"] == f"The lanterns of {name} watch everyone."
        assert [one["uid"] for one in ask(f"q=lanterns {name}")["results"]] == [str(quote.uid)]
        withdraw(quotes=[quote], reason="A test.", actor=None)
        wait_for(name)
        assert status_of(f"/api/v1/quotes/{quote.uid}/") == 410
        assert ask(f"q=lanterns {name}&count=1")["count"] == 0


def test_a_killed_read_server_catches_up_by_itself(following: Servers) -> None:
    following.kill(NORTH)
    quotes = [unattributed(f"The harbour lamp {number} is out.") for number in range(5)]
    wait_for(SOUTH)
    with pytest.raises(CommandError, match=r"wrong with north\."):
        manage("status")
    following.start(NORTH)
    connections["read_server_north"].close()
    wait_for(NORTH)
    with leading({"publication": following.readers_of(NORTH)}):
        assert [status_of(f"/api/v1/quotes/{quote.uid}/") for quote in quotes] == [200] * 5
    tables = "SELECT count(*), sum(quotes) FROM publication_total"
    assert run(NORTH, tables) == run(SOUTH, tables) == run(HOME, tables)
    wait_until(lambda: "north: following" in status(), seconds=20)
    assert "0.0 s behind" in status()


def status() -> str:
    """What the command says, or with what error it ends."""
    try:
        return manage("status")
    except CommandError as error:
        return str(error)


def test_readers_go_on_when_one_of_two_servers_dies(reader: Servers) -> None:
    quote = unattributed("The tide is late.")
    wait_for(NORTH, SOUTH)
    address = f"/api/v1/quotes/{quote.uid}/"
    asked = {ask(path=f"quotes/{quote.uid}/") and server() for _ in range(30) if not connections["publication"].close()}
    assert len(asked) == 2, "each is asked now and then"
    reader.kill(SOUTH)
    for _ in range(20):
        connections["publication"].close()
        assert status_of(address) == status_of("/quotes/") == status_of("/readyz/public") == 200
    reader.start(SOUTH)
    connections["read_server_south"].close()
    wait_for(SOUTH)


def server() -> str:
    """The socket of the server that answers readers just now."""
    return str(connections["publication"].connection.info.host)


def test_an_open_connection_to_a_killed_server_is_replaced_by_the_next_request(reader: Servers) -> None:
    quote = unattributed("The ferry waits.")
    wait_for(NORTH, SOUTH)
    assert status_of(f"/api/v1/quotes/{quote.uid}/") == 200
    name = next(name for name in (NORTH, SOUTH) if reader.sockets[name] == server())
    reader.kill(name)
    wait_until(lambda: is_gone(reader, name), seconds=10)
    for _ in range(3):
        assert status_of(f"/api/v1/quotes/{quote.uid}/") == 200
        assert server() != reader.sockets[name]
    reader.start(name)
    connections[f"read_server_{name}"].close()


def is_gone(servers: Servers, name: str) -> bool:
    try:
        psycopg.connect(host=servers.sockets[name], port=5432, user="quotebase", dbname="quotebase").close()
    except psycopg.OperationalError:
        return True
    return False


def test_readers_need_no_home_server(reader: Servers) -> None:
    quote = unattributed("The bell is mute.")
    wait_for(NORTH, SOUTH)
    with leading({"default": {**reader.place(HOME), "HOST": str(reader.folder / "nowhere")}}):
        for address in (f"/api/v1/quotes/{quote.uid}/", "/api/v1/topics/", "/", "/readyz/public"):
            assert status_of(address) == 200, address
        assert status_of("/readyz") == 503


def test_a_mirror_that_another_server_has_told_more_is_asked_to_wait(reader: Servers) -> None:
    unattributed("The pier is closed.")
    wait_for(NORTH, SOUTH)
    ahead = last_change(using="default") + 1
    assert "Ask again shortly" in ask(f"since={ahead}", path="changes/", status=503)["detail"]


def test_a_drafts_words_are_on_no_read_servers_disk(following: Servers) -> None:
    secret, public = "Quillwort unspoken harbour", "Quillwort spoken harbour"
    article = make_article(title="Quillwort unspoken harbour, the title")
    make_snapshot(article, f"{secret}, says the whole article.")
    make_quote(f"{secret}.", article=article, source_label=f"{secret}, a label")
    unattributed(f"{public}.")
    wait_for(NORTH, SOUTH)
    for name in (HOME, NORTH, SOUTH):
        run(name, "CHECKPOINT")
    holders = {
        words: {name for name in (HOME, NORTH, SOUTH) if is_on_disk(following, name, words)}
        for words in (secret, public)
    }
    assert holders == {secret: {HOME}, public: {HOME, NORTH, SOUTH}}


def is_on_disk(servers: Servers, name: str, words: str) -> bool:
    """Whether any file of the server holds the words, its log of changes included."""
    files = (path for path in (servers.folder / name).rglob("*") if path.is_file())
    return any(words.encode() in path.read_bytes() for path in files)


def test_readers_can_read_what_is_public_and_nothing_else(following: Servers) -> None:
    tables = run(
        NORTH, "SELECT relname FROM pg_class WHERE relkind IN ('r', 'S', 'v') AND relnamespace = 'public'::regnamespace"
    )
    assert {table for (table,) in tables} == {
        "django_migrations",
        "django_migrations_id_seq",
        "publication_publishedcoding",
        "publication_publishedentity",
        "publication_publishedquote",
        "publication_publishedredirect",
        "publication_removal",
        "publication_removal_id_seq",
        "publication_tombstone",
        "publication_total",
    }
    assert run(NORTH, "SELECT count(*) FROM pg_trigger") == [(0,)]
    place = following.readers_of(NORTH)
    where = {"host": place["HOST"], "port": 5432, "user": place["USER"], "dbname": "quotebase", "autocommit": True}
    with psycopg.connect(**where) as connection:
        assert connection.execute("SELECT count(*) >= 0 FROM publication_publishedquote").fetchone() == (True,)
        for refused in ("SELECT 1 FROM django_migrations", "DELETE FROM publication_total", "CREATE TABLE mine ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
