"""What the wizard's states show of a draft: pure, from records to words.

Every refusal that the page makes by itself is the server's own sentence, taken from the domain by
example, so that the two can't differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from ingestio.domain.documents import EXTENSIONS, MAX_FILE_BYTES, DocumentKind
from ingestio.domain.drafts import judge_name, judge_size, problems
from ingestio.domain.plans import PLANS
from ingestio.domain.prompts import PromptStrategy, default_prompt
from ingestio.domain.transfers import Occupied, judge_head, judge_place, sniff
from ingestio.errors import DocumentRejected, InvalidDraft, Refused
from ingestio.web import format as fmt
from ingestio.web.components.confirm import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ingestio.domain.drafts import BatchDraft, StagedFile
    from ingestio.domain.plans import Entitlement, Plan

FILES, PROMPTS, REVIEW = "files", "prompts", "review"
STEPS = ((FILES, "Files"), (PROMPTS, "Prompts"), (REVIEW, "Review"))
STRATEGY_LABELS: dict[PromptStrategy, str] = {
    PromptStrategy.GLOBAL: "Global Prompt",
    PromptStrategy.PER_DOCUMENT: "Per-Document Prompt",
    PromptStrategy.AUTO: "Auto-Detect & Prompt",
}
KIND_LABELS: dict[DocumentKind, str] = {
    kind: kind.value.replace("_", " ").capitalize() for kind in DocumentKind
}
PARALLEL_TRANSFERS = 3
MAX_LAST_PROMPTS = 5
LAST = "last:"
HEADS = {
    "pdf": b"%PDF-",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "other": b"",
}
"""What the browser tells apart by the first bytes, each with an example."""
_MARK = "MARK"
_OVERSIZE_MB = 999_999


class FileRow(TypedDict):
    """A staged file as the list draws it; words where a person reads, numbers where a bar does."""

    id: str
    name: str
    size: str
    size_bytes: int
    received_bytes: int
    pages: str
    status: str
    code: str
    message: str
    note_href: str


class PromptRow(TypedDict):
    """A valid file beside its prompt."""

    id: str
    name: str
    head: str
    tail: str
    is_picture: bool
    about: str
    is_last: bool


def file_rows(draft: BatchDraft | None) -> list[FileRow]:
    """Every staged file, refused ones too, in order."""
    return [_file_row(file) for file in draft.files] if draft else []


def _file_row(file: StagedFile) -> FileRow:
    return FileRow(
        id=str(file.id),
        name=file.filename,
        size=fmt.size(file.size_bytes),
        size_bytes=file.size_bytes,
        received_bytes=file.received_bytes,
        pages=fmt.count(file.pages, "page") if file.pages and file.is_valid else "",
        status=file.status.value,
        code=file.error_code or "",
        message=file.error_message or file.note or "",
        note_href=file.note_href or "",
    )


def prompt_rows(draft: BatchDraft | None) -> list[PromptRow]:
    """The valid files, in order."""
    files = list(draft.valid_files) if draft else []
    return [_prompt_row(file, is_last=file is files[-1]) for file in files]


def _prompt_row(file: StagedFile, *, is_last: bool) -> PromptRow:
    head, tail = fmt.middle(file.filename)
    return PromptRow(
        id=str(file.id),
        name=file.filename,
        head=head,
        tail=tail,
        is_picture=fmt.is_picture(file.filename),
        about=f"{fmt.count(file.pages or 0, 'page')} · {fmt.size(file.size_bytes)}",
        is_last=is_last,
    )


def texts_of(draft: BatchDraft | None) -> dict[str, str]:
    """Each valid file's own prompt, by staged file id."""
    return {str(file.id): file.prompt or "" for file in draft.valid_files} if draft else {}


def without_prompt(texts: Mapping[str, str]) -> list[str]:
    """The files whose prompt is blank."""
    return [file_id for file_id, text in texts.items() if not text.strip()]


def pages_words(draft: BatchDraft | None) -> str:
    """`30 pages counted`; empty where there are none."""
    return f"{fmt.count(draft.pages, 'page')} counted" if draft and draft.pages else ""


def discard_question(draft_id: str, files: int) -> Question:
    """What goes with a draft, before it goes."""
    goes = f"{fmt.count(files, 'file')} and the prompts written here"
    return Question(
        id=draft_id,
        title="Discard this draft?",
        text=f"This removes {goes}. It can't be undone. Nothing was charged.",
        action="Discard draft",
    )


def came_back_words(draft: BatchDraft) -> str:
    """What is still there of a draft from before."""
    files, pages = fmt.count(len(draft.valid_files), "file"), fmt.count(draft.pages, "page")
    return f"{files} ready, {pages}, last changed {_moment(draft.updated_at)}."


def _moment(at: datetime) -> str:
    return f"{at.day} {at:%b}, {at:%H:%M} UTC"


