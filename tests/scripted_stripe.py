"""A server on this machine that speaks Stripe's HTTP, as far as the product asks.

Answers lists of subscriptions in Stripe's shapes, signs events as Stripe does, and can be away.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from stripe import WebhookSignature

if TYPE_CHECKING:
    from datetime import datetime

WEBHOOK_SECRET = "whsec_0123456789abcdef0123456789abcdef"


@dataclass
class ScriptedStripe:
    """What Stripe knows: subscriptions by customer. `status` other than 200 makes it fail."""

    subscriptions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def start(self) -> str:
        """Its address."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status and body of a GET."""
        url = urlsplit(path)
        self.asked.append(url.path)
        if self.status != 200:
            return self.status, _error("api_error", "Stripe is away")
        if url.path != "/v1/subscriptions":
            return 404, _error("invalid_request_error", f"Unrecognized request URL {url.path}")
        customer = parse_qs(url.query)["customer"][0]
        if customer not in self.subscriptions:
            error = _error("invalid_request_error", f"No such customer: '{customer}'")
            error["error"] |= {"code": "resource_missing", "param": "customer"}
            return 400, error
        rows = self.subscriptions[customer]
        return 200, {"object": "list", "data": rows, "has_more": False, "url": url.path}


def subscription(
    plan: str, status: str, start: datetime, end: datetime, **values: Any
) -> dict[str, Any]:
    """One of Stripe's subscriptions: the period stands on its item, the plan on its price."""
    price = {"id": f"price_{plan}", "object": "price", "lookup_key": plan}
    item = {
        "id": "si_1",
        "object": "subscription_item",
        "price": price,
        "current_period_start": int(start.timestamp()),
        "current_period_end": int(end.timestamp()),
    }
    items = {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"}
    return {"id": "sub_1", "object": "subscription", "status": status, "items": items, **values}


def event(event_id: str, kind: str, **subject: Any) -> bytes:
    """An event's body as it is sent."""
    body = {"id": event_id, "object": "event", "type": kind, "data": {"object": subject}}
    return json.dumps(body).encode()


def signature(body: bytes, *, age_s: int = 0, secret: str = WEBHOOK_SECRET) -> str:
    """The header that Stripe sends with a body."""
    return WebhookSignature.generate_signature_header(
        body.decode(), secret, timestamp=int(time.time()) - age_s
    )


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message}}


def _handler(script: ScriptedStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = script.answer(self.path)
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: Any) -> None:
            del args

    return Handler
