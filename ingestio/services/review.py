"""Looking at what was read: value by value beside its page, corrected, approved, rejected (Spec 8).

Answers a sheet with each value's state and the way to the next document. Corrections keep what was
read, who and when. Leaves drawing the page to the pictures port.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ingestio.db import batches, reviews
from ingestio.domain.documents import FIELDS, DocumentStatus, ReviewState
from ingestio.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.db.reviews import LastCorrection, ReadResult
    from ingestio.domain.accounts import Actor
    from ingestio.domain.documents import DocumentKind, DocumentRow
    from ingestio.domain.results import Box, Field
    from ingestio.ports import Clock, FileStorage, PagePictures, StatusFeed

MAX_VALUE_CHARS: Final = 4_000
_CAPITALS: Final = frozenset({"id", "iban", "vin", "ssn", "ein", "bol"})


class FieldState(StrEnum):
    """What a person should think of a value."""

    READ = "read"
    UNCERTAIN = "uncertain"
    FLAGGED = "flagged"
    EMPTY = "empty"
    EDITED = "edited"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One value with its evidence. `original` is what was read, where somebody changed it."""

    name: str
    label: str
    value: str
    original: str | None
    confidence: float
    page: int | None
    box: Box | None
    quote: str | None
    state: FieldState


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A document under review, and the next one of its batch that nobody has judged."""

    document: DocumentRow
    batch_title: str
    kind: DocumentKind | None
    engine: str | None
    fields: tuple[ReviewField, ...]
    next_id: UUID | None


@dataclass(frozen=True, slots=True)
class Review:
    """A person's word on results."""

    database: Database
    storage: FileStorage
    pictures: PagePictures
    feed: StatusFeed
    clock: Clock

    def open(self, actor: Actor, document_id: UUID) -> ReviewSheet:
        """A document with its values; none where it is not completed.

        Raises:
            NotFound
        """
        owner = actor.user_id
        with self.database.read(owner) as session:
            document = _found(session, owner, document_id)
            batch = document.batch_id and batches.one(session, owner, document.batch_id)
            result = reviews.result(session, owner, document_id)
            changed = reviews.corrections(session, owner, document_id)
            next_id = reviews.next_unreviewed(session, owner, document_id)
        is_approved = document.review_state is ReviewState.APPROVED
        return ReviewSheet(
            document,
            batch.title if batch else "",
            result.kind if result else document.kind,
            result.engine if result else None,
            _fields(result, changed, is_approved=is_approved) if result else (),
            next_id,
        )

    def correct(self, actor: Actor, document_id: UUID, name: str, value: str) -> None:
        """Give a field another value, or confirm the one that was read by giving it again.

        Raises:
            NotFound
            Conflict: the document is not completed.
            Invalid: the document has no such field, or the value is too long.
        """
        value = value.strip()
        if len(value) > MAX_VALUE_CHARS:
            raise Invalid(f"A value has at most {MAX_VALUE_CHARS:,} characters.")
        owner, now = actor.user_id, self.clock.now()

        def work(session: Session) -> UUID | None:
            document = _found(session, owner, document_id)
            result = _completed(document, reviews.result(session, owner, document_id))
            if name not in _names(result):
                raise Invalid(f"This document has no field {name!r}.")
            reviews.correct(
                session,
                owner,
                document_id,
                name=name,
                original=next((f.value for f in result.fields if f.name == name), None),
                value=value,
                by_user_id=actor.user_id,
                now=now,
            )
            return document.batch_id

        self.feed.publish(owner, self.database.write(owner, work))

    def approve(self, actor: Actor, document_id: UUID) -> None:
        """Its values are right as they stand.

        Raises:
            NotFound, Conflict
        """
        self._judge(actor, document_id, ReviewState.APPROVED)

    def reject(self, actor: Actor, document_id: UUID) -> None:
        """Its values are not to be used.

        Raises:
            NotFound, Conflict
        """
        self._judge(actor, document_id, ReviewState.REJECTED)

    def queue(self, actor: Actor, limit: int = 20) -> list[DocumentRow]:
        """Completed documents that nobody has judged, the latest first."""
        owner = actor.user_id
        with self.database.read(owner) as session:
            ids = reviews.queue(session, owner, limit)
            return [_found(session, owner, document_id) for document_id in ids]

    def to_check(self, actor: Actor) -> tuple[int, int]:
        """How many documents of that queue have values to check, and how many values."""
        with self.database.read(actor.user_id) as session:
            return reviews.to_check(session, actor.user_id)

    def page_picture(self, actor: Actor, document_id: UUID, page: int, width_px: int) -> bytes:
        """A page (from 1) as JPEG.

        Raises:
            NotFound, StorageUnavailable, Unreadable, ReaderCrashed
        """
        with self.database.read(actor.user_id) as session:
            document = _found(session, actor.user_id, document_id)
            key = batches.storage_key(session, actor.user_id, document_id)
        if key is None or not 1 <= page <= document.pages:
            raise NotFound
        with self.storage.as_file(key) as path:
            return self.pictures.jpeg(path, document.media_type, page, width_px)

    def _judge(self, actor: Actor, document_id: UUID, state: ReviewState) -> None:
        owner, now = actor.user_id, self.clock.now()

        def work(session: Session) -> UUID | None:
            document = _found(session, owner, document_id)
            if not reviews.judge(session, owner, document_id, state, now):
                raise _not_completed()
            return document.batch_id

        self.feed.publish(owner, self.database.write(owner, work))


