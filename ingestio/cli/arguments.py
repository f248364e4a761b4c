"""What can be asked at a terminal. Imports nothing heavy, so that `--help` is there at once.

Answers with the parsed words and in `runs` the function that does it, as `module:function`.
"""

from __future__ import annotations

import argparse

from ingestio.domain.documents import DocumentKind
from ingestio.domain.prompts import PromptStrategy

STRATEGIES = [strategy.value for strategy in PromptStrategy]
FILES = "PDF, JPG or PNG"


def parser() -> argparse.ArgumentParser:
    """Every command with its help."""
    top = argparse.ArgumentParser(
        prog="ingestio",
        description="Documents in, data out. Results go to standard output, messages to standard "
        "error. Exit code 0: done; 1: something was refused or failed; 2: wrong arguments.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _serving(commands)
    _reading(commands)
    _sending(commands)
    _operating(commands)
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    runs: str,
    about: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=about[:1].upper() + about[1:] + ".")
    command.set_defaults(runs=runs)
    return command


def _files(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", metavar="FILE", help=FILES)


def _serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(commands, "serve", "work:serve", "serve the built pages and work off batches")


def _reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    pages = _command(commands, "pages", "read:pages", "count pages, a JSON line for each file")
    _files(pages)
    extract = _command(
        commands,
        "extract",
        "read:extract",
        "extract values, a JSON line for each file; no server, no account, nothing charged",
    )
    _files(extract)
    kinds = [kind.value for kind in DocumentKind]
    extract.add_argument("--type", choices=kinds, metavar="TYPE", help=", ".join(kinds))
    extract.add_argument("--prompt", help="what to extract; else the fields of its type")
    extract.add_argument("--engine", choices=("local", "openai"), default="local")


def _sending(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    upload = _command(
        commands, "upload", "upload:run", "submit files as a batch to a running server"
    )
    _files(upload)
    upload.add_argument("--strategy", choices=STRATEGIES, default="auto")
    upload.add_argument("--prompt", help="for --strategy global")
    upload.add_argument(
        "--prompts", help='for --strategy per_document: JSON by position, {"0": "..."}'
    )
    upload.add_argument("--name", help="the batch's name")
    upload.add_argument("--skip-refused", action="store_true", help="leave refused files out")
    upload.add_argument("--watch", action="store_true", help="wait until the batch has ended")
    upload.add_argument("--key", help="API key; else INGESTIO_API_KEY")
    upload.add_argument("--url", help="the server; else INGESTIO_PUBLIC_URL, else localhost")


def _operating(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    key = _command(commands, "api-key", "accounts:api_key", "make an API key; it is shown once")
    key.add_argument("email", metavar="EMAIL")
    admin = _command(commands, "make-admin", "accounts:make_admin", "make an administrator")
    admin.add_argument("email", metavar="EMAIL")
    grant = _command(commands, "grant-pages", "accounts:grant_pages", "give pages for this period")
    grant.add_argument("email", metavar="EMAIL")
    grant.add_argument("pages", type=int, metavar="PAGES")
    grant.add_argument("--reason", required=True, help="it is shown and kept")
    _command(
        commands, "process-once", "work:process_once", "work off what waits, then end; prints JSON"
    )
    _command(
        commands,
        "reap",
        "work:reap",
        "take over what dead processes left, and remove drafts nobody came back for; prints JSON",
    )
    doctor = _command(
        commands, "doctor", "doctor:run", "check every configured part, and say what is wrong"
    )
    doctor.add_argument(
        "--deep",
        action="store_true",
        help="also check that all counts add up, read a document and send a query",
    )
