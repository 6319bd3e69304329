"""The Django backend for the project's own PostgreSQL. The server starts with the first connection, never on import.

    {"ENGINE": "quotebase.postgres", "NAME": "quotebase", "OPTIONS": {"data_folder": BASE_DIR / ".local" / "postgres"}}

HOST and PORT stay empty: Django's test runner tells databases apart by them, and the socket's place is not settled
before the server runs. `server_options` in OPTIONS, a dictionary, adds to the settings in server.py.
"""

from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.db.backends.postgresql import client

from quotebase.database import base
from quotebase.postgres import places, server


def _server_for(settings: dict[str, Any], *, is_doubted: bool = False) -> dict[str, Any]:
    """Where and as whom to connect, once the server runs and holds the database that the settings name."""
    options = settings["OPTIONS"]
    if "data_folder" not in options:
        raise ImproperlyConfigured("The engine quotebase.postgres needs OPTIONS['data_folder'].")
    name = settings["NAME"] or None
    if name and name.startswith(TEST_DATABASE_PREFIX):
        name = None  # Django's test runner creates and drops those itself
    socket_folder = server.ensure_running(
        Path(options["data_folder"]), options.get("server_options"), database=name, is_doubted=is_doubted
    )
    return server.connection_parameters(socket_folder)


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, by the psql that came with the server."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Any
    ) -> tuple[list[str], dict[str, str] | None]:
        here = _server_for(settings_dict)
        user = settings_dict["USER"] or here["user"]
        settings = {**settings_dict, "HOST": here["host"], "PORT": here["port"], "USER": user}
        arguments, environment = super().settings_to_cmd_args_env(settings, parameters)
        return [str(places.programs() / "psql"), *arguments[1:]], environment


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        parameters = {**_server_for(self.settings_dict), **super().get_connection_params()}
        parameters.pop("data_folder")
        parameters.pop("server_options", None)
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            # The server was killed just now, or is recovering, or its database was dropped.
            _server_for(self.settings_dict, is_doubted=True)
            return super().get_new_connection(self.get_connection_params())
