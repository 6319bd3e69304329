"""How the embedded PostgreSQL starts: once for all who ask, and with an error that says what is wrong."""

from pathlib import Path

from tests.postgres.servers import PRINT_THE_ERROR, WITH_DJANGO, Client, run


def test_the_first_use_creates_a_durable_utf8_cluster_without_tcp(folder: Path) -> None:
    script = """
for name in ("fsync", "server_encoding", "listen_addresses", "TimeZone", "jit", "client_connection_check_interval"):
    print(name, ask(f"SHOW {name}"))
print(ask("SELECT concat_ws(' ', current_user, datname, datlocprovider, datlocale, datcollate) FROM pg_database "
          "WHERE datname = current_database()"))"""
    assert run(script, folder / "a" / "pg").splitlines() == [
        "fsync on",
        "server_encoding UTF8",
        "listen_addresses ",
        "TimeZone UTC",
        "jit off",
        "client_connection_check_interval 500ms",
        "quotebase quotebase b C.UTF-8 C",
    ]
    assert (folder / "a" / "pg").stat().st_mode & 0o777 == 0o700


def test_four_cold_starts_at_once_share_one_server(folder: Path) -> None:
    clients = [
        Client("print(ask('SELECT pg_postmaster_start_time()')); wait_for_the_end_of_input()", folder / "pg")
        for _ in range(4)
    ]
    assert len({client.until_ready().said for client in clients}) == 1
    for client in clients:
        client.finish()


def test_threads_share_one_start(data: Path) -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    print(len(set(pool.map(ask, ["SELECT pg_postmaster_start_time()"] * 8))))"""
    assert run(script, data) == "1"


def test_importing_the_backend_and_asking_for_help_start_nothing(folder: Path) -> None:
    assert "migrate" in run(f"{WITH_DJANGO}\nfrom django.core.management import execute_from_command_line\n\
execute_from_command_line(['manage.py', 'help'])", folder / "pg")  # fmt: skip
    assert not list(folder.iterdir())


def test_an_error_shows_the_end_of_the_servers_log(data: Path) -> None:
    script = PRINT_THE_ERROR.replace(")", ", server_options={'shared_buffers': 'nonsense'})", 1)
    assert 'invalid value for parameter "shared_buffers": "nonsense"' in run(script, data)


def test_data_of_another_major_version_is_refused_naming_both(data: Path) -> None:
    (data / "PG_VERSION").write_text("16\n")
    said = run(PRINT_THE_ERROR, data)
    assert "made by PostgreSQL 16" in said and "holds PostgreSQL 18" in said


def test_a_folder_of_other_things_is_refused_and_left_alone(folder: Path) -> None:
    (folder / "pg").mkdir()
    (folder / "pg" / "letters").write_text("dear")
    said = run(PRINT_THE_ERROR, folder / "pg")
    assert "neither empty nor a data folder" in said
    assert (folder / "pg" / "letters").read_text() == "dear"


def test_django_creates_and_drops_its_test_database(data: Path) -> None:
    script = f"""{WITH_DJANGO}
name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
print(query("SELECT current_database()"))
connection.creation.destroy_test_db("quotebase", verbosity=0)
with connection.cursor() as cursor:
    print(connection.creation._database_exists(cursor, "test_quotebase"))"""
    assert run(script, data) == "test_quotebase\nFalse"


def test_a_dropped_database_is_created_again(data: Path) -> None:
    script = f"""{WITH_DJANGO}
with connection._nodb_cursor() as cursor:
    cursor.execute("DROP DATABASE quotebase")
print(query("SELECT current_database()"))"""
    assert run(script, data) == "quotebase"


def test_dbshell_reaches_the_server(data: Path) -> None:
    script = f"""{WITH_DJANGO}
from django.core.management import call_command
call_command("dbshell", "--", "-Atc", "SELECT current_database()")"""
    assert run(script, data) == "quotebase"
