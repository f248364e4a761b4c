"""Cancel, retry, delete at every status: what the API answers, and what the page offers is that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.db import tables
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.web.batch.documents import document_view
from tests.factories import make_batch, make_document, make_entry, make_period, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.bootstrap import Services
    from tests.api.conftest import Person

STATUS_COUNT = {
    DocumentStatus.PROCESSING: "in_work_count",
    DocumentStatus.COMPLETED: "completed_count",
    DocumentStatus.FAILED: "failed_count",
    DocumentStatus.WAITING_FOR_QUOTA: "waiting_count",
    DocumentStatus.CANCELLED: "cancelled_count",
}
OF_BATCH = {
    DocumentStatus.UPLOADED: BatchStatus.QUEUED,
    DocumentStatus.PROCESSING: BatchStatus.PROCESSING,
    DocumentStatus.COMPLETED: BatchStatus.COMPLETED,
    DocumentStatus.FAILED: BatchStatus.FAILED,
    DocumentStatus.WAITING_FOR_QUOTA: BatchStatus.WAITING_FOR_QUOTA,
    DocumentStatus.CANCELLED: BatchStatus.CANCELLED,
}
MAY_CANCEL = {
    DocumentStatus.UPLOADED,
    DocumentStatus.PROCESSING,
    DocumentStatus.WAITING_FOR_QUOTA,
}
MAY_RETRY = {DocumentStatus.FAILED}


def standing(house: Services, ada: Person, *statuses: DocumentStatus) -> tuple[UUID, list[UUID]]:
    """A batch with documents that stand so; counts, load and held pages with them."""
    owner = ada.actor.user_id
    counts = {name: sum(s is status for s in statuses) for status, name in STATUS_COUNT.items()}
    batch = make_batch(
        house.database,
        owner,
        status=OF_BATCH[statuses[0]]
        if len(set(statuses)) == 1
        else BatchStatus.PARTIALLY_COMPLETED,
        document_count=len(statuses),
        total_pages=len(statuses),
        **counts,
    )
    in_work, now = counts["in_work_count"], house.clock.now()
    load = {"documents_waiting": sum(one is DocumentStatus.UPLOADED for one in statuses)}
    save(
        house.database,
        tables.UserLoad(user_id=owner, pages_in_work=in_work, last_claim_at=now, **load),
    )
    make_period(house.database, owner, reserved_pages=in_work)
    lease = {"lease_owner": "w", "lease_expires_at": now + timedelta(minutes=9)}
    ids = []
    for position, status in enumerate(statuses):
        is_held = status is DocumentStatus.PROCESSING
        why = {"error_code": "nothing_found"} if status is DocumentStatus.FAILED else {}
        values = {"position": position} | why | (lease if is_held else {})
        document = make_document(house.database, owner, batch.id, status=status, **values)
        if is_held:
            make_entry(house.database, document)
        ids.append(document.id)
    return batch.id, ids


def code_of(answer) -> tuple[int, str | None]:
    return answer.status_code, answer.json()["error"]["code"] if answer.status_code >= 400 else None


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_one_document_may_what_its_status_allows(
    house: Services, person: Callable[..., Person], status: DocumentStatus
) -> None:
    for verb, allowed in (("cancel", MAY_CANCEL), ("retry", MAY_RETRY)):
        ada = person()
        _, (document,) = standing(house, ada, status)
        is_legal = status in allowed
        answer = ada.post(f"/documents/{document}/{verb}")

        assert answer.is_success if is_legal else code_of(answer) == (409, "conflict")
        after = ada.get(f"/documents/{document}").json()["status"]
        moved = {"cancel": "cancelled", "retry": "uploaded"}[verb]
        assert after == (moved if is_legal else status.value)
    ada = person()
    _, (document,) = standing(house, ada, status)
    assert ada.delete(f"/documents/{document}").is_success
    assert code_of(ada.get(f"/documents/{document}")) == (404, "not_found")


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_the_page_offers_exactly_what_the_api_allows(
    house: Services, person: Callable[..., Person], status: DocumentStatus
) -> None:
    ada = person()
    batch_id, _ = standing(house, ada, status)
    detail = house.batches.detail(ada.actor, batch_id)
    view = document_view(detail.documents[0], detail.batch, 0)

    assert view["may_cancel"] is (status in MAY_CANCEL)
    assert view["may_retry"] is (status in MAY_RETRY)
    assert view["may_review"] is (status is DocumentStatus.COMPLETED)
    assert detail.batch.may_cancel is (status in MAY_CANCEL)
    assert detail.batch.may_retry is (status in MAY_RETRY)


@pytest.mark.parametrize("status", list(DocumentStatus))
def test_a_batch_may_what_its_documents_allow(
    house: Services, person: Callable[..., Person], status: DocumentStatus
) -> None:
    for verb, allowed in (("cancel", MAY_CANCEL), ("retry", MAY_RETRY)):
        ada = person()
        batch_id, _ = standing(house, ada, status)
        answer = ada.post(f"/batches/{batch_id}/{verb}")

        assert answer.is_success if status in allowed else code_of(answer) == (409, "conflict")
    ada = person()
    batch_id, _ = standing(house, ada, status)
    assert ada.delete(f"/batches/{batch_id}").is_success
    assert code_of(ada.get(f"/batches/{batch_id}")) == (404, "not_found")


def test_retry_failed_retries_only_what_failed(
    house: Services, person: Callable[..., Person]
) -> None:
    ada = person()
    batch_id, ids = standing(
        house,
        ada,
        DocumentStatus.COMPLETED,
        DocumentStatus.FAILED,
        DocumentStatus.CANCELLED,
        DocumentStatus.FAILED,
    )
    before = {row.id: row for row in house.batches.detail(ada.actor, batch_id).documents}
    assert ada.post(f"/batches/{batch_id}/retry").is_success
    after = {row.id: row for row in house.batches.detail(ada.actor, batch_id).documents}

    retried = [one for one in ids if after[one].generation > before[one].generation]
    assert retried == [ids[1], ids[3]]
    assert {after[one].status for one in retried} == {DocumentStatus.UPLOADED}
    for untouched in (ids[0], ids[2]):
        assert after[untouched] == before[untouched]


def test_a_refusal_is_in_words(house: Services, person: Callable[..., Person]) -> None:
    ada = person()
    batch_id, (document,) = standing(house, ada, DocumentStatus.COMPLETED)
    for path in (f"/documents/{document}/retry", f"/documents/{document}/cancel",
                 f"/batches/{batch_id}/retry", f"/batches/{batch_id}/cancel"):  # fmt: skip
        message = ada.post(path).json()["error"]["message"]
        assert message.endswith(".")
        assert len(message.split()) > 3
