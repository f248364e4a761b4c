"""What step 3 says of a draft: facts, quote, shortage. Pure, from records to words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ingestio.domain.usage import WhenPagesRunOut
from ingestio.web import format as fmt
from ingestio.web.upload.views import STRATEGY_LABELS

if TYPE_CHECKING:
    from ingestio.domain.drafts import BatchDraft, StagedFile
    from ingestio.domain.usage import PageBalance, Quote


class Fact(TypedDict):
    """A line: what it is, its value, and a quiet word after it."""

    label: str
    value: str
    note: str


class ReviewFile(TypedDict):
    """A file of the list that is about to be submitted."""

    id: str
    name: str
    is_picture: bool
    about: str
    prompt: str


class Shortage(NamedTuple):
    """What happens to what does not fit; empty where all fits."""

    title: str = ""
    text: str = ""


class Shares(NamedTuple):
    """The quote as a bar: percent and words of what starts and what does not."""

    starts: float
    starts_words: str
    short_words: str


def facts(draft: BatchDraft, quote: Quote, estimate: tuple[float, float] | None) -> list[Fact]:
    """The card's lines (Spec 4.1, step 3)."""
    files = draft.valid_files
    size = fmt.size(sum(file.size_bytes for file in files))
    starts = quote.pages - quote.short_pages
    note = f"for the {fmt.count(starts, 'page')} that can start now, measured on recent documents"
    return [
        Fact(label="Files", value=f"{fmt.count(len(files), 'file')}, {size}", note=""),
        Fact(label="Pages", value=f"{draft.pages:,}", note=""),
        Fact(label="Strategy", value=STRATEGY_LABELS[draft.strategy], note=""),
        Fact(label="Processing", value="Standard", note=""),
        Fact(label="Estimate", value=fmt.estimate(*estimate), note=note)
        if estimate
        else Fact(label="Estimate", value="No estimate yet", note=""),
    ]


def quote_lines(quote: Quote, balance: PageBalance, when: WhenPagesRunOut) -> list[Fact]:
    """What the batch will use and what is left then."""
    starts = quote.pages - quote.short_pages
    lines = [
        _line("This batch uses", quote.pages),
        _line("Left on your plan now", balance.left_pages),
    ]
    if quote.short_documents:
        lines.append(_line(f"Starts now, {_documents(quote.fits_documents)}", starts))
    lines.append(_line("Left after that", quote.left_after))
    if quote.short_documents:
        verb = "Waits" if when is WhenPagesRunOut.WAIT else "Fails"
        lines.append(_line(f"{verb}, {_documents(quote.short_documents)}", quote.short_pages))
    return lines


def _line(label: str, pages: int) -> Fact:
    return Fact(label=label, value=fmt.count(pages, "page"), note="")


def _documents(number: int) -> str:
    return fmt.count(number, "document")


def shares(quote: Quote, when: WhenPagesRunOut) -> Shares:
    """The bar over the quote."""
    starts = quote.pages - quote.short_pages
    verb = "wait" if when is WhenPagesRunOut.WAIT else "fail"
    return Shares(
        round(100 * starts / quote.pages, 2) if quote.pages else 100.0,
        f"{starts:,} start now",
        f"{quote.short_pages:,} {verb}" if quote.short_pages else "",
    )


def shortage(quote: Quote, balance: PageBalance, when: WhenPagesRunOut) -> Shortage:
    """What becomes of the documents that do not fit, and what helps."""
    if not quote.short_documents:
        return Shortage()
    documents, pages = _documents(quote.short_documents), fmt.count(quote.short_pages, "page")
    is_one = quote.short_documents == 1
    if when is WhenPagesRunOut.WAIT:
        they = "It goes on by itself" if is_one else "They go on by themselves"
        day = fmt.day(balance.period_end)
        return Shortage(
            f"{documents} will wait for {pages}.",
            f"{they} after an upgrade, a grant of pages, or on {day}.",
        )
    them = "it" if is_one else "them"
    return Shortage(
        f"{documents} will fail for want of {pages}.",
        f"Nothing is charged for {them}. Retry {them} after an upgrade or a grant of pages.",
    )


def review_files(draft: BatchDraft, left_pages: int) -> list[ReviewFile]:
    """The files in order, each with its pages; what does not fit says so."""
    rows: list[ReviewFile] = []
    for file in draft.valid_files:
        fits = (file.pages or 0) <= left_pages
        left_pages -= (file.pages or 0) if fits else 0
        rows.append(_review_file(file, draft.when_pages_run_out, fits=fits))
    return rows


def _review_file(file: StagedFile, when: WhenPagesRunOut, *, fits: bool) -> ReviewFile:
    verb = "Waits for pages · " if when is WhenPagesRunOut.WAIT else "No pages left · "
    words = f"{fmt.count(file.pages or 0, 'page')} · {fmt.size(file.size_bytes)}"
    return ReviewFile(
        id=str(file.id),
        name=file.filename,
        is_picture=fmt.is_picture(file.filename),
        about=words if fits else verb + words,
        prompt=file.prompt or "",
    )
