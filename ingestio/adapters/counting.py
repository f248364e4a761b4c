"""Counts the pages of one untrusted file. Runs in a limited child that does nothing else.

Answers what a file is by content and how many pages it has, or why it is refused. Light on purpose:
the fork server imports it once, and every child starts from there. Leaves processes, time-outs and
deaths to `page_counter`.

Two readers must agree on a PDF's pages, for each alone can be lied to: `/Count` deceives pdfium.
Where they differ, or only one opens it, what is kept is a rewritten copy that both count the same.
A damaged file needs a third that does not contradict them.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing.forkserver
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import judge_name
from ingestio.domain.transfers import HEAD_BYTES, is_webp, judge_head
from ingestio.errors import (
    DocumentRejected,
    EmptyFile,
    Encrypted,
    NoPages,
    PageCountDisputed,
    TooBigInside,
    TooManyPages,
    Unreadable,
    UnsupportedType,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

Rewrite: TypeAlias = "Callable[[Path, Path], None]"
MEMORY_BYTES: Final = 768 * 1_048_576
SWOLLEN_BYTES: Final = 256 * 1_048_576
"""No honest file of 50 MB made its readers take this much (largest seen: 72 MB)."""
CPU_S: Final = 2
CPU_SOFT_S: Final = 1.7
"""Ends a child a little before RLIMIT_CPU, which only knows whole seconds."""
OPINION_S: Final = 0.8
FILE_BYTES: Final = 128 * 1_048_576
DESCRIPTORS: Final = 64
PR_SET_PDEATHSIG: Final = 1

DAMAGED: Final = "The file is damaged and can't be opened. Export it again from its source."
PROTECTED: Final = "Protected with a password. Save a copy without it and add that one."
EMPTY_PDF: Final = "This PDF has no pages. Choose another file."
TOO_BIG: Final = (
    "This file opens to more than the limits allow. Save it smaller, or print it to PDF."
)
DISPUTED: Final = "Its pages can't be counted for certain. Print it to PDF and add that one."


@dataclass(frozen=True, slots=True)
class CountLimits:
    """The caps of Spec 3, and where a repaired copy may be written."""

    max_pages: int
    max_pixels: int
    max_side_pixels: int
    scratch: Path


def die_with_parent() -> None:
    """Be killed when the process that made this one ends, however it ends (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if getattr(sys.modules["__main__"], "main", None) is multiprocessing.forkserver.main:
    # Imported by the fork server itself, which would outlive a server killed with -9.
    die_with_parent()


def count(path: str, filename: str, limits: CountLimits) -> tuple[MediaType, int, Path | None]:
    """Type, pages, and the repaired copy where there had to be one.

    Raises:
        DocumentRejected: one of its family, with the next step in its sentence.
    """
    die_with_parent()
    _limit()
    try:
        return _count(Path(path), filename, limits)
    except MemoryError:
        raise TooBigInside(TOO_BIG) from None


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    signal.setitimer(signal.ITIMER_PROF, CPU_SOFT_S)


def _count(path: Path, filename: str, limits: CountLimits) -> tuple[MediaType, int, Path | None]:
    claimed = judge_name(filename)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise EmptyFile("The file is empty. Choose another file.")
    judge_head(head, claimed)
    if claimed is MediaType.PDF:
        pages, repaired = _pdf(path, limits)
        return claimed, pages, repaired
    return claimed, 1, _picture(path, claimed, limits, is_disguised=is_webp(head))


def _picture(
    path: Path, claimed: MediaType, limits: CountLimits, *, is_disguised: bool
) -> Path | None:
    """Open and decode all of it; MPO and APNG are one page, their first picture.

    A WebP in disguise gives a copy that is what its name says; an animated one is refused.
    """
    from PIL import Image  # noqa: PLC0415  loaded once, by the fork server

    Image.MAX_IMAGE_PIXELS = None  # our own caps are checked before a pixel is decoded
    name = "JPEG" if claimed is MediaType.JPEG else "PNG"
    try:
        # Without `formats` an .eps named .jpg would start Ghostscript.
        with Image.open(path, formats=("WEBP" if is_disguised else name,)) as image:
            _judge_pixels(image.width, image.height, limits)
            image.load()
            return _undisguised(image, name, path, limits) if is_disguised else None
    except (DocumentRejected, MemoryError):
        raise
    except Exception:  # noqa: BLE001  Pillow raises whatever its decoders raise
        raise Unreadable(DAMAGED) from None


def _undisguised(image: Image, name: str, path: Path, limits: CountLimits) -> Path:
    if getattr(image, "is_animated", False):
        raise UnsupportedType("This is an animation. Save the picture you need as PNG.")
    limits.scratch.mkdir(parents=True, exist_ok=True)
    copy = limits.scratch / f"{path.stem}.repaired"
    # Quick rather than small: the child's processor time is short.
    image.convert("RGB").save(copy, name, quality=95, compress_level=1)
    return copy


def _judge_pixels(width: int, height: int, limits: CountLimits) -> None:
    if max(width, height) > limits.max_side_pixels:
        raise TooBigInside(
            f"{width:,} x {height:,} pixels is over the limit of {limits.max_side_pixels:,} "
            "a side. Save it smaller."
        )
    if width * height > limits.max_pixels:
        raise TooBigInside(
            f"{width * height / 1e6:,.1f} million pixels are over the limit of "
            f"{limits.max_pixels / 1e6:,.0f} million. Save it smaller."
        )


def _pdf(path: Path, limits: CountLimits) -> tuple[int, Path | None]:
    drawn = _by_pdfium(path)
    if isinstance(drawn, int) and drawn > limits.max_pages:
        # Before the second opinion: a tree of 10^10 pages would take it for ever.
        raise _too_many(drawn, limits)
    walked, is_mended = _by_pikepdf(path)
    if _peak_bytes() > SWOLLEN_BYTES:
        # qpdf takes its own want of memory for damage, and goes on with what it can save.
        raise TooBigInside(TOO_BIG)
    if walked == 0 or (drawn == 0 and not isinstance(walked, int)):
        raise NoPages(EMPTY_PDF)
    pages, rewrite = _agreed(path, drawn, walked)
    if (is_mended or drawn != walked) and _by_pypdf(path) not in {None, pages}:
        # Each reader mends a damaged file in its own way, and two may mend it wrongly alike.
        raise PageCountDisputed(DISPUTED)
    if pages > limits.max_pages:
        raise _too_many(pages, limits)
    return pages, rewrite and _rewritten(path, pages, rewrite, limits)


def _agreed(path: Path, drawn: int | str, walked: int | str) -> tuple[int, Rewrite | None]:
    """The pages, and who must rewrite the file where its readers don't agree as it is."""
    match drawn, walked:
        case int(), int() if drawn == walked:
            return drawn, None
        case int(), int():
            if _by_pypdf(path) != walked:
                raise PageCountDisputed(DISPUTED)
            return walked, _rewrite_by_pikepdf
        case _, int():
            return walked, _rewrite_by_pikepdf
        case int(), _:
            # Seen with crypt filters that lock the attachments only.
            return drawn, _rewrite_by_pdfium
        case _ if "encrypted" in {drawn, walked}:
            raise Encrypted(PROTECTED)
        case _:
            raise Unreadable(DAMAGED)


def _by_pdfium(path: Path) -> int | str:
    import pypdfium2  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    try:
        return len(pypdfium2.PdfDocument(path))
    except pypdfium2.PdfiumError as error:
        return "encrypted" if "password" in str(error).lower() else "damaged"


def _by_pikepdf(path: Path) -> tuple[int | str, bool]:
    """Its pages, and whether it had to mend the file to find them."""
    import pikepdf  # noqa: PLC0415  loaded once, by the fork server

    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return len(pdf.pages), bool(pdf.get_warnings())
    except pikepdf.PasswordError:
        return "encrypted", False
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  qpdf's errors come in many types
        return "damaged", False


def _by_pypdf(path: Path) -> int | None:
    """A third opinion, where it has one before its time is up."""
    from pypdf import PdfReader  # noqa: PLC0415  loaded once, by the fork server

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells every oddity of a hostile file
    signal.signal(signal.SIGVTALRM, _time_is_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, OPINION_S)
    try:
        return len(PdfReader(path).pages)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  pypdf raises whatever the file makes it raise
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _time_is_up(*_: object) -> None:
    raise TimeoutError


def _rewritten(path: Path, pages: int, rewrite: Rewrite, limits: CountLimits) -> Path:
    """A copy that all readers count the same: what is drawn is what is charged."""
    limits.scratch.mkdir(parents=True, exist_ok=True)
    copy = limits.scratch / f"{path.stem}.repaired"
    try:
        rewrite(path, copy)
        both = (_by_pdfium(copy), _by_pikepdf(copy)[0])
        if both == (pages, pages) and _by_pypdf(copy) in {None, pages}:
            return copy
    except (MemoryError, DocumentRejected):
        copy.unlink(missing_ok=True)
        raise
    except Exception:  # noqa: BLE001  readers raise whatever the file makes them raise
        copy.unlink(missing_ok=True)
        raise Unreadable(DAMAGED) from None
    copy.unlink(missing_ok=True)
    raise PageCountDisputed(DISPUTED)


def _rewrite_by_pikepdf(path: Path, copy: Path) -> None:
    import pikepdf  # noqa: PLC0415  loaded once, by the fork server

    with pikepdf.open(path) as pdf:
        pdf.save(copy)


def _rewrite_by_pdfium(path: Path, copy: Path) -> None:
    import pypdfium2  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    pdf = pypdfium2.PdfDocument(path)
    pdf.save(copy, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)  # pyright: ignore[reportUnknownMemberType]


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _too_many(pages: int, limits: CountLimits) -> TooManyPages:
    return TooManyPages(
        f"{pages:,} pages are over the limit of {limits.max_pages:,} a file. "
        "Split it and add the parts."
    )
