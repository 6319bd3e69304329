"""The run as a whole: its options, its steps, and what it prints."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

from django.conf import settings

from benchmarks import candidates, databases, machine, own, questions
from benchmarks.candidates import OURS, Candidate
from benchmarks.comparing import Compared, compared
from benchmarks.peers import bare_wsgi, datasette, graphql, ourselves
from benchmarks.peers.serving import Absent

SEED = 8


def main() -> None:
    """Make the data, compare, print tables in Markdown."""
    options = _options()
    name = databases.use(options.quotes, say=say, processes=options.processes)
    draws = questions.draws(SEED)
    with _running(name, is_alone=options.alone) as able:
        say(machine.description(options.quotes, able))
        if not options.alone:
            say("\n| question | candidate | ms p50 | p95 | worst | × " + OURS + " (least–most of a round) |")
            say("|---|---|---|---|---|---|")
            for question in bare_wsgi.SELECTS:
                asked = draws.several(question, options.questions)
                for line in _lines(compared(question, able, asked, rounds=options.rounds)):
                    say(line)
        say("\n| question to the service alone | ms p50 | p95 | worst | which that was |\n|---|---|---|---|---|")
        for what, times, slowest in own.measured(able[0], draws, questions=options.questions, rounds=options.rounds):
            say(
                f"| {what} | {times.p50:.2f} | {times.p95:.2f} | {times.worst:.2f} | `{slowest.partition('?')[2][:90]}` |"
            )


def _lines(outcome: Compared) -> Iterator[str]:
    for name, times in outcome.times.items():
        # Servers are compared with the service as a server.
        is_server = name.startswith(("Datasette", "PostGraphile"))
        to = ourselves.BY_HTTP if is_server and ourselves.BY_HTTP in outcome.times else OURS
        compared_to = "" if name == to else f"{outcome.ratio(name, to)}{' by HTTP' if is_server else ''}"
        yield f"| {outcome.question} | {name} | {times.p50:.2f} | {times.p95:.2f} | {times.worst:.2f} | {compared_to} |"


@contextlib.contextmanager
def _running(name: str, *, is_alone: bool) -> Iterator[list[Candidate]]:
    """All candidates, the service first; those that are servers run meanwhile."""
    folder = settings.LOCAL_FOLDER / "benchmarks"
    found = candidates.in_this_process()
    starts: list[Callable[[], list[Candidate]]] = [
        lambda: [ourselves.candidate(folder)],
        lambda: datasette.candidates(folder, databases.connect, name),
        lambda: [graphql.candidate(folder, databases.connect)],
    ]
    try:
        for start in [] if is_alone else starts:
            try:
                found += start()
            except Absent as error:
                say(f"Left out: {error}.")
        yield found
    finally:
        for one in found:
            one.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quotes", type=int, default=20_000, help="how many (20,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each candidate has its turn (3)")
    parser.add_argument("--questions", type=int, default=40, help="how many of each kind (40)")
    parser.add_argument("--processes", type=int, default=2, help="that project, when the data is made (2)")
    parser.add_argument("--alone", action="store_true", help="without peers: the service's own tails")
    return parser.parse_args()


def say(line: str) -> None:
    """Print at once, into a file too."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
