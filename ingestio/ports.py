"""What the product needs from outside, as Protocols: a real one and its stand-in fulfil each.

Vendor types and vendor errors stop at the adapters; what comes through here is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from ingestio.domain.documents import DocumentKind, MediaType
    from ingestio.domain.plans import PaymentEvent, Subscription
    from ingestio.domain.results import Classification, Extraction, Part


class Clock(Protocol):
    """The time, so that a test can set it."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class FileStorage(Protocol):
    """Files by key. Keys are ours: ids and a slug, never a user's path.

    Raises everywhere:
        StorageUnavailable, StorageFull: nothing half-written stays.
        NotFound: no such key (reads only).
    """

    def put(self, key: str, source: Path) -> None:
        """Store a file's bytes under a key, synced; replaces what is there.

        The source may become a second name of the same bytes: remove it, but never write to it.
        """
        ...

    def open(self, key: str) -> Iterator[bytes]:
        """Its bytes in chunks of about 1 MiB."""
        ...

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        """A local path to read from while the context lasts."""
        ...

    def delete(self, key: str) -> None:
        """Remove it; a missing key is fine."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below a prefix."""
        ...


class KeyValueStore(Protocol):
    """A cache: may forget, never the truth. Values are text.

    Raises everywhere:
        StoreUnavailable
    """

    def get(self, key: str) -> str | None:
        """The value, or None where there is none or it has expired."""
        ...

    def set(self, key: str, value: str, ttl_s: float) -> None:
        """Keep a value for a while."""
        ...

    def delete(self, key: str) -> None:
        """Forget it."""
        ...


class RateLimiter(Protocol):
    """How often somebody may do a thing."""

    def hit(self, bucket: str, limit: int, window_s: int) -> float | None:
        """Count one; None where it is allowed, else the seconds until the next one is."""
        ...

    def peek(self, bucket: str, limit: int, window_s: int) -> float | None:
        """The same answer without counting."""
        ...


class PaymentGateway(Protocol):
    """Who pays for what.

    Raises everywhere:
        PaymentsUnavailable
    """

    def subscription(self, user_id: UUID, customer_id: str | None) -> Subscription:
        """What a user's subscription is now."""
        ...

    def read_event(self, body: bytes, signature: str | None) -> PaymentEvent:
        """A webhook's event, its signature proven over the raw body.

        Raises:
            NotConfigured: no secret to prove it with.
            Refused: forged, altered or too old.
        """
        ...


@dataclass(frozen=True, slots=True)
class CountedFile:
    """What a file is by content: its real type and its pages.

    `repaired` is a rewritten copy, where the file opens only after a repair: that is what is kept
    and drawn. Whoever asked removes it.
    """

    media_type: MediaType
    pages: int
    repaired: Path | None = None


class PageCounter(Protocol):
    """Opens an untrusted file within limits and counts its pages."""

    def count(self, path: Path, filename: str) -> CountedFile:
        """Type by content and page count; `filename` gives the claimed extension.

        Raises:
            DocumentRejected: one of its family, with a sentence for the user.
        """
        ...


class VirusScanner(Protocol):
    """Looks for malware."""

    def scan(self, path: Path) -> None:
        """Return where the file is clean.

        Raises:
            Infected: with the signature's name.
            ScannerUnavailable: away, or too large for it.
        """
        ...


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A stored file as an engine gets it: a local path that is readable during the call.

    `part` None: all of it, or as much as one answer can hold; what it left out the answer says.
    """

    path: Path
    media_type: MediaType
    pages: int
    sha256: str
    part: Part | None = None


class Classifier(Protocol):
    """Says what type a document is."""

    def classify(self, document: SourceDocument) -> Classification:
        """Its type and how sure; an answer that can't be used is `other`, not sure at all.

        Raises:
            DocumentRejected, AIUnavailable, ReaderCrashed
        """
        ...


class Extractor(Protocol):
    """One document in, one result out; knows no batch."""

    @property
    def name(self) -> str:
        """`local` or `openai`."""
        ...

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        """What stands on the document.

        `kind` given: that type's default fields (the type was detected before). Else the fields
        that `prompt` names; the engine classifies by itself for better labels. Neither: detect
        the type and take its defaults. What came cut or malformed is not raised but returned,
        not complete and with what was got: it was paid for.

        Raises:
            DocumentRejected: PromptNamesNoFields, NothingFound, Declined and others: for good.
            AIUnavailable, ReaderCrashed: may work later.
        """
        ...


class Engine(Classifier, Extractor, Protocol):
    """Both in one, as an engine is."""


class PagePictures(Protocol):
    """Draws a page of a stored file."""

    def jpeg(self, path: Path, media_type: MediaType, page: int, width_px: int) -> bytes:
        """The page (from 1) as JPEG, upright, `width_px` wide at most.

        Raises:
            NotFound: no such page.
            Unreadable, ReaderCrashed
        """
        ...


@dataclass(frozen=True, slots=True)
class Changed:
    """Something of an owner's changed; `batch_id` None means read everything again."""

    batch_id: UUID | None


class FeedSubscription(Protocol):
    """One listener's end of the feed."""

    async def changed(self) -> frozenset[UUID | None]:
        """Wait for the next changes, merged: ids of batches; None means all."""
        ...


class StatusFeed(Protocol):
    """Says "batch X of owner Y changed" to every open page of that owner; carries no rows."""

    def publish(self, owner_id: UUID | None, batch_id: UUID | None) -> None:
        """After commit, from any thread. Never raises: pages also read when they (re)connect.

        Owner None: every open page reads again, as when the processor is paused.
        """
        ...

    def subscribe(self, owner_id: UUID | None) -> AbstractContextManager[FeedSubscription]:
        """Listen, on the event loop. Subscribe first, then read. None: to everybody's changes."""
        ...

    @property
    def open_pages(self) -> int:
        """How many listen in this process: pages that are open, and none that is closed."""
        ...

    def start(self) -> None:
        """Bind to the running event loop; called once from the server's lifespan."""
        ...

    def stop(self) -> None:
        """Let go of the loop."""
        ...


class WorkQueue(Protocol):
    """Tells whoever processes that there is work."""

    def wake(self) -> None:
        """After commit, from any thread; cheap; may be lost (a sweep finds the work)."""
        ...

    def on_wake(self, callback: Callable[[], None]) -> None:
        """Who is called on `wake`."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """Plain text to one address. `reference` is the same whenever the same mail is sent again."""

    to: str
    subject: str
    text: str
    reference: str


class Mailer(Protocol):
    """Sends one mail, in a minute or two at most.

    Raises:
        Unavailable: it may be tried again; whether it went out can be unknown.
        Refused: this mail will never be taken.
    """

    def send(self, mail: Mail) -> None:
        """Return when somebody else is responsible for it."""
        ...


class Analytics(Protocol):
    """Product events, without any content of documents."""

    def event(self, name: str, user_id: UUID, properties: dict[str, str | int]) -> None:
        """Record one; never raises."""
        ...
