"""`api-key`, `make-admin`, `grant-pages`: the operator's acts on accounts, beside a server too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.bootstrap import prepare, services
from ingestio.cli import say
from ingestio.domain.accounts import OPERATOR

if TYPE_CHECKING:
    from argparse import Namespace


def api_key(asked: Namespace) -> int:
    """Print a new key, and nothing else."""
    prepare()
    print(services().accounts.issue_key(asked.email))
    return 0


def make_admin(asked: Namespace) -> int:
    """Give an account the administrator's pages."""
    prepare()
    services().accounts.make_admin(asked.email)
    say.note(f"{asked.email} is an administrator now.")
    return 0


def grant_pages(asked: Namespace) -> int:
    """Give pages for the account's present period."""
    prepare()
    services().admin.grant_pages(OPERATOR, asked.email, asked.pages, asked.reason)
    say.note(f"{asked.email} has {asked.pages:,} pages more in this period.")
    return 0
