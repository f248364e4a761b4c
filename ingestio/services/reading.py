"""How a document is asked about in parts, and once more where an answer came cut (reliability).

Answers one result of as many answers as it takes. Leaves what a part is asked, and keeping each
answer, to whoever passes in how to ask.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingestio.domain import wording
from ingestio.domain.parts import merged, repaired
from ingestio.domain.results import PageRange, Part
from ingestio.domain.retries import shortfall
from ingestio.errors import Incomplete, NothingFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.domain.documents import DocumentKind
    from ingestio.domain.results import Extraction
    from ingestio.ports import Extractor, SourceDocument

    Ask = Callable[[Part | None], Extraction]


def whole(ask: Ask, pages: int) -> Extraction:
    """A document's result: all of its pages read, or all found that was asked for by name."""
    found = _sound(ask, None, PageRange(1, pages))
    is_done_when_found, rest = bool(found.missing), list(found.unread)
    while rest and not (is_done_when_found and not found.missing):
        part = rest.pop(0)
        more = _sound(ask, Part(part), part)
        rest = [*more.unread, *rest]
        found = merged([found, more])
    return replace(found, unread=())


def read_at_once(
    extractor: Extractor, source: SourceDocument, prompt: str | None, kind: DocumentKind | None
) -> Extraction:
    """A file's whole result, where nothing is kept for later.

    Raises:
        Incomplete, NothingFound: it is no success.
        DocumentRejected, Unavailable
    """
    found = whole(
        lambda part: extractor.extract(replace(source, part=part), prompt, kind), source.pages
    )
    match shortfall(found):
        case Incomplete.code as code:
            raise Incomplete(wording.short(code))
        case NothingFound.code as code:
            raise NothingFound(wording.short(code))
        case _:
            return found


def _sound(ask: Ask, part: Part | None, pages: PageRange) -> Extraction:
    """An answer, asked once more in smaller parts where it came cut, malformed or too short."""
    answer = ask(part)
    if answer.is_complete:
        return answer
    read = _without(pages, answer.unread)
    return repaired(answer, [ask(Part(half, is_repair=True)) for half in read.halves])


def _without(pages: PageRange, unread: tuple[PageRange, ...]) -> PageRange:
    """The pages that an answer did rest on: those before the first that it left out."""
    last = min((left.first - 1 for left in unread), default=pages.last)
    return PageRange(pages.first, max(pages.first, last))