def blocked(step: str, draft: BatchDraft | None, right: Entitlement, transfers: int) -> str:
    """Why it does not go on from a step, in the domain's words; empty where it does.

    `transfers` are those that only the browser knows of.
    """
    if transfers:
        return f"{fmt.count(transfers, 'file')} still in transfer"
    if draft is None:
        return "Add a file to go on"
    found = [p for p in problems(draft, right) if _step_of(p.field) == step or step == REVIEW]
    missing = [p for p in found if p.field.startswith("prompts.")]
    if len(missing) > 1:
        return f"{fmt.count(len(missing), 'file needs', 'files need')} a prompt"
    return found[0].message if found else ""


def _step_of(field: str) -> str:
    if field == "files":
        return FILES
    return PROMPTS if field.startswith("prompt") else REVIEW


def furthest(step: str, draft: BatchDraft | None) -> str:
    """The step of an address, as far as the draft carries it."""
    return step if step in {PROMPTS, REVIEW} and draft and draft.valid_files else FILES


def uploader_limits(plan: Plan) -> dict[str, Any]:
    """The numbers of Spec 3 for the browser, and the lines under the drop zone."""
    return {
        "extensions": list(EXTENSIONS),
        "max_bytes": MAX_FILE_BYTES,
        "max_files": plan.files_per_batch,
        "parallel": PARALLEL_TRANSFERS,
        "lines": [
            f"Max files per batch: {plan.files_per_batch}",
            "Allowed types: PDF, JPG, PNG",
            f"Max file size: {MAX_FILE_BYTES // 1_048_576}MB",
        ],
        "more": _way_out(plan),
    }


def _way_out(plan: Plan) -> str:
    most = max(PLANS.values(), key=lambda p: p.files_per_batch)
    if plan.files_per_batch >= most.files_per_batch:
        return "Choose fewer, or submit these first."
    return f"Choose fewer, or upgrade for {most.files_per_batch} files a batch."


def uploader_words(plan: Plan) -> dict[str, Any]:
    """The server's refusals as sentences with a place for what differs.

    `inside` says, by what a name claims and what the first bytes are, what is wrong with the two.
    """
    full = Occupied(files=plan.files_per_batch, transfers=0, staged_bytes=0)
    size_bytes = _OVERSIZE_MB * 1_048_576
    return {
        "unsupported": _said(judge_name, f"a.{_MARK}").replace(_MARK, "{extension}"),
        "untyped": _said(judge_name, "a"),
        "empty": _said(judge_size, 0),
        "too_large": _said(judge_size, size_bytes).replace(f"{_OVERSIZE_MB:,.1f}", "{megabytes}"),
        "full": _said(judge_place, full, plan, 1),
        "inside": {
            extension: {
                found: _said(judge_head, head, claimed) if sniff(head) is not claimed else ""
                for found, head in HEADS.items()
            }
            for extension, claimed in EXTENSIONS.items()
        },
    }


def _said(judge: Callable[..., object], *case: object) -> str:
    """The sentence with which a judge refuses this case."""
    try:
        judge(*case)
    except InvalidDraft as refusal:
        return refusal.problems[0].message
    except DocumentRejected as refusal:
        return refusal.message
    msg = f"{judge.__name__} lets {case} pass"
    raise AssertionError(msg)


def last_prompts(prompts: Sequence[str | None]) -> list[str]:
    """The user's own last texts, newest first, each once."""
    texts = [text.strip() for text in prompts if text and text.strip()]
    return list(dict.fromkeys(texts))[:MAX_LAST_PROMPTS]


def starting_text(start: str, last: Sequence[str]) -> str:
    """The text of a starting point: a type's default prompt, or one of the last ones (`last:0`)."""
    if start.startswith(LAST):
        place = start.removeprefix(LAST)
        return last[int(place)] if place.isdigit() and int(place) < len(last) else ""
    return default_prompt(DocumentKind(start)) if start in set(DocumentKind) else ""


def started(text: str, start: str, last: Sequence[str]) -> str:
    """A text with a starting point: in place of another one, else below what was typed."""
    known = {default_prompt(kind) for kind in DocumentKind} | set(last)
    if not start or not text.strip() or text.strip() in known:
        return start or text
    return f"{text.rstrip()}\n{start}"


def filled_below(texts: Mapping[str, str], file_id: str) -> dict[str, str]:
    """The prompts that change when one is used for all files below it."""
    order = list(texts)
    below = order[order.index(file_id) + 1 :] if file_id in texts else []
    return {other: texts[file_id] for other in below if texts[other] != texts[file_id]}


def above(texts: Mapping[str, str], file_id: str) -> str:
    """The nearest prompt above a file's own that is not blank."""
    order = list(texts)
    before = order[: order.index(file_id)] if file_id in texts else []
    return next((texts[other] for other in reversed(before) if texts[other].strip()), "")


def refusal_words(error: Refused) -> list[str]:
    """A refused submission, each problem a line."""
    if isinstance(error, InvalidDraft) and error.problems:
        return [problem.message for problem in error.problems]
    return [error.message]
