"""Reads settings from the environment or from secret files, and refuses what is missing or half said.

`NAME` may be given as itself or as `NAME_FILE`, the path of a file that holds it (Docker and systemd secrets).
"""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import dj_database_url
import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict, make_conninfo


def read(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `name`_FILE names, stripped; else `default`.

    Raises ImproperlyConfigured when both are set, or when the file cannot be read.
    """
    path = os.environ.get(f"{name}_FILE")
    if path and os.environ.get(name):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    if not path:
        return os.environ.get(name, default).strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: cannot read {path!r}: {error.strerror}.") from error


def read_list(name: str) -> list[str]:
    """The comma-separated value of `name` as a list without empty members."""
    return [part.strip() for part in read(name).split(",") if part.strip()]


def read_switch(name: str, *, default: bool) -> bool:
    """The value of `name` as a boolean: 1/0, true/false, yes/no, on/off."""
    value = read(name, "1" if default else "0").lower()
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ImproperlyConfigured(f"{name}: {value!r} is neither on nor off.")
    return value in {"1", "true", "yes", "on"}


def read_number(name: str, *, default: int) -> int:
    """The value of `name` as a whole number from 0."""
    value = read(name, str(default))
    if not value.isdecimal() or len(value) > 9:
        raise ImproperlyConfigured(f"{name}: {value!r} is not a number.")
    return int(value)


_SECONDS = {"s": 1, "min": 60, "h": 3_600}


def read_rate(name: str, *, default: str) -> tuple[int, int] | None:
    """The value of `name` as (requests, seconds): `600/min`, `10/s`, `5000/h`; None for `off`."""
    value = read(name, default)
    requests, _, unit = value.partition("/")
    if value == "off":
        return None
    if not requests.isdecimal() or len(requests) > 9 or int(requests) == 0 or unit not in _SECONDS:
        raise ImproperlyConfigured(f"{name}: {value!r} is neither off nor a rate such as 600/min (s, min or h).")
    return int(requests), _SECONDS[unit]


def read_mode() -> str:
    """`local` (a developer's machine) or `production`; anything else is an error."""
    mode = read("QUOTEBASE_MODE", "production")
    if mode not in {"local", "production"}:
        raise ImproperlyConfigured(f"QUOTEBASE_MODE: {mode!r} is neither 'local' nor 'production'.")
    return mode


def required(name: str, why: str) -> str:
    """The value of `name`. Raises ImproperlyConfigured, saying `why` it is needed, when it is empty."""
    value = read(name)
    if not value:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set in production: {why}.")
    return value


def read_database(name: str) -> dict[str, Any]:
    """The server that `name`_URL names, as an entry of DATABASES, `name`_PASSWORD merged in; empty where none is named.

    The password stands apart so that it can be a secret file while the rest is plain configuration. Several hosts are
    tried in turn: postgresql://user@one,other:5433/name. Raises ImproperlyConfigured for anything but PostgreSQL, and
    for two passwords.
    """
    address = read(f"{name}_URL")
    if not address:
        return {}
    config = _database_at(address, f"{name}_URL")
    if password := read(f"{name}_PASSWORD"):
        if config["PASSWORD"]:
            refuse(f"{name}_PASSWORD", f"{name}_URL holds a password already")
        config["PASSWORD"] = password
    return config


def _database_at(address: str, name: str) -> dict[str, Any]:
    """The server at an address, as an entry of DATABASES. `name` is the variable that a refusal names."""
    hosts = ""
    try:
        if _SEVERAL_HOSTS.match(address):
            hosts = address
            address = _SEVERAL_HOSTS.sub(r"\1\2", address)
        config = dict(dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True))
        if hosts:
            # Of hosts with ports of their own only libpq can read a list.
            places = conninfo_to_dict(hosts)
            ports = str(places.get("port") or "")
            if any(port and not port.isdecimal() for port in ports.split(",")):
                raise ValueError("a port that is no number")
            config |= {"HOST": places["host"], "PORT": ports if ports.strip(",") else ""}
    except (ValueError, psycopg.Error):
        refuse(name, "not an address; percent-encode what is special in a user or password")
    if config.get("ENGINE") != "django.db.backends.postgresql":
        refuse(name, "quotebase needs PostgreSQL: postgresql://user@host/name")
    return {**config, "ENGINE": "quotebase.database", "OPTIONS": config.get("OPTIONS", {})}


# The address less its hosts, where there are several.
_SEVERAL_HOSTS = re.compile(r"^(postgres(?:ql)?://(?:[^/?#@]*@)?)[^/?#@]*,[^/?#@]*((?:[/?].*)?)$")


def has_several_hosts(config: dict[str, Any]) -> bool:
    """Whether an entry of DATABASES names several hosts, in the address or as its parameter `host`."""
    return "," in f"{config.get('HOST', '')}{config.get('OPTIONS', {}).get('host', '')}"


def place_of(config: dict[str, Any]) -> tuple[Any, ...]:
    """The server and database of an entry of DATABASES, whatever the role."""
    host = config.get("HOST") or config["OPTIONS"].get("host", "")
    return host, config.get("PORT") or "", config["NAME"]


def read_conninfo(name: str) -> str:
    """The address `name`_URL as libpq takes it, `name`_PASSWORD merged in; empty where none is given."""
    address = read(f"{name}_URL")
    if not address:
        return ""
    _database_at(address, f"{name}_URL")
    password = read(f"{name}_PASSWORD")
    return make_conninfo(address, **({"password": password} if password else {}))


def read_servers(name: str) -> dict[str, dict[str, Any]]:
    """The read servers of `name`, by name, as entries of DATABASES: `north=postgresql://owner@north/quotebase`, separated
    by white space, so a line each in a file.
    """
    servers: dict[str, dict[str, Any]] = {}
    for entry in read(name).split():
        server, _, address = entry.partition("=")
        if not _SERVER_NAME.fullmatch(server) or not address:
            refuse(
                name, "not a list of name=postgresql://owner@host/database, with names of a-z, 0-9 and _ (20 at most)"
            )
        if server in servers:
            refuse(name, f"{server} is there twice")
        servers[server] = _database_at(address, f"{name}, {server}")
        servers[server]["OPTIONS"].setdefault("connect_timeout", 5)
    return servers


_SERVER_NAME = re.compile("[a-z0-9_]{1,20}")


def kept_secret(path: Path) -> str:
    """The secret in `path`, made on first use and readable by its owner alone.

    It appears whole or not at all: a process killed midway leaves no empty key, and of two at once one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()


def refuse(name: str, why: str) -> NoReturn:
    """Raise ImproperlyConfigured naming the variable. Its value is left out: it may hold a password."""
    raise ImproperlyConfigured(f"{name}: {why}.") from None
