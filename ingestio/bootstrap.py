"""The composition root: the only module that knows which adapter is used.

Answers `services()`, built once and lazily from the environment, and `call()`, the one place where
doors leave the event loop. Leaves everything else to the rooms below. Adapters of vendors that may
not be configured are imported where they are: the command line starts without them.
"""

# ruff: noqa: PLC0415  (imports inside functions are the point, see above)

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import structlog

from ingestio.adapters.counting import CountLimits
from ingestio.adapters.embedded_kv import EmbeddedKeyValue
from ingestio.adapters.live_hub import LiveHub
from ingestio.adapters.local_engine import LocalEngine
from ingestio.adapters.local_queue import LocalQueue
from ingestio.adapters.log_analytics import LogAnalytics
from ingestio.adapters.no_scanner import NoScanner
from ingestio.adapters.object_files import ObjectFiles
from ingestio.adapters.page_counter import HelperPageCounter
from ingestio.adapters.page_pictures import PdfiumPictures
from ingestio.adapters.plan_on_file import PlanOnFile
from ingestio.adapters.rate_limits import Limits
from ingestio.adapters.system_clock import SystemClock
from ingestio.config import Settings
from ingestio.db.engine import Database
from ingestio.services.accounts import Accounts
from ingestio.services.admin import Admin
from ingestio.services.answers import Answers
from ingestio.services.batches import Batches
from ingestio.services.billing import Billing
from ingestio.services.exports import Exports
from ingestio.services.extraction import Extraction
from ingestio.services.inspection import Inspection
from ingestio.services.intake import Intake
from ingestio.services.notifications import Notifications
from ingestio.services.processor import Processor
from ingestio.services.providers import Providers
from ingestio.services.review import Review
from ingestio.services.spool import Spool
from ingestio.services.submission import Submission
from ingestio.services.usage import Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ingestio.ports import (
        Clock,
        Engine,
        FileStorage,
        KeyValueStore,
        Mailer,
        PaymentGateway,
        StatusFeed,
        VirusScanner,
        WorkQueue,
    )

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger(__name__)
CALL_THREADS: Final = 16
"""Enough for every page to read at once; each holds a database connection while it does."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a door may call. `parts` says what is real and what stands in, for `doctor`."""

    settings: Settings
    database: Database
    clock: Clock
    feed: StatusFeed
    queue: WorkQueue
    counter: HelperPageCounter
    local_engine: LocalEngine
    engines: dict[str, Engine]
    accounts: Accounts
    billing: Billing
    usage: Usage
    intake: Intake
    batches: Batches
    extraction: Extraction
    processor: Processor
    providers: Providers
    review: Review
    exports: Exports
    notifications: Notifications
    admin: Admin


def build(settings: Settings) -> Services:
    """Everything, wired for these settings. Starts no helper and opens no connection yet."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock, database = SystemClock(), Database(settings.database)
    feed, queue = _feed(settings), LocalQueue()
    storage, limiter = _storage(settings), Limits(settings.redis_url or None)
    analytics = LogAnalytics()
    payments = _payments(settings, database, clock)
    billing = Billing(database, _cache(settings), payments, clock, feed, queue)
    usage = Usage(database, billing, clock)
    notifications = Notifications(database, feed, clock, _mailer(settings), settings.origin)
    spool = Spool(settings.data_dir / "spool")
    counter = HelperPageCounter(_limits(settings))
    inspection = Inspection(database, storage, counter, _scanner(settings), feed, clock, spool)
    engine = LocalEngine(settings.data_dir)
    engines = _engines(settings, engine)
    reader = engines.get("openai", engine)
    extraction = Extraction(storage, reader, reader, Answers(settings.data_dir / "answers"))
    submission = Submission(database, billing, storage, limiter, feed, queue, analytics, clock)
    providers = Providers(database, feed, clock)
    processor = Processor.build(
        settings,
        database=database,
        extraction=extraction,
        usage=usage,
        notifications=notifications,
        feed=feed,
        queue=queue,
        clock=clock,
        providers=providers,
    )
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        feed=feed,
        queue=queue,
        counter=counter,
        local_engine=engine,
        engines=engines,
        accounts=Accounts(database, limiter, clock, settings),
        billing=billing,
        usage=usage,
        intake=Intake(database, storage, billing, feed, clock, spool, inspection),
        batches=Batches(database, submission, storage, feed, queue, clock, settings.concurrency),
        extraction=extraction,
        processor=processor,
        providers=providers,
        review=Review(database, storage, PdfiumPictures(engine.text_helpers), feed, clock),
        exports=Exports(database),
        notifications=notifications,
        admin=Admin(database, billing, processor, clock, providers),
    )


_lock = threading.Lock()
_services: Services | None = None
_threads: ThreadPoolExecutor | None = None


def services() -> Services:
    """The services of this process, from its environment."""
    global _services  # noqa: PLW0603  one a process is what this module is for
    with _lock:
        if _services is None:
            _services = build(Settings())
        return _services


def use(made: Services) -> None:
    """Take these instead, for a test of a door."""
    global _services  # noqa: PLW0603
    with _lock:
        _services = made


async def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a service's method off the event loop."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool(), partial(function, *args, **kwargs))


def _pool() -> ThreadPoolExecutor:
    global _threads  # noqa: PLW0603
    if _threads is None:
        _threads = ThreadPoolExecutor(CALL_THREADS, thread_name_prefix="call")
    return _threads


def prepare() -> None:
    """Make the records ready before the first answer: migrate, and seed the demo where it is on."""
    from ingestio.db import migrations

    made = services()
    migrations.upgrade(made.database)
    if made.settings.is_demo:
        made.accounts.ensure_demo()
    made.database.dispose()


def prepare_to_look() -> bool:
    """Make the records where there are none; whether they are this code's. Changes nothing else."""
    from ingestio.db import migrations

    made = services()
    if migrations.revision(made.database) is None:
        prepare()
    return migrations.is_current(made.database)


