"""A user's script: the JSON API by a key, standard library only."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.e2e.served import Served

ENDED = {"completed", "partially_completed", "failed", "cancelled"}


@dataclass
class Script:
    """Calls the API of a served product."""

    site: Served
    key: str = ""

    @classmethod
    def of(cls, site: Served, email: str) -> Script:
        """With a new key of that account, by the command line."""
        made = site.cli("api-key", email)
        assert made.returncode == 0, made.stderr
        return cls(site, made.stdout.strip())

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON (or bytes) of one request."""
        sent = dict(headers or {})
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(  # noqa: S310
            self.site.url + path, data=body, method=method, headers=sent
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                return answer.status, _read(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _read(error.read())

    def submit(
        self, files: Sequence[tuple[str, bytes]], strategy: str = "auto", **fields: str
    ) -> tuple[int, Any]:
        """POST /batches as multipart."""
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in ({"strategy": strategy} | fields).items()
        ]
        for name, content in files:
            head = f'Content-Disposition: form-data; name="files"; filename="{name}"'
            parts.append(f"--{edge}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
        return self.call(
            "POST",
            "/api/v1/batches",
            body=b"".join(parts) + f"--{edge}--\r\n".encode(),
            headers={"Content-Type": f"multipart/form-data; boundary={edge}"},
        )

    def documents(self, batch_id: str) -> list[dict[str, Any]]:
        """All documents of a batch."""
        code, answer = self.call("GET", f"/api/v1/batches/{batch_id}/documents?page_size=1000")
        assert code == 200, answer
        return answer["items"]

    def usage(self) -> dict[str, Any]:
        """The page balance."""
        code, answer = self.call("GET", "/api/v1/usage")
        assert code == 200, answer
        return answer

    def wait(self, batch_id: str, limit_s: float) -> dict[str, Any]:
        """The batch once it has ended."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            code, batch = self.call("GET", f"/api/v1/batches/{batch_id}")
            if code == 200 and batch["status"] in ENDED:
                return batch
            time.sleep(0.2)
        msg = f"not ended in {limit_s} s: {batch}"
        raise AssertionError(msg)


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content
