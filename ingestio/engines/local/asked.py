"""Finding what a prompt asks for: known fields by their finder, others by the label they name.

Answers one asked field. Reading names out of the prompt is `prompts`'.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestio.engines.local.finders.registry import finder_of
from ingestio.engines.local.labelled import labels
from ingestio.engines.local.values import ValueKind

if TYPE_CHECKING:
    from ingestio.domain.documents import DocumentKind
    from ingestio.engines.local.found import Found
    from ingestio.engines.local.prompts import Asked
    from ingestio.engines.local.study import Study

WORDS_OF_KIND = {
    ValueKind.DATE: r"\b(?:date|fecha|data|day|deadline|expiry|tarikh|echeance)\b|datum\b",
    ValueKind.AMOUNT: (
        r"\b(?:amount|total|price|cost|fee|balance|charge|payment|salary|summe|preis|montant|prix|"
        r"prijs|importe|precio|importo|prezzo|discount|deposit|rent)\b|betrag\b|bedrag\b|summe\b"
    ),
    ValueKind.EMAIL: r"\be ?mail\b",
    ValueKind.PHONE: r"\b(?:phone|telephone|telefon|fax|mobile)\b",
    ValueKind.IDENTIFIER: r"\b(?:number|no|id|code|numero|reference)\b|nummer\b|nr\b",
}
KIND_BY_WORD = tuple((kind, re.compile(words)) for kind, words in WORDS_OF_KIND.items())


def find_asked(study: Study, asked: Asked, kind: DocumentKind) -> Found | None:
    """The value of one asked field, or None where the document does not show it."""
    if asked.is_known:
        finder = finder_of(asked.name, kind)
        found = finder(study) if finder else None
        return found or _beside_own_words(study, asked)
    return _beside_own_words(study, asked)


def _beside_own_words(study: Study, asked: Asked) -> Found | None:
    """What stands beside a label that reads like the asked name."""
    likely = next((kind for kind, word in KIND_BY_WORD if word.search(asked.phrase)), None)
    kinds = (likely, ValueKind.TEXT) if likely else (ValueKind.TEXT,)
    for kind in kinds:
        found = study.first_labelled(labels(kind, asked.phrase))
        if found:
            return found
    return None
