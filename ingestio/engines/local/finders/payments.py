"""Subtotal, tax and amount due: what stands at labels, held against the total.

Where subtotal + tax gives the total, both are believed; where only one is labelled, the other is
looked for among the page's amounts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from ingestio.engines.local.amounts import written
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.labelled import labels
from ingestio.engines.local.values import ValueKind

if TYPE_CHECKING:
    from ingestio.engines.local.amounts import FoundAmount
    from ingestio.engines.local.study import Study

SUBTOTAL = labels(
    ValueKind.AMOUNT,
    "subtotal|sub total|total excl|total excluding|net amount|untaxed amount|total before tax|"
    "total net|net total|taxable amount|total excl gst|total excluding gst|total excl vat|amount "
    "excl|goods total|total exclusive|net|merchandise|total charges|charges|nettobetrag|summe "
    "netto|gesamt netto|nettosumme|zwischensumme|rechnungssumme ohne|netto|positionssumme|"
    "warenwert|rechnungsbetrag netto|gesamtbetrag netto|steuerbasis|summe|total ht|montant ht|sous "
    "total|total net ht|total hors taxe|base ht|subtotaal|totaal excl|exclusief btw|totaal "
    "exclusief|bedrag excl|base imponible|total sin iva|imponibile|totale imponibile|subtotale|sum|"
    "amount",
    prefers_last=True,
)
TAX = labels(
    ValueKind.AMOUNT,
    "sales tax|total tax|tax amount|vat amount|total vat|total taxes|total gst|gst amount|tax|vat|"
    "gst|sst|service tax|hst|steuerbetrag in|steuerbetrag|umsatzsteuer|mehrwertsteuer|mwst betrag|"
    "ust betrag|zuzugl ust|zzgl ust|zzgl mwst|summe mwst|summe ust|gesamt ust|mwst|ust|montant tva|"
    "total tva|tva|taxe|btw bedrag|totaal btw|btw|cuota iva|total iva|iva|imposta|totale iva|"
    "imposte",
    prefers_last=True,
)
DUE = labels(
    ValueKind.AMOUNT,
    "amount due|due payable|total amount due|total due|balance due|amount payable|total payable|"
    "please pay|pay this amount|amount outstanding|outstanding balance|net due|zahlbetrag|zu "
    "zahlen|zu zahlender betrag|offener betrag|restbetrag|falliger betrag|zahlbetrag gesamt|solde "
    "a payer|net a payer|reste a payer|somme a payer|a payer|montant a payer|restant du|montant du|"
    "te betalen|openstaand bedrag|te voldoen|nog te betalen|importe a pagar|total a pagar|saldo "
    "pendiente|totale da pagare|netto a pagare|saldo da pagare",
    prefers_last=True,
)
BALANCED = 0.93
CLEARLY_NAMED = 0.86


def subtotal(study: Study) -> Found | None:
    """What is charged before tax."""
    balanced = _balanced(study)
    if balanced:
        return balanced[0]
    return _plausible(study, study.labelled(SUBTOTAL))


def tax(study: Study) -> Found | None:
    """The tax in all."""
    balanced = _balanced(study)
    if balanced:
        return balanced[1]
    found = _plausible(study, study.labelled(TAX))
    return found.less_sure(0.9) if found and found.value == _value(study.total) else found


def amount_due(study: Study) -> Found | None:
    """What is left to pay: as labelled, else the total where nothing was paid before."""
    found = study.first_labelled(DUE)
    if found:
        return found
    total = study.total
    is_paid = any(
        candidate.features.get("left_tender") or candidate.features.get("left_previous")
        for candidate in study.amount_candidates
    )
    return None if total is None or is_paid else total.less_sure(0.8)


def _value(found: Found | None) -> str:
    return found.value if found else ""


def _cents(found: Found) -> int:
    return round(float(found.value) * 100)


def _balanced(study: Study) -> tuple[Found, Found] | None:
    """A subtotal and a tax that add up to the total."""
    if study.total is None:
        return None
    total = _cents(study.total)
    subtotals, taxes = study.labelled(SUBTOTAL)[:12], study.labelled(TAX)[:12]
    for before in subtotals:
        for added in taxes:
            if abs(_cents(before) + _cents(added) - total) <= 1 and before.value != added.value:
                return _sure(before), _sure(added)
    return _in_row_of_total(study, total) or _completed(study, subtotals, taxes, total)


def _in_row_of_total(study: Study, total: int) -> tuple[Found, Found] | None:
    """A table's last row: net, tax and total side by side."""
    rows: dict[int, list[FoundAmount]] = defaultdict(list)
    for amount in study.amounts:
        if amount.decimals == 2 and amount.cents > 0:
            rows[amount.place.row].append(amount)
    for row in reversed(list(rows.values())):
        if row[-1].cents != total:
            continue
        for before, added in combinations(row[:-1], 2):
            if before.cents + added.cents == total and before.cents > added.cents:
                return _written(before, 0.8), _written(added, 0.8)
    return None


def _completed(
    study: Study, subtotals: list[Found], taxes: list[Found], total: int
) -> tuple[Found, Found] | None:
    """One of the two labelled, and the other standing on the page without a label."""
    for before in subtotals[:4]:
        added = _amount(study, total - _cents(before))
        if 0 < _cents(before) < total and added:
            return before, added
    for added in taxes[:4]:
        before = _amount(study, total - _cents(added))
        if 0 < _cents(added) < total / 2 and before:
            return before, added
    return None


def _amount(study: Study, cents: int) -> Found | None:
    for found in reversed(study.amounts):
        if found.cents == cents and not found.is_negative and found.decimals == 2:
            return _written(found, 0.72)
    return None


def _written(amount: FoundAmount, confidence: float) -> Found:
    segment = narrowed(amount.place.segment, amount.quote)
    return Found(written(amount.cents), confidence, (segment,), amount.quote)


def _plausible(study: Study, found: list[Found]) -> Found | None:
    """The first that is not more than the total; a clear label may be: discounts follow it."""
    ceiling = _cents(study.total) if study.total else None
    for one in found:
        is_named = one.confidence > CLEARLY_NAMED
        if ceiling is None or ceiling <= 0 or is_named or 0 <= _cents(one) <= ceiling:
            return one.less_sure(0.92)
    return None


def _sure(found: Found) -> Found:
    return replace(found, confidence=max(BALANCED, found.confidence))
