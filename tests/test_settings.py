"""Settings come from the environment, and what is missing or half said stops the start with its name."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from quotebase import environment

COMPLETE = {
    "QUOTEBASE_MODE": "production",
    "QUOTEBASE_SECRET_KEY": secrets.token_urlsafe(50),
    "QUOTEBASE_ALLOWED_HOSTS": "quotes.example",
    "DATABASE_URL": "postgresql://reader@db.example/quotes",
    "QUOTEBASE_CACHE_URL": "redis://cache.example",
}
OURS = ("QUOTEBASE_", "DATABASE_", "PUBLICATION_", "DJANGO_")


def run(arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, as settings are read once in each, with nothing of ours in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=kept | variables, capture_output=True, text=True)


def read_settings(**variables: str) -> subprocess.CompletedProcess[str]:
    return run(["-c", "import quotebase.settings"], variables)


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in COMPLETE.items() if key != name}


def assert_refused(result: subprocess.CompletedProcess[str], message: str) -> None:
    assert result.returncode == 1
    assert f"ImproperlyConfigured: {message}" in result.stderr


@pytest.mark.parametrize(
    "name", ["QUOTEBASE_SECRET_KEY", "QUOTEBASE_ALLOWED_HOSTS", "DATABASE_URL", "QUOTEBASE_CACHE_URL"]
)
def test_production_refuses_to_start_without(name: str) -> None:
    assert_refused(read_settings(**without(name)), f"{name} (or {name}_FILE) must be set in production")


def test_production_is_what_silence_means_to_wsgi() -> None:
    result = run(["-c", "import quotebase.wsgi"], {})
    assert_refused(result, "QUOTEBASE_SECRET_KEY (or QUOTEBASE_SECRET_KEY_FILE) must be set in production")


def test_a_developers_machine_needs_nothing(tmp_path: Path) -> None:
    result = run(["manage.py", "check"], {"QUOTEBASE_LOCAL_FOLDER": str(tmp_path)})
    assert result.returncode == 0, result.stderr
    # Neither help nor checks start the database.
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_deployment_checks_have_nothing_to_say() -> None:
    result = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], COMPLETE)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    assert "no issues (0 silenced)" in result.stdout


def test_a_password_that_breaks_the_address_is_not_shown() -> None:
    result = read_settings(**COMPLETE | {"DATABASE_URL": "postgresql://reader:hush/hush#2@db.example/quotes"})
    assert_refused(result, "DATABASE_URL: not an address; percent-encode what is special in a user or password.")
    assert "hush" not in result.stderr


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """For what needs no process of its own: an environment without anything of ours."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    return monkeypatch


