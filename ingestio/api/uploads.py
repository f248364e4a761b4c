"""Resumable uploads: tus 1.0.0 under `/api/v1/uploads` (Spec 9.1).

Its core, and the extensions creation, termination, expiration and checksum.

Answers protocol questions and streams bytes with bounded memory. Refusals come in this order: 412
version, 401, 413 length, 415 extension, then the rest; all of them before a byte of the body is
read. Leaves everything about files to `services.intake`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from email.utils import format_datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from ingestio.api.checksums import ALGORITHMS, Checksum
from ingestio.api.drain import drain
from ingestio.api.errors import answer
from ingestio.api.identity import SignedIn, SignedInRoute
from ingestio.bootstrap import call, services
from ingestio.domain.documents import MAX_FILE_BYTES
from ingestio.domain.drafts import judge_size
from ingestio.domain.transfers import HEAD_BYTES
from ingestio.errors import (
    IngestioError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    UnsupportedType,
)
from ingestio.services.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from ingestio.services.writing import Writer

    Judge = Callable[[bytes], Awaitable[None]]

VERSION: Final = "1.0.0"
PREFIX: Final = "/api/v1/uploads"
HEADERS: Final = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
BODY_TYPE: Final = "application/offset+octet-stream"
WRITE_BYTES: Final = 262_144
"""Fits into a processor's cache: a fifth less processor time than 1 MiB."""
WRITE_AFTER_S: Final = 1.0
"""On a slow line less is written, so that what came is safe and the writer is seen to live."""
IDLE_S: Final = 30.0
"""A sender that is silent for so long is hung up on; it goes on from where it was."""


