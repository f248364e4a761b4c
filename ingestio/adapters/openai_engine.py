"""ports.Classifier and ports.Extractor over any server that speaks OpenAI's API (Spec 7.1).

Answers in strict structured output; each value's quote is looked up on its page. One call a
document, no tools, no retries of its own: the processor decides those. Leaves what is asked to
`openai_questions`, pages to `openai_pages`.
"""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import openai
from pydantic import BaseModel, ValidationError

from ingestio.adapters import openai_questions as questions
from ingestio.adapters.openai_pages import (
    MAX_PICTURES,
    SentPage,
    find_quote,
    read_pages,
    shielded,
)
from ingestio.domain.documents import FIELDS
from ingestio.domain.results import Classification, Extraction, Field, Usage
from ingestio.engines.local import work
from ingestio.errors import AIUnavailable, NothingFound, Unreadable

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from openai.types.chat import ChatCompletion

    from ingestio.adapters.helper_processes import HelperPool
    from ingestio.adapters.openai_questions import Answer, FieldAnswer
    from ingestio.domain.documents import DocumentKind
    from ingestio.ports import SourceDocument

A = TypeVar("A", bound=BaseModel)
TIMEOUT_S: Final = 120.0
READ_TIMEOUT_S: Final = 30.0
PICTURE_WIDTH_PX: Final = 1_200
CLASSIFY_PAGES: Final = 3
UNVERIFIED_AT_MOST: Final = 0.5
"""The confidence of a value whose quote is not on its page."""
REFUSED: Final = "The AI service declined to read this document."


