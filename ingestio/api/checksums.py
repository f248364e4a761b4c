"""tus 1.0's checksum extension: is what arrived what was sent?

Answers for one request's body. A part that is not proven is not kept, nor one that broke off in the
middle: nobody could check it later. Leaves taking it back to `uploads`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Final

from ingestio.errors import ChecksumMismatch, Refused

if TYPE_CHECKING:
    from fastapi import Request

ALGORITHMS: Final = ("sha1", "sha256")
HEADER: Final = "upload-checksum"


class Checksum:
    """Of a body that is just arriving; where none was sent, anything is right."""

    def __init__(self, request: Request) -> None:
        """Read the header.

        Raises:
            Refused: an algorithm that is not known here, or no base64.
        """
        self._expected = b""
        header = request.headers.get(HEADER)
        if header is None:
            self._hash = None
            return
        name, _, value = header.partition(" ")
        if name not in ALGORITHMS:
            raise Refused(f"Upload-Checksum is one of: {', '.join(ALGORITHMS)}.")
        self._hash = hashlib.new(name, usedforsecurity=False)
        try:
            self._expected = base64.b64decode(value, validate=True)
        except binascii.Error:
            raise Refused("Upload-Checksum is an algorithm and base64.") from None

    @property
    def is_asked(self) -> bool:
        """Whether the sender wants its body checked."""
        return self._hash is not None

    def update(self, chunk: bytes) -> None:
        """Some more of the body."""
        if self._hash:
            self._hash.update(chunk)

    def judge(self) -> None:
        """At the body's end.

        Raises:
            ChecksumMismatch
        """
        if self._hash and self._hash.digest() != self._expected:
            raise ChecksumMismatch("This part changed on its way. Send it again.")