class TusRoute(SignedInRoute):
    """Asks for the protocol's version, then who it is; each answer says the version."""

    max_body_bytes = MAX_FILE_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind both questions."""
        handle = super().get_route_handler()

        async def speak_tus(request: Request) -> Response:
            if request.headers.get("tus-resumable") != VERSION:
                return Response(status_code=412, headers={**HEADERS, "Tus-Version": VERSION})
            try:
                response = await handle(request)
            except IngestioError as error:
                if not isinstance(error, NotSignedIn | NotAllowed):
                    await drain(request)
                response = answer(error)
            response.headers.update(HEADERS)
            return response

        return speak_tus


async def intake() -> Intake:
    """The service behind these routes."""
    return services().intake


Taking = Annotated[Intake, Depends(intake)]
router = APIRouter(prefix="/uploads", route_class=TusRoute, tags=["uploads"])


async def discover() -> Response:
    """What this server can do; the one question that needs no version and no user."""
    told = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,termination,expiration,checksum",
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(MAX_FILE_BYTES),
    }
    return Response(status_code=204, headers={**HEADERS, **told})


router.add_api_route(
    "", discover, methods=["OPTIONS"], include_in_schema=False, route_class_override=APIRoute
)


@router.post("", status_code=201)
async def create(request: Request, actor: SignedIn, taking: Taking) -> Response:
    """Begin a file. Metadata: `filename`, and optionally the `draft` it belongs to."""
    size_bytes = _number(request, "upload-length")
    judge_size(size_bytes)
    about = _metadata(request.headers.get("upload-metadata", ""))
    draft_id = _id(about["draft"]) if about.get("draft") else None
    begun = await call(taking.begin, actor, about.get("filename", ""), size_bytes, draft_id)
    told = {"Location": f"{PREFIX}/{begun.id}", "Ingestio-Draft": str(begun.draft_id)}
    told |= {"Upload-Offset": "0", "Upload-Expires": _expires(taking)}
    return Response(status_code=201, headers=told)


@router.head("/{file_id}")
async def offset(file_id: str, actor: SignedIn, taking: Taking) -> Response:
    """How far a file has come."""
    found = await call(taking.transfer, actor, _id(file_id))
    told = {"Upload-Offset": str(found.offset), "Upload-Length": str(found.size_bytes)}
    return Response(status_code=200, headers=told)


@router.patch("/{file_id}", status_code=204)
async def resume(file_id: str, request: Request, actor: SignedIn, taking: Taking) -> Response:
    """Go on with a file from `Upload-Offset`. 204 once the bytes are safe; it is counted after."""
    if request.headers.get("content-type") != BODY_TYPE:
        raise UnsupportedType(f"Send the bytes as {BODY_TYPE}.")
    known, checksum = _id(file_id), Checksum(request)
    sink = await call(taking.append, actor, known, _number(request, "upload-offset"))
    try:
        announced = int(request.headers.get("content-length") or 0)
        if sink.offset + announced > sink.size_bytes:
            raise TooLarge("More bytes than the file's declared size.")

        async def judge(head: bytes) -> None:
            await call(taking.judge_first_bytes, actor, known, head)

        await _proven(request, sink, judge, checksum)
    finally:
        await asyncio.shield(call(sink.close))
    told = {"Upload-Offset": str(sink.offset)}
    if sink.offset == sink.size_bytes:
        await call(taking.finish_soon, actor, known)
    else:
        told["Upload-Expires"] = _expires(taking)
    return Response(status_code=204, headers=told)


@router.delete("/{file_id}", status_code=204)
async def terminate(file_id: str, actor: SignedIn, taking: Taking) -> Response:
    """Take the file out, bytes and row."""
    await call(taking.remove, actor, _id(file_id))
    return Response(status_code=204)


async def _proven(request: Request, sink: Writer, judge: Judge, checksum: Checksum) -> None:
    """Take the body; where a checksum came with it, all of it or nothing."""
    try:
        await _pour(request, sink, judge, checksum)
        checksum.judge()
    except BaseException:
        if checksum.is_asked:
            await asyncio.shield(call(sink.undo))
        raise


async def _pour(request: Request, sink: Writer, judge: Judge, checksum: Checksum) -> None:
    """From the connection to the disk; a broken connection leaves what had come.

    One write is under way while the next part arrives: a third faster than taking turns. Never
    more than two parts are in memory.
    """
    loop = asyncio.get_running_loop()
    parts = _Parts(sink)
    is_judged = sink.offset > 0
    try:
        async with asyncio.timeout(IDLE_S) as patience:
            async for chunk in request.stream():
                patience.reschedule(loop.time() + IDLE_S)
                parts.add(chunk)
                checksum.update(chunk)
                if not is_judged and parts.size_bytes >= HEAD_BYTES:
                    await judge(parts.head())
                    is_judged = True
                if is_judged and parts.is_due(loop.time()):
                    await parts.write()
    except (ClientDisconnect, TimeoutError):
        pass
    await parts.write()
    await parts.written()


class _Parts:
    """What has come and is not written yet, and the one write that is under way."""

    def __init__(self, sink: Writer) -> None:
        self.size_bytes = 0
        self._sink = sink
        self._chunks: list[bytes] = []
        self._since = asyncio.get_running_loop().time()
        self._under_way: asyncio.Task[None] | None = None

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self.size_bytes += len(chunk)

    def head(self) -> bytes:
        return b"".join(self._chunks)[:HEAD_BYTES]

    def is_due(self, now: float) -> bool:
        return self.size_bytes >= WRITE_BYTES or now - self._since > WRITE_AFTER_S

    async def write(self) -> None:
        """Begin to write what has come, once the write before it is through."""
        await self.written()
        chunks, self._chunks, self.size_bytes = self._chunks, [], 0
        self._since = asyncio.get_running_loop().time()
        if chunks:
            self._under_way = asyncio.create_task(call(self._sink.write, *chunks))

    async def written(self) -> None:
        """Wait for the write under way; its error is raised here."""
        if self._under_way:
            # Shielded: a write that was cancelled before its thread began would leave a hole.
            await asyncio.shield(self._under_way)
            self._under_way = None


def _expires(taking: Intake) -> str:
    return format_datetime(taking.expires_at(), usegmt=True)


def _metadata(header: str) -> dict[str, str]:
    """Keys and base64 values, as tus sends them."""
    told: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            told[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Invalid("Upload-Metadata holds base64 of UTF-8.") from None
    return told


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdigit():
        raise Invalid(f"{header.title()} is a number of bytes.")
    return int(text)


def _id(text: str) -> UUID:
    """What is no id at all looks like somebody else's."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
