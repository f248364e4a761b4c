"""`serve`, `process-once`, `reap`: the processor with its server, or by hand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingestio.bootstrap import prepare, services, tidy
from ingestio.cli import say
from ingestio.config import Settings

if TYPE_CHECKING:
    from argparse import Namespace

LONGEST_S: Final = 3_600.0


def serve(_asked: Namespace) -> int:
    """Serve until a signal says stop."""
    from ingestio.cli.serve import serve as until_stopped  # noqa: PLC0415 (brings the server)

    return until_stopped(Settings())


def process_once(_asked: Namespace) -> int:
    """Claim what waits, work it off, end; `{"claimed": n}` were in work at first."""
    prepare()
    made = services()
    try:
        claimed = made.processor.run_once()
        made.processor.drain(LONGEST_S)
        made.processor.sweep()  # what ended is told as well
        is_done = made.processor.drain(LONGEST_S)
    finally:
        made.processor.stop()
        made.local_engine.stop()
        made.counter.stop()
    say.line({"claimed": claimed})
    return 0 if is_done else 1


def reap(_asked: Namespace) -> int:
    """Take over dead leases, let go on what waited for pages, purge old drafts."""
    prepare()
    made = services()
    try:
        made.processor.sweep()
        say.line({"purged": tidy()})
        made.processor.drain(LONGEST_S)
    finally:
        made.processor.stop()
    return 0
