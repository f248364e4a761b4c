"""The door for a terminal: `ingestio COMMAND`.

Lives here: arguments, what is printed, exit codes; `serve` starts the server. Does not: decide or
query; every command calls one service. Standard output is the result, messages go to standard
error.
"""

from __future__ import annotations

import argparse
import sys


def main() -> None:
    """The command `ingestio`."""
    parser = argparse.ArgumentParser(prog="ingestio", description="Documents in, data out.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="serve the built pages and work off batches")
    parser.parse_args()
    from ingestio.cli.serve import serve  # noqa: PLC0415 (other commands need no server)
    from ingestio.config import Settings  # noqa: PLC0415

    sys.exit(serve(Settings()))
