"""The project's own PostgreSQL, so that a clone and a `pip install` are all that a newcomer needs.

`base` is the Django backend (ENGINE "quotebase.postgres"), `server` starts the server, `reaper` stops it once nobody
uses it, and `places` knows where programs, data and socket lie, and whether the server's account can reach them.
"""


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be found, created, started or reached; the message says what to do."""
