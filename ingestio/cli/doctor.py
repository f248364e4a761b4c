"""`doctor`: every configured part, real or stand-in, works or what is wrong with it (Spec 9.3).

A line for each part on standard output; exit code 1 where one does not work. --deep also checks in
one snapshot, beside a server at work, that every count adds up; reads a document, and asks what
costs a moment or a request. The records of another version are looked at, never changed.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ingestio.bootstrap import prepare_to_look, services
from ingestio.cli.doctor_queue import Line, lines
from ingestio.config import MIN_SECRET_CHARS
from ingestio.domain.accounts import OPERATOR
from ingestio.errors import IngestioError, Unavailable
from ingestio.ports import SourceDocument

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator

    from pydantic import SecretStr

    from ingestio.bootstrap import Services

PAGE: Final = Path(".web/build/client/index.html")
SAMPLE: Final = "sample-invoice.pdf"
OTHER_VERSION: Final = "of another version: the server brings them up to date when it starts"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: what stands there, and a look at it that says what is wrong by raising."""

    part: str
    what: str
    look: Callable[[], object]
    is_deep: bool = False


def run(asked: Namespace) -> int:
    """Look at every part."""
    is_current = prepare_to_look()
    made = services()
    try:
        looked = [
            _say(_looked(check)) for check in _checks(made) if asked.deep or not check.is_deep
        ]
        if not is_current:
            looked.append(_say(Line("records", OTHER_VERSION, is_wrong=True)))
        looked += map(_say, _queue(made))
    finally:
        made.local_engine.stop()
        made.counter.stop()
    return int(any(looked))


def _say(line: Line) -> bool:
    """Print it; whether it is wrong."""
    print(f"{'WRONG' if line.is_wrong else 'ok':<6}{line.part:<16}{line.what}", flush=True)
    return line.is_wrong


def _looked(check: Check) -> Line:
    wrong = _wrong(check)
    return Line(check.part, wrong or check.what, is_wrong=bool(wrong))


def _queue(made: Services) -> list[Line]:
    """The figures of the admin page; one line where they can't be read."""
    try:
        return lines(made.admin.queue(OPERATOR))
    except IngestioError as error:
        return [Line("queue", error.message, is_wrong=True)]


def _wrong(check: Check) -> str | None:
    try:
        check.look()
    except IngestioError as error:
        return f"{check.what}: {error.message}"
    except Exception as error:  # noqa: BLE001 (whatever it is, it is what is wrong)
        return f"{check.what}: {type(error).__name__}: {error}"
    return None


def _checks(made: Services) -> list[Check]:
    return [*_records(made), *_outside(made), *_secrets(made), *_readers(made)]


def _records(made: Services) -> list[Check]:
    settings = made.settings
    database = "SQLite" if made.database.is_sqlite else "PostgreSQL"
    storage = settings.storage_url.partition("://")[0] if settings.storage_url else "a folder"
    pages = "built" if PAGE.exists() else "not built here: `make run` builds it"
    return [
        Check("data folder", str(settings.data_dir.absolute()), lambda: _write_in(made)),
        Check("pages", pages, lambda: None),
        Check("database", database, made.processor.state),
        Check("records", "every count adds up", lambda: _hold(made), is_deep=True),
        Check("files", storage, lambda: _store_and_read(made)),
    ]


def _outside(made: Services) -> list[Check]:
    settings = made.settings
    mail = "SMTP" if settings.smtp_url.get_secret_value() else "off: notifications in the app only"
    scan = "clamd" if settings.clamd_url else "off: files are not scanned"
    cache = "Redis" if settings.redis_url else "embedded"
    plans = "Stripe" if settings.has_stripe else "on file: nobody pays"
    return [
        Check("cache", cache, lambda: _remember(made)),
        Check("rate limits", cache, lambda: made.accounts.limiter.peek("doctor", 1, 1)),
        Check("plans", plans, lambda: _ask_plan(made), is_deep=settings.has_stripe),
        Check("mail", mail, lambda: None),
        Check("virus scan", scan, lambda: _scan(made)),
        Check("address", settings.origin, lambda: _public(made)),
    ]


def _secrets(made: Services) -> list[Check]:
    settings = made.settings
    cron = settings.cron_secret
    checks = [Check("outside cron", "on" if _is_set(cron) else "off", lambda: _long_enough(cron))]
    if settings.has_stripe:
        hook = settings.stripe_webhook_secret
        checks.append(Check("Stripe webhook", "on", lambda: _needed(hook, "STRIPE_WEBHOOK_SECRET")))
    return checks


def _readers(made: Services) -> list[Check]:
    checks = [
        Check("page counter", "a limited helper process", lambda: _count(made)),
        Check("local engine", "embedded", lambda: _read(made), is_deep=True),
    ]
    if "openai" in made.engines:
        what = made.settings.openai_base_url or "OpenAI"
        engine = made.engines["openai"]
        checks.append(Check("openai engine", what, getattr(engine, "check"), is_deep=True))  # noqa: B009
    return checks


def _write_in(made: Services) -> None:
    with tempfile.TemporaryFile(dir=made.settings.data_dir) as file:
        file.write(b"x")


def _hold(made: Services) -> None:
    if broken := made.processor.check_invariants():
        raise Unavailable("; ".join(broken))


def _store_and_read(made: Services) -> None:
    storage, key = made.intake.storage, f"doctor/{uuid4()}"
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"doctor")
        file.flush()
        storage.put(key, Path(file.name))
    try:
        if b"".join(storage.open(key)) != b"doctor":
            raise Unavailable("What was stored came back changed.")
    finally:
        storage.delete(key)


def _remember(made: Services) -> None:
    cache = made.billing.cache
    cache.set("doctor", "x", 10)
    if cache.get("doctor") != "x":
        raise Unavailable("What was kept did not come back.")


def _ask_plan(made: Services) -> None:
    made.billing.payments.subscription(uuid4(), None)


def _scan(made: Services) -> None:
    with _sample() as path:
        made.intake.inspection.scanner.scan(path)


def _public(made: Services) -> None:
    settings = made.settings
    if not settings.is_local and not settings.is_https:
        raise Unavailable("Others reach it without TLS: cookies and documents go in the clear.")


def _is_set(secret: SecretStr) -> bool:
    return bool(secret.get_secret_value())


def _long_enough(secret: SecretStr) -> None:
    if _is_set(secret) and len(secret.get_secret_value()) < MIN_SECRET_CHARS:
        raise Unavailable(f"CRON_SECRET has fewer than {MIN_SECRET_CHARS} characters.")


def _needed(secret: SecretStr, name: str) -> None:
    if not _is_set(secret):
        raise Unavailable(f"Set {name}: without it no event of Stripe is taken.")


def _count(made: Services) -> None:
    with _sample() as path:
        made.counter.count(path, SAMPLE)


def _read(made: Services) -> None:
    with _sample() as path:
        counted = made.counter.count(path, SAMPLE)
        source = SourceDocument(path, counted.media_type, counted.pages, "doctor")
        made.local_engine.extract(source, None, None)


@contextmanager
def _sample() -> Generator[Path]:
    with as_file(files("ingestio.samples") / SAMPLE) as path:
        yield path
