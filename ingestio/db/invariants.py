"""What must hold in every database at every moment. On the processor's list.

Answers with sentences of what does not: after every step of the simulator, and in `ingestio doctor
--deep` on a live database. Reads whole tables: not for the hot path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from ingestio.db import rollups
from ingestio.domain.batches import ENDED, BatchStatus, Counts, roll_up

if TYPE_CHECKING:
    from sqlmodel import Session

_CHECKS: Final = {
    "used pages are the sum of what was settled": """
        SELECT p.user_id FROM usage_periods p WHERE p.used_pages <> (
            SELECT COALESCE(SUM(e.pages), 0) FROM usage_entries e WHERE e.state = 'settled'
            AND e.user_id = p.user_id AND e.period_starts_at = p.starts_at)""",
    "reserved pages are the sum of what is held": """
        SELECT p.user_id FROM usage_periods p WHERE p.reserved_pages <> (
            SELECT COALESCE(SUM(e.pages), 0) FROM usage_entries e WHERE e.state = 'held'
            AND e.user_id = p.user_id AND e.period_starts_at = p.starts_at)""",
    "an entry belongs to a period": """
        SELECT e.document_id FROM usage_entries e WHERE NOT EXISTS (
            SELECT 1 FROM usage_periods p
            WHERE p.user_id = e.user_id AND p.starts_at = e.period_starts_at)""",
    "a completed document has one result": """
        SELECT d.id FROM documents d WHERE d.status = 'completed' AND 1 <> (
            SELECT COUNT(*) FROM extractions x
            WHERE x.document_id = d.id AND x.generation = d.generation)""",
    "completed means settled, in that generation": """
        SELECT d.id FROM documents d LEFT JOIN usage_entries e
        ON e.document_id = d.id AND e.generation = d.generation AND e.state = 'settled'
        WHERE (d.status = 'completed') <> (e.document_id IS NOT NULL)""",
    "pages are held exactly while a document is in work": """
        SELECT d.id FROM documents d LEFT JOIN usage_entries e
        ON e.document_id = d.id AND e.generation = d.generation AND e.state = 'held'
        WHERE (d.status = 'processing') <> (e.document_id IS NOT NULL)""",
    "nothing is held for what is gone or of an older generation": """
        SELECT e.document_id FROM usage_entries e WHERE e.state = 'held' AND NOT EXISTS (
            SELECT 1 FROM documents d
            WHERE d.id = e.document_id AND d.generation = e.generation)""",
    "no entry is ahead of its document": """
        SELECT e.document_id FROM usage_entries e JOIN documents d ON d.id = e.document_id
        WHERE e.generation > d.generation""",
    "a user's load is what is in work and what waits": """
        SELECT l.user_id FROM user_load l WHERE l.pages_in_work <> (
            SELECT COALESCE(SUM(d.page_count), 0) FROM documents d
            WHERE d.user_id = l.user_id AND d.status = 'processing')
        OR l.documents_waiting <> (
            SELECT COUNT(*) FROM documents d
            WHERE d.user_id = l.user_id AND d.status = 'uploaded')""",
    "who has documents has a load": """
        SELECT d.user_id FROM documents d WHERE NOT EXISTS (
            SELECT 1 FROM user_load l WHERE l.user_id = d.user_id)""",
    "an ended batch has its line in the outbox for this round": """
        SELECT b.id FROM extraction_batches b
        WHERE b.status IN ('completed', 'partially_completed', 'failed', 'cancelled')
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.batch_id = b.id AND o.round = b.round
                        AND o.kind = 'batch_ended')""",
    "a batch that goes on has no line for this round": """
        SELECT b.id FROM extraction_batches b
        WHERE b.status IN ('queued', 'processing', 'waiting_for_quota')
        AND EXISTS (SELECT 1 FROM outbox o WHERE o.batch_id = b.id AND o.round = b.round)""",
    "one notification for each line that was told": """
        SELECT b.id FROM extraction_batches b
        LEFT JOIN (SELECT batch_id, COUNT(*) AS lines FROM outbox
                   WHERE kind = 'batch_ended' AND sent_at IS NOT NULL GROUP BY batch_id) o
        ON o.batch_id = b.id
        LEFT JOIN (SELECT batch_id, COUNT(*) AS lines FROM notifications GROUP BY batch_id) n
        ON n.batch_id = b.id
        WHERE COALESCE(o.lines, 0) <> COALESCE(n.lines, 0)""",
    "completed_at is there exactly when a batch has ended": """
        SELECT b.id FROM extraction_batches b WHERE (b.completed_at IS NOT NULL)
        <> (b.status IN ('completed', 'partially_completed', 'failed', 'cancelled'))""",
}
"""A sentence, and the query that finds where it does not hold."""
_ALL: Final = text("SELECT " + ", ".join(f"({query} LIMIT 1)" for query in _CHECKS.values()))
"""One statement, an example a column: fourteen were most of a simulated life."""


def broken(session: Session) -> list[str]:
    """What does not hold: a sentence and an example each."""
    examples = session.connection().execute(_ALL).one()
    found = [
        f"{sentence}: not for {example}"
        for sentence, example in zip(_CHECKS, examples, strict=True)
        if example is not None
    ]
    return found + _drifted(session)


def _drifted(session: Session) -> list[str]:
    """Batches whose counts or status are not their documents': one of each, and how many more."""
    counts_off: list[str] = []
    status_off: list[str] = []
    counted = rollups.recount_all(session)
    for row in session.connection().execute(rollups.ALL_COUNTS):
        if row.status is BatchStatus.PENDING_UPLOAD:
            continue
        counts, pages = counted.get(row.id, (Counts(0), 0))
        kept = rollups.counts_of(row)
        if kept != counts or row.total_pages != pages:
            counts_off.append(
                f"the counts are the documents': not for {row.id}, {kept}, {counts}, "
                f"{row.total_pages} and {pages} pages"
            )
        expected = roll_up(counts)
        if row.status is not expected and not (counts.total == 0 and row.status in ENDED):
            status_off.append(
                f"the status is the roll-up: not for {row.id}, {row.status}, {expected}"
            )
    return [*_one_of(counts_off), *_one_of(status_off)]


def _one_of(sentences: list[str]) -> list[str]:
    more = len(sentences) - 1
    return [sentences[0] + (f"; and {more:,} more" if more else "")] if sentences else []
