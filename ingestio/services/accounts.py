"""Who may come in: sign up, in and out; sessions, API keys, the demo's accounts (Spec 10).

Answers a token with an Actor, or NotSignedIn. Leaves cookies and addresses to the doors, what an
Actor may do to every other service. Tokens and keys are 256 random bits, stored as SHA-256 only;
passwords as argon2id.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pwdlib import PasswordHash

from ingestio.db import accounts
from ingestio.db.engine import SYSTEM
from ingestio.db.tables import User
from ingestio.domain.accounts import (
    MAX_PASSWORD_CHARS,
    MIN_PASSWORD_CHARS,
    Actor,
    Role,
    clean_email,
    is_good_password,
)
from ingestio.domain.plans import PlanName
from ingestio.errors import Conflict, Invalid, NotFound, NotSignedIn, RateLimited

if TYPE_CHECKING:
    from ingestio.config import Settings
    from ingestio.db.engine import Database, Session
    from ingestio.ports import Clock, RateLimiter

SESSION_DAYS: Final = 30
WRONG_TRIES: Final = 10
"""Wrong passwords for one account, and from one address, in TRIES_WINDOW_S."""
TRIES_WINDOW_S: Final = 15 * 60
SIGN_UPS_AN_HOUR: Final = 100
"""New accounts from one address: an office behind one is fine, a script is not."""
KEY_PREFIX: Final = "ing_"
MAX_TOKEN_CHARS: Final = 128
DEMO_PASSWORD: Final = "ingestio-demo"  # noqa: S105  offered on the login page of a demo
_DEMO: Final = {
    "demo@ingestio.test": (PlanName.GROWTH, Role.ADMIN),
    "plus@ingestio.test": (PlanName.PLUS, Role.USER),
    "starter@ingestio.test": (PlanName.STARTER, Role.USER),
}
_hasher = PasswordHash.recommended()
# Of a password nobody knows: verified where there is no account, so that both take as long.
DUMMY_HASH: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$EePi6Z1zU4E1tlNMtLNV4A$"
    "1Ii9kzn/7t8IJUlStnvnfTl4L1CtxWbPKh/gLmAIuvI"
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Users and the ways they prove who they are."""

    database: Database
    limiter: RateLimiter
    clock: Clock
    settings: Settings

    def sign_up(self, email: str, password: str, address: str) -> str:
        """Make an account and sign it in; the session's token. `address`: where it comes from.

        Raises:
            Invalid: no address, or a password of the wrong length.
            Conflict: there is an account with this address.
            RateLimited
        """
        cleaned = _checked(email, password)
        wait_s = self.limiter.hit(f"sign-up:{_network(address)}", SIGN_UPS_AN_HOUR, 3600)
        if wait_s is not None:
            raise RateLimited("Too many new accounts from here. Try again later.", int(wait_s))
        plan = PlanName(self.settings.new_account_plan)
        if not self._add(cleaned, _hasher.hash(password), plan, Role.USER):
            raise Conflict("There is an account with this e-mail already. Sign in instead.")
        return self._open_session(cleaned)

    def sign_in(self, email: str, password: str, address: str) -> str:
        """A new session's token, always: one from before sign-in is worth nothing after it.

        Raises:
            NotSignedIn: the two do not match; it is not said whether the account exists.
            RateLimited: too many wrong ones for this account, or from this address.
        """
        cleaned = clean_email(email)
        buckets = (
            f"sign-in:account:{_hashed(cleaned or email)}",
            f"sign-in:address:{_network(address)}",
        )
        self._refuse_guessing(buckets)
        if cleaned is None or not self._proves(cleaned, password):
            for bucket in buckets:
                self.limiter.hit(bucket, WRONG_TRIES, TRIES_WINDOW_S)
            raise NotSignedIn("E-mail and password do not match.")
        return self._open_session(cleaned)

    def sign_out(self, token: str | None) -> None:
        """End this session; an unknown one is fine."""
        if token is None or len(token) > MAX_TOKEN_CHARS:
            return
        self.database.write(
            SYSTEM, lambda session: accounts.remove_session(session, self.session_hash(token))
        )

    def sign_out_everywhere(self, actor: Actor) -> None:
        """End every session of the actor, this one too."""
        self.database.write(
            actor.user_id, lambda session: accounts.remove_sessions(session, actor.user_id)
        )

    def actor_of_session(self, token: str | None) -> Actor:
        """Who is signed in with this token.

        Raises:
            NotSignedIn
        """
        if not token or len(token) > MAX_TOKEN_CHARS:
            raise NotSignedIn
        with self.database.read(SYSTEM) as session:
            found = accounts.actor_of_session(session, _hashed(token), self.clock.now())
        if found is None:
            raise NotSignedIn
        return found

    def actor_of_key(self, key: str | None) -> Actor:
        """Whose API key this is.

        Raises:
            NotSignedIn
        """
        if not key or not key.startswith(KEY_PREFIX) or len(key) > MAX_TOKEN_CHARS:
            raise NotSignedIn("This API key is not known here.")
        with self.database.read(SYSTEM) as session:
            found = accounts.actor_of_key(session, _hashed(key))
        if found is None:
            raise NotSignedIn("This API key is not known here.")
        return found

    def session_hash(self, token: str) -> str:
        """What stands for a token in the database, and in a page's state."""
        return _hashed(token)

    def issue_key(self, email: str) -> str:
        """A new API key for an account; shown this once.

        Raises:
            NotFound: no account has this address.
        """
        account = self._account(email)
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        prefix, now = key[: len(KEY_PREFIX) + 6], self.clock.now()
        self.database.write(
            SYSTEM,
            lambda session: accounts.add_key(session, account.id, prefix, _hashed(key), now),
        )
        return key

    def make_admin(self, email: str) -> None:
        """Give an account the administrator's pages: the operator's act, by the command line.

        Raises:
            NotFound: no account has this address.
        """
        account, now = self._account(email), self.clock.now()
        self.database.write(SYSTEM, lambda session: accounts.make_admin(session, account.id, now))

    def ensure_demo(self) -> None:
        """Make the demo's accounts where they are missing (Spec 9.4); what exists stays."""
        with self.database.read(SYSTEM) as session:
            missing = _DEMO.keys() - accounts.existing(session, list(_DEMO))
        if not missing:
            return
        password_hash = _hasher.hash(DEMO_PASSWORD)
        for email in sorted(missing):
            self._add(email, password_hash, *_DEMO[email])

    def demo_accounts(self) -> tuple[str, ...]:
        """The demo's addresses, in the order they are offered."""
        return tuple(_DEMO)

    def _refuse_guessing(self, buckets: tuple[str, ...]) -> None:
        waits = [self.limiter.peek(bucket, WRONG_TRIES, TRIES_WINDOW_S) for bucket in buckets]
        longest_s = max((wait for wait in waits if wait is not None), default=None)
        if longest_s is not None:
            minutes = -(-int(longest_s) // 60)
            msg = f"Too many wrong tries. Try again in {minutes} min."
            raise RateLimited(msg, int(longest_s))

    def _proves(self, email: str, password: str) -> bool:
        """Whether it is this account's password; as slow where there is no such account."""
        with self.database.read(SYSTEM) as session:
            account = accounts.by_email(session, email)
        known = account.password_hash if account else DUMMY_HASH
        is_right, newer = _hasher.verify_and_update(password[:MAX_PASSWORD_CHARS], known)
        if account is None or account.is_disabled or not is_right:
            return False
        if newer:
            self.database.write(
                SYSTEM, lambda session: accounts.set_password_hash(session, account.id, newer)
            )
        return True

    def _open_session(self, email: str) -> str:
        token, now = secrets.token_urlsafe(32), self.clock.now()
        expires_at = now + timedelta(days=SESSION_DAYS)

        def work(session: Session) -> None:
            account = accounts.by_email(session, email)
            if account is None:
                raise NotSignedIn
            accounts.add_session(session, account.id, _hashed(token), now, expires_at)

        self.database.write(SYSTEM, work)
        return token

    def _add(self, email: str, password_hash: str, plan: PlanName, role: Role) -> bool:
        user = User(
            email=email,
            password_hash=password_hash,
            plan=plan,
            role=role,
            created_at=self.clock.now(),
        )
        return self.database.write(SYSTEM, lambda session: accounts.add_user(session, user))

    def _account(self, email: str) -> accounts.Account:
        with self.database.read(SYSTEM) as session:
            account = accounts.by_email(session, clean_email(email) or "")
        if account is None:
            raise NotFound("No account has this address.")
        return account


def _checked(email: str, password: str) -> str:
    cleaned = clean_email(email)
    if cleaned is None:
        raise Invalid("This is not an e-mail address.")
    if not is_good_password(password):
        raise Invalid(f"A password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters.")
    return cleaned


def _hashed(secret: str) -> str:
    """Fast on purpose: what is hashed is 256 random bits, not somebody's password."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _network(address: str) -> str:
    """What one party has: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _hashed(address)
    if parsed.version == 4:  # noqa: PLR2004  the protocol's name
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
