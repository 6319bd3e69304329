"""docker-compose.yml and the Dockerfile. Docker itself is not needed: the file is held against the specification's schema,
and the commands that it names are run as they stand, on a database of the tests.
"""

import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.db import connection

from quotebase.postgres.server import CLUSTER_OPTIONS
from quotes.publication.models import StaleMark

DATA = Path(__file__).parent / "data"
DOCKERFILE = (settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker")
PATIENCE_SECONDS = 30


def test_the_file_follows_the_compose_specification() -> None:
    schema = json.loads((DATA / "compose-spec.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(COMPOSE)


def test_the_specification_is_not_followed_by_just_anything() -> None:
    schema = json.loads((DATA / "compose-spec.json").read_text(encoding="utf-8"))
    broken = {"services": {"web": {"image": "quotebase", "helthcheck": {}}}}
    with pytest.raises(jsonschema.ValidationError, match="helthcheck"):
        jsonschema.Draft202012Validator(schema).validate(broken)


def test_the_server_is_what_the_embedded_one_is() -> None:
    db = SERVICES["db"]
    assert db["image"] == "postgres:18"
    assert tuple(db["environment"]["POSTGRES_INITDB_ARGS"].split()) == CLUSTER_OPTIONS
    # From version 18 on the image's volume is the folder above the data.
    assert db["volumes"] == ["database:/var/lib/postgresql"]
    assert "database" in COMPOSE["volumes"]


def test_each_part_waits_until_what_it_needs_is_healthy() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == {"db", "web"}
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_secrets_are_files_and_nowhere_in_the_configuration() -> None:
    assert {name: set(secret) for name, secret in COMPOSE["secrets"].items()} == {
        "secret-key": {"file"},
        "database-password": {"file"},
    }
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD", name):
                assert name.endswith("_FILE") and value.startswith("/run/secrets/")
                assert value.rpartition("/")[2] in service["secrets"]
            assert not re.search("//[^/]*:[^/]*@", value), f"{name} holds a password"


def test_the_service_is_reached_through_a_proxy_on_this_machine_alone_and_the_database_not_at_all() -> None:
    assert SERVICES["web"]["ports"] == ["${QUOTEBASE_PUBLISH:-127.0.0.1:8000}:8000"]
    assert all("ports" not in service for name, service in SERVICES.items() if name != "web")


def test_the_containers_of_ours_have_no_rights_to_lose() -> None:
    for service in (SERVICES[name] for name in OURS):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_runs_as_an_ordinary_user_and_holds_what_was_verified() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert re.search(r"pip install [^&]*--require-hashes", DOCKERFILE)
    assert re.search("^ENV QUOTEBASE_MODE=production", DOCKERFILE, re.MULTILINE)


def test_only_what_the_image_needs_is_sent_to_its_builder() -> None:
    lines = (settings.BASE_DIR / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    copied = re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE)
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == sorted(copied)
    assert all((settings.BASE_DIR / path).exists() for path in copied)


def start_command() -> list[str]:
    """What the container of `web` runs: the image's own, unless the service has another."""
    [command] = re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    return SERVICES["web"].get("command") or json.loads(command)


def build_commands() -> list[list[str]]:
    """The `manage.py` commands of the Dockerfile's RUN lines."""
    text = DOCKERFILE.replace("\\\n", "")
    return [shlex.split(command) for command in re.findall(r"python manage\.py [^&\n]*", text)]


@pytest.fixture
def container(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The environment of the service in its container, with the test database for a server."""
    parameters = connection.get_connection_params()
    login = quote(parameters.get("user") or "")
    where = urlencode({name: parameters[name] for name in ("host", "port") if parameters.get(name)})
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "key").write_text(secrets.token_urlsafe(50))
    (tmp_path / "password").write_text(parameters.get("password") or "")
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "QUOTEBASE_MODE": "production",
        "QUOTEBASE_ALLOWED_HOSTS": ".quotes.example",
        "QUOTEBASE_SECRET_KEY_FILE": str(tmp_path / "key"),
        "QUOTEBASE_STATIC_ROOT": str(tmp_path / "static"),
        "DATABASE_URL": f"postgresql://{login}@/{quote(parameters['dbname'])}?{where}",
        "DATABASE_PASSWORD_FILE": str(tmp_path / "password"),
        # Nothing listens there: the service serves all the same, and says so in its log.
        "QUOTEBASE_CACHE_URL": "redis://127.0.0.1:1/0",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The command, ended in the end as Docker ends it: with SIGTERM, upon which it has to end well."""
    program = shutil.which(command[0], path=environment["PATH"])
    assert program, command
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen([program, *command[1:]], cwd=settings.BASE_DIR, env=environment, **output) as process:
        try:
            yield process
            process.terminate()
            said, _ = process.communicate(timeout=PATIENCE_SECONDS)
            assert process.returncode == 0, said
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.1)


def test_the_image_is_built_and_serves(container: dict[str, str]) -> None:
    for command in build_commands():
        assert (result := run(command, container)).returncode == 0, result.stderr
    healthcheck = SERVICES["web"]["healthcheck"]["test"]
    assert healthcheck[0] == "CMD"
    assert run(healthcheck[1:], container).returncode == 1

    with running(start_command(), container) as web:
        wait_until(lambda: run(healthcheck[1:], container).returncode == 0, web)
        assert answer(container, "/livez") == 200
        assert answer(container, "/readyz") == 200
        assert answer(container, "/admin/login/") == 200
        assert answer(container, "/api/v1/quotes/") == 200
    assert run(healthcheck[1:], container).returncode == 1


def answer(container: dict[str, str], path: str) -> int:
    """The status of a request as the proxy passes it on."""
    headers = {"Host": "www.quotes.example", "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{container['PORT']}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - our own http address
        return response.status


def test_the_database_is_migrated_and_the_worker_runs(container: dict[str, str]) -> None:
    result = run(SERVICES["migrate"]["command"], container)
    assert result.returncode == 0, result.stderr
    assert "No migrations to apply." in result.stdout

    StaleMark.objects.create(kind="quote", key=0)
    with running(SERVICES["worker"]["command"], container) as worker:
        wait_until(lambda: not StaleMark.objects.exists(), worker)