def label(name: str) -> str:
    """A field's name as people read it: `vendor_tax_id` as "Vendor tax ID"."""
    words = [w.upper() if w in _CAPITALS else w for w in name.split("_") if w]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _found(session: Session, owner: UUID, document_id: UUID) -> DocumentRow:
    document = batches.document(session, owner, document_id)
    if document is None:
        raise NotFound
    return document


def _completed(document: DocumentRow, result: ReadResult | None) -> ReadResult:
    if result is None or document.status is not DocumentStatus.COMPLETED:
        raise _not_completed()
    return result


def _not_completed() -> Conflict:
    return Conflict("Only a completed document can be reviewed.")


def _names(result: ReadResult) -> list[str]:
    """Every field of a document: what was read, what was asked for, what its type has."""
    read = [field.name for field in result.fields]
    return list(dict.fromkeys([*read, *result.missing, *FIELDS[result.kind]]))


def _fields(
    result: ReadResult, changed: dict[str, LastCorrection], *, is_approved: bool
) -> tuple[ReviewField, ...]:
    read = {field.name: field for field in result.fields}
    shown = [*read, *(name for name in result.missing if name not in read)]
    shown += [name for name in changed if name not in shown]
    return tuple(
        _field(name, read.get(name), changed.get(name), is_approved=is_approved) for name in shown
    )


def _field(
    name: str, read: Field | None, change: LastCorrection | None, *, is_approved: bool
) -> ReviewField:
    was = read.value if read else None
    is_edited = change is not None and change.value != (was or "")
    return ReviewField(
        name=name,
        label=label(name),
        value=change.value if change else was or "",
        original=was if is_edited else None,
        confidence=read.confidence if read else 0.0,
        page=read.page if read else None,
        box=read.box if read else None,
        quote=read.quote if read else None,
        state=_state(read, change, is_edited=is_edited, is_approved=is_approved),
    )


def _state(
    read: Field | None, change: LastCorrection | None, *, is_edited: bool, is_approved: bool
) -> FieldState:
    if is_edited:
        return FieldState.EDITED
    if read is None or not read.value:
        return FieldState.EMPTY
    if change or is_approved:
        return FieldState.CONFIRMED
    if not read.is_verified:
        return FieldState.FLAGGED
    return FieldState.UNCERTAIN if read.needs_check else FieldState.READ
