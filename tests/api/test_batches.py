"""Batches and documents read, worked off, exported and removed through the API."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from ingestio.api.documents import attachment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Person

BATCH = {
    "id", "name", "status", "strategy", "prompt", "document_count", "completed_count",
    "failed_count", "cancelled_count", "waiting_count", "total_pages", "submitted_at",
    "started_at", "completed_at",
}  # fmt: skip


@pytest.fixture
def done(person: Callable[..., Person], work_off: Callable[[], None]) -> tuple[Person, str]:
    """A person with a completed batch of one invoice."""
    ada = person()
    made = ada.submit("invoice-en.pdf", name="March, =1+1")
    work_off()
    return ada, made.json()["id"]


def test_a_batch_that_was_worked_off_shows_its_values(done: tuple[Person, str]) -> None:
    ada, batch_id = done

    batch = ada.get(f"/batches/{batch_id}").json()
    listed = ada.get(f"/batches/{batch_id}/documents").json()

    assert batch.keys() == BATCH
    assert (batch["status"], batch["completed_count"]) == ("completed", 1)
    assert listed.keys() == {"items", "total", "page", "page_size"}
    document = listed["items"][0]
    assert (document["kind"], document["prompt_source"], document["error"]) == (
        "invoice",
        "detected",
        None,
    )
    assert document["prompt"].startswith("Extract ")
    value = next(iter(document["fields"].values()))
    assert value.keys() >= {"value", "confidence", "page", "box", "quote"}
    assert ada.get(f"/documents/{document['id']}").json() == document


def test_pages_that_were_read_are_used(done: tuple[Person, str]) -> None:
    ada, _ = done

    usage = ada.get("/usage").json()

    assert usage.keys() == {
        "plan", "status", "period_start", "period_end", "limit_pages", "used_pages",
        "reserved_pages", "left_pages",
    }  # fmt: skip
    assert (usage["plan"], usage["used_pages"], usage["reserved_pages"]) == ("growth", 1, 0)
    assert usage["left_pages"] == usage["limit_pages"] - 1


def test_lists_are_filtered_sorted_and_paged(person: Callable[..., Person]) -> None:
    ada = person()
    for name in ("b", "a", "c"):
        assert ada.submit("invoice-en.pdf", name=name).status_code == 201

    by_name = ada.get("/batches?sort=name&page_size=2").json()
    second = ada.get("/batches?sort=name&page_size=2&page=2").json()

    assert [b["name"] for b in by_name["items"] + second["items"]] == ["a", "b", "c"]
    assert (by_name["total"], by_name["page"], by_name["page_size"]) == (3, 1, 2)
    assert ada.get("/batches").json()["page_size"] == 100
    assert ada.get("/batches?q=a&status=queued").json()["total"] == 1
    assert ada.get("/batches?status=completed").json()["items"] == []


@pytest.mark.parametrize(
    "query", ["sort=password_hash", "page_size=1001", "page=0", "status=done", "user_id=1"]
)
def test_a_query_of_the_wrong_form_is_refused(person: Callable[..., Person], query: str) -> None:
    refused = person().get(f"/batches?{query}")

    assert refused.status_code == 422
    assert refused.json()["error"]["problems"][0]["field"] == query.partition("=")[0]


def test_a_file_leaves_as_a_download_that_no_browser_runs(done: tuple[Person, str]) -> None:
    ada, batch_id = done
    document = ada.get(f"/batches/{batch_id}/documents").json()["items"][0]

    file = ada.get(f"/documents/{document['id']}/file")

    assert file.content.startswith(b"%PDF")
    assert file.headers["content-disposition"] == (
        "attachment; filename=\"invoice-en.pdf\"; filename*=UTF-8''invoice-en.pdf"
    )
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["cache-control"] == "private, no-store"
    assert file.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        "\u202efdp.exe.pdf",
        'q"uote;.pdf',
        "ü.pdf",
    ],
)
def test_a_files_name_stays_in_one_header_line(name: str) -> None:
    header = attachment(name)

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert ";" not in header.split('"')[1]


def test_a_page_is_drawn_and_a_missing_one_is_404(done: tuple[Person, str]) -> None:
    ada, batch_id = done
    document = ada.get(f"/batches/{batch_id}/documents").json()["items"][0]["id"]

    picture = ada.get(f"/documents/{document}/pages/1.jpg?width=300")

    assert picture.content.startswith(b"\xff\xd8\xff")
    assert picture.headers["content-type"] == "image/jpeg"
    assert ada.get(f"/documents/{document}/pages/2.jpg").status_code == 404
    assert ada.get(f"/documents/{document}/pages/0.jpg").status_code == 422
    assert ada.get(f"/documents/{document}/pages/1.jpg?width=99999").status_code == 422


def test_a_batch_is_exported_in_each_form(done: tuple[Person, str]) -> None:
    ada, batch_id = done

    as_csv = ada.get(f"/batches/{batch_id}/export?format=csv")
    as_json = ada.get(f"/batches/{batch_id}/export?format=json")
    as_xlsx = ada.get(f"/batches/{batch_id}/export?format=xlsx")

    row = next(csv.DictReader(io.StringIO(as_csv.text)))
    assert (row["filename"], row["status"], row["review_state"]) == (
        "invoice-en.pdf",
        "completed",
        "unreviewed",
    )
    assert float(row["total_confidence"]) > 0
    assert json.loads(as_json.text)["documents"][0]["fields"]["total"]["value"] == row["total"]
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(as_xlsx.content)).namelist()
    assert 'filename="March-1-1.csv"' in as_csv.headers["content-disposition"]
    assert ada.get(f"/batches/{batch_id}/export?format=pdf").status_code == 422


def test_a_selection_is_exported(person: Callable[..., Person], work_off) -> None:
    ada = person()
    batch_id = ada.submit("invoice-en.pdf", "receipt-en.pdf").json()["id"]
    work_off()
    second = ada.get(f"/batches/{batch_id}/documents").json()["items"][1]

    exported = ada.get(f"/batches/{batch_id}/export?format=json&document={second['id']}").json()

    assert [one["filename"] for one in exported["documents"]] == ["receipt-en.pdf"]


def test_what_waits_is_cancelled_and_what_ended_is_not(person: Callable[..., Person]) -> None:
    ada = person()
    batch_id = ada.submit("invoice-en.pdf", "receipt-en.pdf").json()["id"]
    first, _ = ada.get(f"/batches/{batch_id}/documents").json()["items"]

    one = ada.post(f"/documents/{first['id']}/cancel")
    batch = ada.post(f"/batches/{batch_id}/cancel")

    assert one.json()["status"] == "cancelled"
    assert (batch.json()["status"], batch.json()["cancelled_count"]) == ("cancelled", 2)
    again = ada.post(f"/batches/{batch_id}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    assert ada.get("/usage").json()["used_pages"] == 0


def test_what_failed_has_a_reason_and_begins_anew(person: Callable[..., Person], work_off) -> None:
    ada = person()
    prompt = "Write a poem about this."
    batch_id = ada.submit("invoice-en.pdf", strategy="global", prompt=prompt).json()["id"]
    work_off()
    failed = ada.get(f"/batches/{batch_id}/documents").json()["items"][0]

    retried = ada.post(f"/batches/{batch_id}/retry")

    assert (failed["status"], failed["error"]["code"]) == ("failed", "prompt_names_no_fields")
    assert failed["error"]["message"].endswith(".")
    assert retried.json() == {"retried": 1}
    assert ada.get(f"/documents/{failed['id']}").json()["status"] == "uploaded"
    assert ada.post(f"/documents/{failed['id']}/retry").status_code == 409


def test_a_deleted_document_and_batch_are_gone(done: tuple[Person, str]) -> None:
    ada, batch_id = done
    document = ada.get(f"/batches/{batch_id}/documents").json()["items"][0]["id"]

    assert ada.delete(f"/documents/{document}").status_code == 204
    assert ada.get(f"/documents/{document}/file").status_code == 404
    assert ada.get(f"/batches/{batch_id}").json()["document_count"] == 0
    assert ada.delete(f"/batches/{batch_id}").status_code == 204
    assert ada.get(f"/batches/{batch_id}").status_code == 404
    assert ada.get("/usage").json()["used_pages"] == 1