def tidy() -> int:
    """Remove what nobody came back for: drafts with their bytes, answers that were never saved."""
    made = services()
    now = made.clock.now()
    return made.intake.purge(now) + made.extraction.purge(now)


@asynccontextmanager
async def running() -> AsyncGenerator[None]:
    """What lives as long as the server: the feed and the helper processes.

    Helpers follow the thread that made them into death, so they are made here, on the loop's own.
    """
    made = services()
    made.feed.start()
    made.local_engine.start()
    made.counter.start()
    await call(made.intake.recover)
    try:
        yield
    finally:
        made.feed.stop()
        await asyncio.to_thread(made.intake.stop)
        await asyncio.to_thread(made.counter.stop)
        await asyncio.to_thread(made.local_engine.stop)


def _feed(settings: Settings) -> StatusFeed:
    if not settings.redis_url:
        return LiveHub()
    from ingestio.adapters.redis_feed import RedisFeed

    return RedisFeed(settings.redis_url)


def _cache(settings: Settings) -> KeyValueStore:
    if not settings.redis_url:
        return EmbeddedKeyValue(settings.data_dir / "cache.sqlite3")
    from ingestio.adapters.redis_kv import RedisKeyValue

    return RedisKeyValue(settings.redis_url)


def _storage(settings: Settings) -> FileStorage:
    return ObjectFiles(settings.storage_url or settings.data_dir / "files")


def _payments(settings: Settings, database: Database, clock: Clock) -> PaymentGateway:
    if not settings.has_stripe:
        return PlanOnFile(database, clock)
    from ingestio.adapters.stripe_payments import StripePayments

    return StripePayments(
        settings.stripe_secret_key.get_secret_value(),
        settings.stripe_webhook_secret.get_secret_value(),
    )


def _mailer(settings: Settings) -> Mailer | None:
    if not settings.smtp_url.get_secret_value():
        return None
    from ingestio.adapters.smtp_mail import SmtpMailer

    return SmtpMailer(settings.smtp_url.get_secret_value())


def _scanner(settings: Settings) -> VirusScanner:
    if not settings.clamd_url:
        return NoScanner()
    from ingestio.adapters.clamd import ClamdScanner

    return ClamdScanner(settings.clamd_url)


def _limits(settings: Settings) -> CountLimits:
    return CountLimits(
        max_pages=settings.max_pages_per_file,
        max_pixels=settings.max_pixels,
        max_side_pixels=settings.max_side_pixels,
        scratch=settings.data_dir / "scratch",
    )


def _engines(settings: Settings, local: LocalEngine) -> dict[str, Engine]:
    key, base_url = settings.openai_api_key.get_secret_value(), settings.openai_base_url
    if not key and not base_url:
        return {local.name: local}
    from ingestio.adapters.openai_engine import OpenAIEngine

    openai = OpenAIEngine(key, base_url, settings.openai_model, local.text_helpers)
    return {local.name: local, openai.name: openai}
