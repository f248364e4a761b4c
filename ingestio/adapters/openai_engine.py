"""ports.Classifier and ports.Extractor over any server that speaks OpenAI's API (Spec 7.1).

Answers in strict structured output; each value's quote is looked up on its page. One call a
question, no tools, no retries of its own: the services decide those. Leaves what is asked to
`openai_questions`, pages to `openai_pages`, reading the answer to `openai_answers`.
"""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any, Final

import openai
from openai.types.chat import ChatCompletion

from ingestio.adapters import openai_questions as questions
from ingestio.adapters.openai_answers import Question, Said, kind_of, result_of
from ingestio.adapters.openai_errors import translated
from ingestio.adapters.openai_pages import SentPage, read_pages, shielded
from ingestio.adapters.openai_prices import cost_microdollars
from ingestio.domain.results import Classification, Extraction, PageRange, Usage
from ingestio.engines.local import work
from ingestio.errors import AIBusy, AIUnavailable, Declined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.adapters.helper_processes import HelperPool
    from ingestio.domain.documents import DocumentKind
    from ingestio.ports import SourceDocument

TIMEOUT_S: Final = 120.0
READ_TIMEOUT_S: Final = 30.0
PICTURE_WIDTH_PX: Final = 1_200
CLASSIFY_PAGES: Final = 3


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
        self._has_known_prices = not base_url or "api.openai.com" in base_url
        self._model = model
        self._helpers = helpers
        self._not_before_s = 0.0

    def classify(self, document: SourceDocument) -> Classification:
        """See ports.Classifier."""
        pages = self._pages(document, PageRange(1, min(document.pages, CLASSIFY_PAGES)))
        return kind_of(self._ask(document, pages, questions.ASK_KIND, questions.kind_schema()))

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        """See ports.Extractor."""
        if kind is None and not (prompt or "").strip():
            kind = self.classify(document).kind
        part = document.part
        wanted = part.pages if part else PageRange(1, document.pages)
        pages = self._pages(document, wanted)
        task = questions.asked(prompt, kind, is_repair=bool(part and part.is_repair))
        said = self._ask(document, pages, task, questions.result_schema(kind))
        unread = _after(pages, wanted)
        return result_of(said, Question(self.name, kind, pages, unread, part is not None))

    def check(self) -> None:
        """Whether the service answers and knows the model.

        Raises:
            AIUnavailable
        """
        with translated():
            self._client.models.retrieve(self._model)

    def _pages(self, document: SourceDocument, wanted: PageRange) -> tuple[SentPage, ...]:
        path = document.path.resolve()
        return self._helpers.call(READ_TIMEOUT_S, read_pages, path, document.media_type, wanted)

    def _ask(
        self,
        document: SourceDocument,
        pages: Sequence[SentPage],
        task: str,
        answer_form: dict[str, Any],
    ) -> Said:
        messages: Any = [
            {"role": "system", "content": f"{questions.RULES}\n\n{task}"},
            {"role": "user", "content": self._parts(document, pages)},
        ]
        form: Any = answer_form
        self._heed_hold()
        try:
            with translated():
                completion = self._client.chat.completions.create(
                    model=self._model, messages=messages, response_format=form
                )
        except AIBusy as exc:
            self._not_before_s = time.monotonic() + (exc.retry_after_s or 0.0)
            raise
        return self._said(completion)

    def _heed_hold(self) -> None:
        """A time to come back is everybody's: also for documents that were in work already.

        Raises:
            AIBusy
        """
        left_s = self._not_before_s - time.monotonic()
        if left_s > 0:
            raise AIBusy("The AI provider asks us to slow down.", left_s)

    def _parts(self, document: SourceDocument, pages: Sequence[SentPage]) -> list[dict[str, Any]]:
        """The document as data: text where a page has it, else its picture."""
        parts: list[dict[str, Any]] = [_text("<document>")]
        for page in pages:
            if page.is_picture:
                parts += [_text(f"[page {page.number}]"), self._picture(document, page.number)]
            else:
                # A page can't close the document early: only we write these marks.
                parts.append(_text(f"[page {page.number}]\n{shielded(page.text)}"))
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

    def _said(self, completion: object) -> Said:
        """What was answered, be it nothing.

        Raises:
            Declined: the service does not want this document.
            AIUnavailable: what answered is no such service.
        """
        if not isinstance(completion, ChatCompletion):  # a proxy's page, with a 200
            raise AIUnavailable("What answers at the AI service's address is none.")
        usage = self._usage(completion)
        if not completion.choices:
            return Said("", is_cut=False, model=completion.model, usage=usage)
        choice = completion.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            raise Declined("The AI service declined to read this document.")
        is_cut = choice.finish_reason == "length"
        return Said(choice.message.content or "", is_cut, completion.model, usage)

    def _usage(self, completion: ChatCompletion) -> Usage:
        spent = completion.usage
        if spent is None:
            return Usage()
        tokens = (spent.prompt_tokens, spent.completion_tokens)
        cost = cost_microdollars(completion.model, *tokens) if self._has_known_prices else 0
        return Usage(*tokens, cost)


def _after(pages: Sequence[SentPage], wanted: PageRange) -> tuple[PageRange, ...]:
    """Of the wanted pages those that did not fit this question."""
    last = pages[-1].number if pages else wanted.last
    return (PageRange(last + 1, wanted.last),) if last < wanted.last else ()


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}