def test_an_unknown_mode_is_an_error(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("QUOTEBASE_MODE", "staging")
    with pytest.raises(
        ImproperlyConfigured, match=r"^QUOTEBASE_MODE: 'staging' is neither 'local' nor 'production'\.$"
    ):
        environment.read_mode()


def test_a_switch_is_on_or_off(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("QUOTEBASE_DEBUG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"^QUOTEBASE_DEBUG: 'perhaps' is neither on nor off"):
        environment.read_switch("QUOTEBASE_DEBUG", default=False)


def test_a_value_can_be_read_from_a_file(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    variables.setenv("QUOTEBASE_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment.read("QUOTEBASE_SECRET_KEY") == "from a file"


def test_a_value_and_its_file_together_are_an_error(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    variables.setenv("QUOTEBASE_SECRET_KEY", "key")
    variables.setenv("QUOTEBASE_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match=r"^Set QUOTEBASE_SECRET_KEY or QUOTEBASE_SECRET_KEY_FILE, not both"):
        environment.read("QUOTEBASE_SECRET_KEY")


def test_a_secret_file_that_cannot_be_read_is_an_error(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    variables.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_PASSWORD_FILE: cannot read '.*none': No such file"):
        environment.read("DATABASE_PASSWORD")


def test_the_databases_password_can_stand_apart_from_its_address(variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p@ss/word#1\n")
    variables.setenv("DATABASE_URL", "postgresql://reader@db.example/quotes")
    variables.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    config = environment.read_database("DATABASE")
    assert [config[name] for name in ("USER", "PASSWORD", "HOST", "NAME")] == [
        "reader",
        "p@ss/word#1",
        "db.example",
        "quotes",
    ]


def test_two_passwords_for_the_database_are_an_error(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("DATABASE_URL", "postgresql://reader:one@db.example/quotes")
    variables.setenv("DATABASE_PASSWORD", "two")
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_PASSWORD: DATABASE_URL holds a password already"):
        environment.read_database("DATABASE")


@pytest.mark.parametrize("url", ["sqlite:///quotes.db", "quotes", "mysql://reader@db.example/quotes"])
def test_another_database_than_postgresql_is_an_error(variables: pytest.MonkeyPatch, url: str) -> None:
    variables.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL: "):
        environment.read_database("DATABASE")


@pytest.mark.parametrize(
    ("value", "rate"), [("600/min", (600, 60)), ("10/s", (10, 1)), ("5000/h", (5_000, 3_600)), ("off", None)]
)
def test_a_rate_is_so_many_in_so_long(monkeypatch: pytest.MonkeyPatch, value: str, rate: Any) -> None:
    monkeypatch.setenv("QUOTEBASE_RATE_TOKEN", value)
    assert environment.read_rate("QUOTEBASE_RATE_TOKEN", default="1/s") == rate


@pytest.mark.parametrize("value", ["600", "600/day", "many/min", "0/min", "-1/s", "1.5/s", "/", "1/min/s"])
def test_what_is_no_rate_is_refused_by_name_and_value(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("QUOTEBASE_RATE_TOKEN", value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(f"QUOTEBASE_RATE_TOKEN: '{value}'")):
        environment.read_rate("QUOTEBASE_RATE_TOKEN", default="1/s")


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://public@north.example,south.example/quotes", "north.example,south.example", ""),
        (
            "postgresql://public:a%2Cb@north.example:5433,south.example:5434/quotes",
            "north.example,south.example",
            "5433,5434",
        ),
        ("postgresql://public@%2Frun%2FNorth,%2Frun%2FSouth/quotes?sslmode=disable", "/run/North,/run/South", ""),
    ],
)
def test_an_address_may_name_several_hosts(variables: pytest.MonkeyPatch, url: str, host: str, port: str) -> None:
    variables.setenv("PUBLICATION_DATABASE_URL", url)
    config = environment.read_database("PUBLICATION_DATABASE")
    assert (config["HOST"], config["PORT"], config["NAME"], config["USER"]) == (host, port, "quotes", "public")
    assert environment.has_several_hosts(config)


@pytest.mark.parametrize("url", ["postgresql://a,b:port/quotes", "postgresql://a:1,b:2,c:3:4/q"])
def test_several_hosts_are_no_excuse_for_a_broken_address(variables: pytest.MonkeyPatch, url: str) -> None:
    variables.setenv("PUBLICATION_DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"^PUBLICATION_DATABASE_URL: not an address"):
        environment.read_database("PUBLICATION_DATABASE")


def test_a_password_with_a_comma_is_not_taken_for_hosts(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("DATABASE_URL", "postgresql://reader:a,b@db.example/quotes")
    config = environment.read_database("DATABASE")
    assert (config["HOST"], config["PASSWORD"]) == ("db.example", "a,b")
    assert not environment.has_several_hosts(config)


def test_read_servers_are_named_with_their_owners_addresses(variables: pytest.MonkeyPatch) -> None:
    variables.setenv(
        "SERVERS", "north=postgresql://owner:p@north.example/q\nsouth=postgresql://owner@south.example/q\n"
    )
    servers = environment.read_servers("SERVERS")
    assert {name: config["HOST"] for name, config in servers.items()} == {
        "north": "north.example",
        "south": "south.example",
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("postgresql://owner:hush@north.example/q", "not a list of name="),
        ("North=postgresql://owner:hush@north.example/q", "not a list of name="),
        ("north=postgresql://a/q north=postgresql://b/q", "north is there twice"),
        ("north=mysql://owner:hush@north.example/q", "SERVERS, north: quotebase needs PostgreSQL"),
    ],
)
def test_a_broken_list_of_read_servers_is_refused(variables: pytest.MonkeyPatch, value: str, message: str) -> None:
    variables.setenv("SERVERS", value)
    with pytest.raises(ImproperlyConfigured, match=message) as refusal:
        environment.read_servers("SERVERS")
    assert "hush" not in str(refusal.value)


def test_of_several_hosts_any_is_asked_and_a_silent_one_is_given_up_within_seconds() -> None:
    script = (
        "from django.conf import settings as s; d = s.DATABASES; "
        "print(*[d[a]['OPTIONS'].get('load_balance_hosts') for a in ('default', 'publication', 'exports')], "
        "d['exports']['OPTIONS']['connect_timeout'], s.PUBLICATION_IS_COPY)"
    )
    several = {"PUBLICATION_DATABASE_URL": "postgresql://public@one.example,two.example/quotes?connect_timeout=9"}
    result = run(["-c", script], {**COMPLETE, **several, "DJANGO_SETTINGS_MODULE": "quotebase.settings"})
    assert result.stdout.split() == ["None", "random", "random", "9", "True"], result.stderr


def test_another_role_on_the_same_server_is_no_copy() -> None:
    script = "from django.conf import settings as s; print(s.PUBLICATION_IS_COPY)"
    same = {"PUBLICATION_DATABASE_URL": "postgresql://public@db.example/quotes"}
    assert run(["-c", script], {**COMPLETE, **same, "DJANGO_SETTINGS_MODULE": "quotebase.settings"}).stdout == "False\n"


def test_the_public_may_read_from_another_server() -> None:
    script = "from django.conf import settings as s; print(s.DATABASES['publication']['HOST'], s.DATABASES['exports']['HOST'])"
    there = {"PUBLICATION_DATABASE_URL": "postgresql://public@copy.example/quotes"}
    assert run(
        ["-c", script], {**COMPLETE, **there, "DJANGO_SETTINGS_MODULE": "quotebase.settings"}
    ).stdout.split() == [
        "copy.example",
        "copy.example",
    ]
