"""A server that speaks OpenAI's /chat/completions and answers as a test tells it to."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from ingestio.domain.documents import EXTENSIONS
from ingestio.ports import SourceDocument

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parent / "samples"
TOKENS = {"prompt_tokens": 900, "completion_tokens": 70, "total_tokens": 970}


@dataclass(frozen=True)
class Say:
    """One answer. `error`: the body's error object of a status that is no 200."""

    content: str | None = "{}"
    finish: str = "stop"
    refusal: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)
    waits_s: float = 0.0
    resets: bool = False
    body: str | None = None
    """Instead of a completion, as it is."""


@dataclass
class Heard:
    """One request: its body, and when it came and was answered, in seconds."""

    body: dict[str, Any]
    authorization: str
    came_at_s: float
    said: Say | None = None
    answered_at_s: float = 0.0


def fields(*said: tuple[str, str, str | None, int | None], **more: Any) -> Say:
    """An answer in the form that is asked for: name, value, quote, page of each."""
    listed = [
        {"name": name, "value": value, "quote": quote, "page": page, "confidence": 0.93}
        for name, value, quote, page in said
    ]
    return Say(json.dumps({"kind": "invoice", "kind_confidence": 0.9, **more, "fields": listed}))


class ScriptedModel:
    """`says` answers each request by its body; `script` goes first, one a request."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.script: list[Say] = []
        self.says: Callable[[dict[str, Any]], Say] = lambda _body: Say()
        self.model = "scripted-1"
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def say(self, answer: Say) -> None:
        """The same to everything from now on."""
        self.says = lambda _body: answer

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies of all requests."""
        return [one.body for one in self.heard]

    def pages(self, request: int = -1) -> list[str]:
        """The marks of the pages that a request shows."""
        texts = [part["text"] for part in self.parts(request) if part["type"] == "text"]
        return [text.partition("\n")[0] for text in texts[1:-1]]

    def parts(self, request: int = -1) -> list[dict[str, Any]]:
        """A request's user message."""
        return self.asked[request]["messages"][1]["content"]

    def task(self, request: int = -1) -> str:
        """What a request asks."""
        return self.asked[request]["messages"][0]["content"]

    def _next(self, body: dict[str, Any]) -> Say:
        with self._lock:
            return self.script.pop(0) if self.script else self.says(body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                came_at_s = time.monotonic()
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                heard = Heard(body, self.headers["authorization"], came_at_s)
                model.heard.append(heard)
                heard.said = say = model._next(body)
                time.sleep(say.waits_s)
                with suppress(BrokenPipeError, ConnectionError):  # who asked has given up
                    self._answer(say)
                heard.answered_at_s = time.monotonic()

            def _answer(self, say: Say) -> None:
                if say.resets:
                    hard = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
                    self.connection.close()
                    return
                if say.status != 200:
                    said = json.dumps({"error": say.error})
                else:
                    said = say.body or json.dumps(model.completion(say))
                self.send_response(say.status)
                for name, value in {"content-type": "application/json", **say.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(said.encode())))
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, *_: object) -> None:
                """Nothing to say."""

        return Handler

    def completion(self, say: Say) -> dict[str, Any]:
        message = {"role": "assistant", "content": say.content, "refusal": say.refusal}
        return {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": self.model,
            "choices": [{"index": 0, "finish_reason": say.finish, "message": message}],
            "usage": TOKENS,
        }


def sample(name: str, pages: int = 1) -> SourceDocument:
    """A document to ask it about."""
    path = SAMPLES / name
    return SourceDocument(path, EXTENSIONS[path.suffix], pages, "0" * 64)


def long_pdf(path: Path, pages: int) -> Path:
    """A text of so many pages."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(600, 800))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = f"BT /F1 12 Tf 50 700 Td (This is page number {number} of a report) Tj ET"
        page.Contents = pdf.make_stream(text.encode())
    pdf.save(path)
    return path
