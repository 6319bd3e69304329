"""What there is to know of a read server: does it follow, how far is it behind, and what keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

from quotes.publication.changes import last_change
from quotes.replication import home, schema
from quotes.replication.copies import Copy
from quotes.replication.tables import slot_of

# Of a slot at home: does anybody hold it, what became of its log, and how many bytes of it are not confirmed, and kept.
_SLOT = """
    SELECT active, wal_status, coalesce(invalidation_reason, ''),
        pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint,
        pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint,
        extract(epoch FROM now() - inactive_since)::float,
        extract(epoch FROM replay_lag)::float
    FROM pg_replication_slots LEFT JOIN pg_stat_replication ON pid = active_pid WHERE slot_name = %s
"""
# When the oldest of what is missing was made public. Redirects, codings and removals carry no time.
_OLDEST_MISSING = """
    SELECT extract(epoch FROM now() - min(at))::float FROM (
        SELECT min(modified) AS at FROM publication_publishedquote WHERE change > %(change)s
        UNION ALL SELECT min(modified) FROM publication_publishedentity WHERE change > %(change)s
        UNION ALL SELECT min(withdrawn_at) FROM publication_tombstone WHERE change > %(change)s
    ) AS missing
"""


@dataclass
class Report:
    """One read server. `seconds` is how long the oldest change that it lacks has been public, None where nobody knows."""

    name: str
    state: str = "following"
    change: int | None = None
    home_change: int = 0
    seconds: float | None = None
    bytes_behind: int | None = None
    bytes_kept: int | None = None
    wal_status: str = ""
    problems: list[str] = field(default_factory=list)


def report(*, max_lag: float) -> list[Report]:
    """Of each read server that is named in QUOTEBASE_READ_SERVERS, or has a slot at home. More than `max_lag` seconds behind
    is a problem."""
    return [_of(name, max_lag) for name in sorted({*settings.READ_SERVERS, *home.slots()})]


def _of(name: str, max_lag: float) -> Report:
    found = Report(name, home_change=last_change(using=DEFAULT_DB_ALIAS))
    slot = home.run(_SLOT, [slot_of(name)])
    _look_there(found)
    if slot:
        _judge_slot(found, *slot[0][:5])
    else:
        found.state = "not set up"
        found.problems.append(f"there is no slot for it at home: `read_server add {name}`")
    found.seconds = _seconds_behind(found, *(slot[0][5:] if slot else (None, None)))
    if found.seconds is not None and found.seconds > max_lag:
        found.problems.append(f"more than {max_lag:g} s behind")
    return found


def _judge_slot(
    found: Report, active: bool, wal_status: str | None, invalid: str, behind: int | None, kept: int | None
) -> None:
    found.wal_status, found.bytes_behind, found.bytes_kept = wal_status or "", behind, kept
    if wal_status == "lost" or invalid:
        found.state = "lost"
        found.problems.insert(
            0, f"the home server gave up its log ({invalid or 'lost'}): `read_server resync {found.name}`"
        )
    elif not active and found.state == "following":
        found.state = "not following"
        found.problems.append("nobody reads its slot at home")


def _look_there(found: Report) -> None:
    """What only the read server itself can tell."""
    if found.name not in settings.READ_SERVERS:
        found.state = "unknown"
        found.problems.append("QUOTEBASE_READ_SERVERS has no address for it")
        return
    copy = Copy(found.name)
    try:
        found.change = last_change(using=copy.alias)
        unfinished = copy.unfinished()
        found.problems += schema.differences(copy.alias)
        errors = copy.run(
            "SELECT apply_error_count FROM pg_stat_subscription_stats WHERE subname = %s", [slot_of(found.name)]
        )
        is_applying = copy.run(
            "SELECT 1 FROM pg_stat_subscription WHERE subname = %s AND pid > 0", [slot_of(found.name)]
        )
    except Error as error:
        found.state = "unreachable"
        found.problems.append(str(error).strip().partition("\n")[0])
        connections[copy.alias].close()
        return
    if unfinished:
        found.state = "copying"
        found.problems.append(f"still being copied: {', '.join(unfinished)}")
    if errors and errors[0][0] and not is_applying:
        found.problems.append(f"{errors[0][0]} errors in applying changes: see its log")


def _seconds_behind(found: Report, idle: Any, replay: Any) -> float | None:
    if found.change is None:
        return None
    if found.change >= found.home_change:
        return 0.0
    [(oldest,)] = home.run(_OLDEST_MISSING, {"change": found.change})  # type: ignore[arg-type]
    known = [value for value in (oldest, idle, replay) if value is not None]
    return max(known) if oldest is None and known else oldest
