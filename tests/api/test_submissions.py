"""`POST /batches`: a whole batch in one request, or every problem at once and nothing kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

from sqlalchemy import update

from ingestio.api.submissions import DEAD_AFTER_S, KEYED
from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Batch, table_of
from ingestio.domain.documents import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.bootstrap import Services
    from tests.api.conftest import Person

HTML_AS_PDF = ("page.pdf", b"<html><body>not a pdf</body></html>")


def _problems(response) -> dict[str, str]:
    return {one["field"]: one["code"] for one in response.json()["error"]["problems"]}


def _kept(house: Services, person: Person) -> list[str]:
    """Every file of this user that is stored or on its way."""
    data_dir = house.settings.data_dir
    stored = [*(data_dir / "files").rglob(f"*{person.actor.user_id}*/**/*")]
    return [str(p) for p in [*stored, *(data_dir / "incoming").glob("*")] if p.is_file()]


def test_batch_is_queued_with_its_real_pages(person: Callable[..., Person]) -> None:
    ada = person()

    made = ada.submit("invoice-en.pdf", "receipt.jpg", strategy="auto", name="March")

    assert made.status_code == 201, made.text
    batch = made.json()
    assert made.headers["location"] == f"/api/v1/batches/{batch['id']}"
    assert (batch["name"], batch["status"], batch["strategy"]) == ("March", "queued", "auto")
    assert (batch["document_count"], batch["prompt"]) == (2, None)
    assert batch["total_pages"] == 2


def test_prompts_go_to_files_by_their_position(person: Callable[..., Person]) -> None:
    ada = person()
    prompts = json.dumps({"0": "Extract the total", "1": "Extract the date"})

    made = ada.submit("invoice-en.pdf", "receipt.jpg", strategy="per_document", prompts=prompts)

    assert made.status_code == 201, made.text
    documents = ada.get(f"/batches/{made.json()['id']}/documents").json()["items"]
    assert [(d["filename"], d["prompt"], d["prompt_source"]) for d in documents] == [
        ("invoice-en.pdf", "Extract the total", "document"),
        ("receipt.jpg", "Extract the date", "document"),
    ]


def test_every_problem_comes_at_once_and_nothing_stays(
    person: Callable[..., Person], house: Services
) -> None:
    ada = person()

    refused = ada.submit(
        "invoice-en.pdf", HTML_AS_PDF, ("a.exe", b"MZ"), ("empty.pdf", b""), strategy="global"
    )

    assert refused.status_code == 422
    assert _problems(refused) == {
        "files.1": "unsupported_type",
        "files.2": "unsupported_type",
        "files.3": "empty_file",
        "prompt": "prompt_missing",
    }
    assert ada.get("/drafts").json()["total"] == 0
    assert ada.get("/batches").json()["total"] == 0
    assert _kept(house, ada) == []


def test_skip_refused_takes_the_rest(person: Callable[..., Person]) -> None:
    ada = person()

    made = ada.submit(HTML_AS_PDF, "invoice-en.pdf", skip_refused="true")

    assert made.status_code == 201, made.text
    assert made.json()["document_count"] == 1


def test_a_problem_of_a_prompt_names_the_files_position(person: Callable[..., Person]) -> None:
    ada = person()
    prompts = json.dumps({"0": "Extract the total"})

    refused = ada.submit("invoice-en.pdf", "receipt.jpg", strategy="per_document", prompts=prompts)

    assert _problems(refused) == {"prompts.1": "prompt_missing"}


def test_a_prompt_for_no_file_is_refused(person: Callable[..., Person]) -> None:
    refused = person().submit("invoice-en.pdf", prompts=json.dumps({"7": "Extract the total"}))

    assert _problems(refused) == {"prompts.7": "no_such_file"}


def test_a_file_over_the_cap_is_one_problem_among_others(person: Callable[..., Person]) -> None:
    big = ("big.pdf", b"%PDF-1.7" + bytes(MAX_FILE_BYTES))

    refused = person().submit(big, HTML_AS_PDF)

    assert _problems(refused) == {"files.0": "too_large", "files.1": "unsupported_type"}


def test_a_batch_has_as_many_files_as_the_plan_says(person: Callable[..., Person]) -> None:
    files = [(f"{n}.pdf", b"%PDF-") for n in range(26)]

    refused = person("plus").submit(*files)

    assert refused.status_code == 422
    assert _problems(refused) == {"files": "too_many_files"}


def test_starter_is_told_to_upgrade(person: Callable[..., Person], house: Services) -> None:
    eve = person("starter")

    refused = eve.submit("invoice-en.pdf")

    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "upgrade_required"
    assert _kept(house, eve) == []


def test_the_same_key_gives_the_same_batch(person: Callable[..., Person]) -> None:
    ada, bob = person(), person()

    first = ada.submit("invoice-en.pdf", idempotency_key="march-1")
    again = ada.submit("invoice-en.pdf", idempotency_key="march-1")
    of_another = bob.submit("invoice-en.pdf", idempotency_key="march-1")

    assert first.json()["id"] == again.json()["id"]
    assert again.status_code == 201
    assert ada.get("/batches").json()["total"] == 1
    assert of_another.json()["id"] != first.json()["id"]


def test_a_refused_key_may_be_used_again(person: Callable[..., Person]) -> None:
    ada = person()

    refused = ada.submit(HTML_AS_PDF, idempotency_key="again")
    made = ada.submit("invoice-en.pdf", idempotency_key="again")

    assert (refused.status_code, made.status_code) == (422, 201)


def test_unknown_fields_and_forms_are_refused(person: Callable[..., Person]) -> None:
    ada = person()

    mass = ada.submit("invoice-en.pdf", status="completed", user_id="1")
    wrong = ada.submit("invoice-en.pdf", strategy="psychic", prompts="[1]")
    as_json = ada.post("/batches", json={"strategy": "auto"})
    cut = ada.post(
        "/batches",
        content=b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n%PDF',
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert _problems(mass).keys() == {"status", "user_id"}
    assert _problems(wrong).keys() == {"strategy", "prompts"}
    assert as_json.status_code == 422
    assert cut.status_code == 422
    assert ada.get("/batches").json()["total"] == 0


def test_a_key_whose_server_died_may_be_used_again_after_a_minute(
    person: Callable[..., Person], house: Services
) -> None:
    ada = person()
    left = house.intake.create_api_draft(ada.actor, uuid5(KEYED, f"{ada.actor.user_id}:k")).id

    at_once = ada.submit("invoice-en.pdf", idempotency_key="k")
    _age(house, left, DEAD_AFTER_S + 1)
    later = ada.submit("invoice-en.pdf", idempotency_key="k")

    assert (at_once.status_code, at_once.json()["error"]["code"]) == (409, "conflict")
    assert (later.status_code, later.json()["id"]) == (201, str(left))


def _age(house: Services, draft_id: UUID, seconds: float) -> None:
    then = house.clock.now() - timedelta(seconds=seconds)
    batches = table_of(Batch)
    house.database.write(
        SYSTEM,
        lambda s: s.execute(
            update(batches).where(batches.c.id == draft_id).values(updated_at=then)
        ),
    )
