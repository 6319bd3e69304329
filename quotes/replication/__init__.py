"""Read servers: PostgreSQL servers that follow the home server's publication tables, and answer the public's questions.

PostgreSQL's logical replication does the work; this sets it up, watches it, and takes it away (docs/scaling.md). The home server
is the one that DATABASE_URL names; the read servers, as their owner reaches them, are in QUOTEBASE_READ_SERVERS.

`tables` says what leaves home, `home` and `copies` are the two ends, `schema` brings tables up to date, `setting_up` has the
verbs, `watching` what there is to know.
"""


class ReplicationError(Exception):
    """What was asked cannot be done; the message says what to do instead."""
