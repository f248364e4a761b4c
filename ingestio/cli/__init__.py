"""The door for a terminal: `ingestio COMMAND`.

Lives here: arguments, what is printed, exit codes; `serve` starts the server. Does not: decide or
query; every command calls services. Standard output is the result alone, messages and progress go
to standard error. Exit codes: 0 done, 1 something was refused or failed, 2 wrong arguments.
"""

from __future__ import annotations

import sys
from importlib import import_module

from ingestio.cli.arguments import parser


def main() -> None:
    """The command `ingestio`: its module is imported only when it is asked for."""
    asked = parser().parse_args()
    from ingestio import logs  # noqa: PLC0415 (--help needs none of it)
    from ingestio.errors import IngestioError  # noqa: PLC0415

    logs.configure()
    module, _, function = asked.runs.partition(":")
    try:
        code = getattr(import_module(f"ingestio.cli.{module}"), function)(asked)
    except IngestioError as error:
        sys.exit(f"ingestio: {error.message}")
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.close()  # the other end of a pipe is gone: nothing more to say
        sys.exit(1)
    sys.exit(code)
