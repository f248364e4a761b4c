"""A status has one word, one icon and one colour everywhere: the tables are complete."""

from __future__ import annotations

import pytest

from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentKind, DocumentStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import UsageState
from ingestio.web.batch.views import STRATEGY_LABELS
from ingestio.web.components.badges import BATCH_LOOKS, DOCUMENT_LOOKS
from ingestio.web.kinds import KIND_LABELS
from ingestio.web.ledger import ENTRY_LOOKS

TABLES = [
    (BATCH_LOOKS, BatchStatus),
    (DOCUMENT_LOOKS, DocumentStatus),
    (ENTRY_LOOKS, UsageState),
    (STRATEGY_LABELS, PromptStrategy),
    (KIND_LABELS, DocumentKind),
]


@pytest.mark.parametrize(("table", "names"), TABLES)
def test_a_table_is_complete_over_its_enum(table: dict, names: type) -> None:
    assert set(table) == set(names)


def test_the_words_of_a_batch_are_those_of_the_spec() -> None:
    assert [look.word for look in BATCH_LOOKS.values()] == [
        "Draft",
        "Queued",
        "Processing",
        "Waiting for quota",
        "Completed",
        "Partly completed",
        "Failed",
        "Cancelled",
    ]


def test_no_two_statuses_of_a_batch_look_the_same() -> None:
    assert len({look[:2] for look in BATCH_LOOKS.values()}) == len(BATCH_LOOKS)
