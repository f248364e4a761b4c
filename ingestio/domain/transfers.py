"""A file on its way in: what may begin, and what its first bytes must be.

Answers whether there is a place left for one more file, what type the first bytes are, and whether
that is what the name claims (Spec 5.1). Leaves names and sizes to `drafts`, opening to the page
counter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ingestio.domain.documents import MAX_FILE_BYTES, MediaType
from ingestio.errors import InvalidDraft, Problem, RateLimited, UnsupportedType

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.domain.plans import Plan

HEAD_BYTES = 1_024
"""The type must show in these: `%PDF` further in is refused."""
MAX_OPEN_TRANSFERS = 120
"""One user's files in transfer at once, over all drafts: one whole batch and some."""
KEPT_UNTOUCHED = timedelta(hours=24)
"""What nobody has touched for so long is removed: drafts, and files that never arrived whole."""
MAX_STAGED_BYTES = 200 * MAX_FILE_BYTES
"""What one user's drafts may hold on our disks: two full batches of the largest files."""
WORDS: dict[MediaType, tuple[str, str]] = {
    MediaType.PDF: ("a PDF", ".pdf"),
    MediaType.JPEG: ("a JPG picture", ".jpg"),
    MediaType.PNG: ("a PNG picture", ".png"),
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """One file in transfer: `offset` bytes of `size_bytes` are safe on the server."""

    id: UUID
    draft_id: UUID
    filename: str
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Occupied:
    """What a user has staged: files that count in the draft, and transfers and bytes in all."""

    files: int
    transfers: int
    staged_bytes: int


def judge_place(occupied: Occupied, plan: Plan, size_bytes: int) -> None:
    """Refuse one file more than the batch, the user or the disk has room for.

    Raises:
        InvalidDraft: the batch is full, or the user's drafts hold too much.
        RateLimited: too many transfers at once.
    """
    if occupied.files >= plan.files_per_batch:
        words = (
            f"A batch on {plan.label} holds {plan.files_per_batch} files, and this one is full. "
            "Remove some, or submit these first."
        )
        raise InvalidDraft([Problem("files", "too_many_files", words)])
    if occupied.transfers >= MAX_OPEN_TRANSFERS:
        raise RateLimited(
            f"{occupied.transfers} files are in transfer already. Wait until some are through.", 10
        )
    if occupied.staged_bytes + size_bytes > MAX_STAGED_BYTES:
        words = "Your drafts hold as much as they may. Submit or discard one."
        raise InvalidDraft([Problem("files", "too_many_bytes", words)])


def sniff(head: bytes) -> MediaType | None:
    """The type that the first bytes show, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    return MediaType.PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def is_webp(head: bytes) -> bool:
    """Whether the first bytes are a WebP picture's."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def judge_head(head: bytes, claimed: MediaType) -> None:
    """Refuse a file whose first bytes are not what its name claims.

    One exception: browsers save WebP pictures under .png and .jpg names, and whoever has such a
    file can't see it. It is let in to be rewritten as what its name says.

    Raises:
        UnsupportedType: another type, named where we know it.
    """
    found = sniff(head)
    if found is claimed or (is_webp(head) and claimed is not MediaType.PDF):
        return
    if found is None:
        raise UnsupportedType(
            f"Inside, this is not {WORDS[claimed][0]}. Save it as PDF, JPG or PNG and add that."
        )
    what, suffix = WORDS[found]
    raise UnsupportedType(
        f"This is {what} named {WORDS[claimed][1]}. Name it {suffix} and add it again."
    )
