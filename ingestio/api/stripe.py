"""Stripe's webhook: the raw body and its signature, handed to billing (Spec 9.2)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request

from ingestio.bootstrap import call, services

router = APIRouter()


@router.post("/stripe/webhook")
async def receive_event(
    request: Request, stripe_signature: Annotated[str | None, Header()] = None
) -> dict[str, bool]:
    """An event, taken once; 400 for a signature that does not fit these very bytes."""
    body = await request.body()
    await call(services().billing.receive_webhook, body, stripe_signature)
    return {"received": True}