class OpenAIEngine:
    """Reads documents with a model elsewhere. Safe from many threads."""

    name: str = "openai"

    def __init__(
        self,
        api_key: str,
        base_url: str,
        model: str,
        helpers: HelperPool,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = openai.OpenAI(
            api_key=api_key or "none",  # a server of one's own may want none
            base_url=base_url or None,
            max_retries=0,
            timeout=timeout_s,
        )
        self._model = model
        self._helpers = helpers

    def classify(self, document: SourceDocument) -> Classification:
        """See ports.Classifier."""
        pages = self._pages(document)[:CLASSIFY_PAGES]
        completion = self._ask(document, pages, questions.ASK_KIND, questions.kind_schema())
        answer = _parsed(questions.KindAnswer, _content(completion))
        return Classification(answer.kind, _share(answer.confidence))

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        """See ports.Extractor."""
        if kind is None and not (prompt or "").strip():
            kind = self.classify(document).kind
        pages, schema = self._pages(document), questions.result_schema(kind)
        completion = self._ask(document, pages, questions.asked(prompt, kind), schema)
        content, is_cut = _content(completion), completion.choices[0].finish_reason == "length"
        answer = questions.salvaged(content, kind) if is_cut else _parsed(questions.Answer, content)
        fields = _fields(answer, pages, kind)
        if not fields and not is_cut:
            raise NothingFound("The AI service found nothing of what was asked for.")
        names = {field.name for field in fields}
        return Extraction(
            kind=kind or answer.kind,
            confidence=1.0 if kind else _share(answer.kind_confidence),
            fields=fields,
            engine=self.name,
            model=completion.model,
            missing=tuple(n for n in FIELDS[kind] if n not in names) if kind else (),
            is_complete=not is_cut,
            usage=_usage(completion),
        )

    def check(self) -> None:
        """Whether the service answers and knows the model.

        Raises:
            AIUnavailable
        """
        with _translated():
            self._client.models.retrieve(self._model)

    def _pages(self, document: SourceDocument) -> tuple[SentPage, ...]:
        path = document.path.resolve()
        return self._helpers.call(
            READ_TIMEOUT_S, read_pages, path, document.media_type, document.pages
        )

    def _ask(
        self,
        document: SourceDocument,
        pages: Sequence[SentPage],
        task: str,
        answer_form: dict[str, Any],
    ) -> ChatCompletion:
        messages: Any = [
            {"role": "system", "content": f"{questions.RULES}\n\n{task}"},
            {"role": "user", "content": self._parts(document, pages)},
        ]
        form: Any = answer_form
        with _translated():
            completion = self._client.chat.completions.create(
                model=self._model, messages=messages, response_format=form
            )
        if not completion.choices:
            raise AIUnavailable("The AI service sent an empty answer.")
        return completion

    def _parts(self, document: SourceDocument, pages: Sequence[SentPage]) -> list[dict[str, Any]]:
        """The document as data: text where a page has it, else its picture."""
        parts: list[dict[str, Any]] = [_text("<document>")]
        pictures = 0
        for page in pages:
            if not page.is_picture:
                # A page can't close the document early: only we write these marks.
                parts.append(_text(f"[page {page.number}]\n{shielded(page.text)}"))
            elif pictures < MAX_PICTURES:
                pictures += 1
                parts += [_text(f"[page {page.number}]"), self._picture(document, page.number)]
        return [*parts, _text("</document>")]

    def _picture(self, document: SourceDocument, page: int) -> dict[str, Any]:
        jpeg = self._helpers.call(
            READ_TIMEOUT_S,
            work.draw,
            document.path.resolve(),
            document.media_type,
            page,
            PICTURE_WIDTH_PX,
        )
        url = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        return {"type": "image_url", "image_url": {"url": url, "detail": "high"}}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _content(completion: ChatCompletion) -> str:
    """What was answered.

    Raises:
        Unreadable: the service declined, for good.
        AIUnavailable: it said nothing.
    """
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise Unreadable(REFUSED)
    if not choice.message.content:
        raise AIUnavailable("The AI service sent an empty answer.")
    return choice.message.content


def _parsed(form: type[A], content: str) -> A:
    try:
        return form.model_validate_json(content)
    except ValidationError as exc:
        raise AIUnavailable("The AI service's answer has not the form it was asked for.") from exc


def _fields(
    answer: Answer, pages: Sequence[SentPage], kind: DocumentKind | None
) -> tuple[Field, ...]:
    """The answer's values with their evidence, each name once."""
    by_number = {page.number: page for page in pages}
    found: dict[str, Field] = {}
    for said in answer.fields[: questions.MAX_FIELDS]:
        name = questions.field_name(said.name)
        is_ours = kind is None or name in FIELDS[kind]
        if name and is_ours and said.value.strip() and name not in found:
            found[name] = _field(name, said, by_number)
    return tuple(found.values())


def _field(name: str, said: FieldAnswer, pages: dict[int, SentPage]) -> Field:
    page = pages.get(said.page or 0)
    box = find_quote(page, said.quote or "") if page else None
    confidence = _share(said.confidence)
    return Field(
        name,
        said.value.strip(),
        confidence if box else min(confidence, UNVERIFIED_AT_MOST),
        page.number if page else None,
        box,
        said.quote,
        is_verified=box is not None,
    )


def _share(number: float) -> float:
    return min(1.0, max(0.0, number))


def _usage(completion: ChatCompletion) -> Usage:
    spent = completion.usage
    return Usage(spent.prompt_tokens, spent.completion_tokens) if spent else Usage()


@contextmanager
def _translated() -> Generator[None]:
    """The vendor's errors as ours: what may work later, and what never will."""
    try:
        yield
    except openai.RateLimitError as exc:
        raise AIUnavailable("The AI service is busy.", _retry_after_s(exc) or 1.0) from exc
    except (openai.AuthenticationError, openai.PermissionDeniedError) as exc:
        msg = "The AI service refused our key. The operator has to check OPENAI_API_KEY."
        raise AIUnavailable(msg) from exc
    except openai.NotFoundError as exc:
        msg = "The AI service does not know this model or address. Check OPENAI_MODEL."
        raise AIUnavailable(msg) from exc
    except (openai.BadRequestError, openai.UnprocessableEntityError) as exc:
        raise Unreadable("The AI service can't take this document.") from exc
    except openai.APIStatusError as exc:
        raise AIUnavailable("The AI service has a problem.", _retry_after_s(exc)) from exc
    except openai.APITimeoutError as exc:
        raise AIUnavailable("The AI service took too long.") from exc
    except openai.APIError as exc:
        raise AIUnavailable("The AI service can't be reached.") from exc


def _retry_after_s(exc: openai.APIStatusError) -> float | None:
    try:
        return max(0.0, float(exc.response.headers.get("retry-after", "")))
    except ValueError:
        return None
