"""Documents of no known type: title, day, reference, who is on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local.finders import shared
from ingestio.engines.local.finders.shared import beside
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.labelled import labels
from ingestio.engines.local.values import ValueKind
from ingestio.engines.local.words import letters

if TYPE_CHECKING:
    from ingestio.engines.local.study import Study

REFERENCE = (
    "reference number|reference no|ref no|our reference|our ref|reference|ref|case number|case no|"
    "file number|file no|report number|report no|document number|document no|id|aktenzeichen|unser "
    "zeichen|zeichen|geschaftszeichen|referenz|notre reference|references|dossier no|numero de "
    "dossier|kenmerk|ons kenmerk|dossiernummer|referentie|referencia|expediente|riferimento|"
    "protocollo n|rujukan|number|nummer|license no|passport no"
)
PEOPLE = (
    "to|from|attendees|attn|attention|name|names|participants|prepared by|author|cc|signed|present|"
    "dear|officer|reporting officer|teilnehmer|von|an|verfasser|herr|frau|participants|de|a|"
    "destinataire|auteur|aanwezig|deelnemers|van|aan|asistentes|partecipanti|manager|contact|"
    "patient|patient name|student|applicant"
)
TITLE_ROWS = 14


def title(study: Study) -> Found | None:
    """The largest line near the top of the first page."""
    best: tuple[float, Found] | None = None
    for place in study.context.places:
        segment, text = place.segment, place.segment.text.strip()
        if segment.page != 0 or place.row > TITLE_ROWS or not letters(text) > 5 or len(text) > 100:
            continue
        if re.match(r"(?i)exhibit|page|source|tel|fax|https?:|www|date\b", text) or "@" in text:
            continue
        worth = (
            segment.height / study.context.median_height * (1.15 if text == text.upper() else 1.0)
        )
        worth += 0.2 * segment.is_bold - 0.03 * place.row
        if best is None or worth > best[0]:
            best = (
                worth,
                Found(text, min(0.75, 0.4 + 0.15 * worth), (narrowed(segment, text),), text),
            )
    return best[1] if best else None


def people(study: Study) -> Found | None:
    """Names beside labels of people, each once."""
    found = [
        one
        for one in study.labelled(labels(ValueKind.NAME, PEOPLE))
        if 2 <= len(one.value.split()) <= 4
        and all(word[:1].isupper() for word in one.value.split())
    ]
    once = list({one.value: one for one in reversed(found)}.values())[::-1][:6]
    if not once:
        return None
    segments = tuple(segment for one in once for segment in one.segments)
    return Found(
        ", ".join(one.value for one in once), 0.55, segments, "; ".join(o.quote for o in once)
    )


OTHER = {
    "title": title,
    "date": shared.date,
    "reference_number": beside(ValueKind.IDENTIFIER, REFERENCE),
    "organisation": shared.issuer,
    "people": people,
    "total": shared.total,
    "currency": shared.currency,
}
FINDERS = {Kind.OTHER: OTHER}
