"""Bank statements and payslips: what covers a period."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local import name_signs as signs
from ingestio.engines.local.finders import shared
from ingestio.engines.local.finders.shared import addressee, beside, first_of
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.labelled import labels
from ingestio.engines.local.values import ValueKind

if TYPE_CHECKING:
    from ingestio.engines.local.finders.shared import Finder
    from ingestio.engines.local.study import Study

BANK = re.compile(
    r"(?i)\b(bank|banking|credit union|sparkasse|volksbank|raiffeisen\w*|banque|caisse d.?epargne|"
    r"credit (?:agricole|mutuel|lyonnais)|banco|caixa|cassa|banca|building society|savings|"
    r"postbank|trust company|bancorp|federal credit|n\.a\.)\b|bank\b"
)
BANK_PHRASE = re.compile(
    r"(?i)bank (?:statement|account|code|name|details|fees?|charges?)|online bank|bank of record|"
    r"banking (?:hours|online)"
)
HOLDER = (
    "account name|account holder|account holder name|name of account holder|account owner|customer "
    "name|primary owner|your details|name|statement for|prepared for|kontoinhaber|kontoinhaberin|"
    "inhaber|titulaire|titulaire du compte|nom du titulaire|rekeninghouder|ten name van|titular|"
    "titular de la cuenta|intestatario|intestato a|nama"
)
ACCOUNT = (
    "account number|account no|account nr|acct no|acct number|account|checking account number|"
    "primary account number|primary account|kontonummer|konto nr|kontonr|konto|iban|numero de "
    "compte|compte no|no de compte|compte numero|compte|rekeningnummer|rekening|numero de cuenta|"
    "cuenta|numero conto|conto no|conto corrente no|no akaun|nombor akaun"
)
STATEMENT_DATE = (
    "statement date|date of statement|statement ending|statement end date|closing date|date issued|"
    "issue date|statement as of|auszugsdatum|kontoauszug vom|erstellt am|datum|date du releve|"
    "releve du|arrete au|date d arrete|date d edition|afschriftdatum|datum afschrift|fecha del "
    "extracto|fecha de emision|data estratto|tarikh penyata|date|for"
)
PERIOD_START = (
    "period start|period beginning|start date|from date|period from|pay begin date|pay period "
    "start|period begin|pay period begin|pay period beginning|beginning date|from|von|du|van|desde|"
    "dal|debut de periode|period starting"
)
PERIOD_END = (
    "period ending|period end|end date|to date|period to|pay end date|pay period end|pay period "
    "ending|statement ending|ending date|to|bis|au|tot|hasta|al|fin de periode|week ending|month "
    "ending|through"
)
OPENING = (
    "opening balance|beginning balance|opening account balance|starting balance|previous balance|"
    "your previous balance|balance brought forward|balance forward|balance b f|brought forward|"
    "previous statement balance|balance last statement|anfangssaldo|alter kontostand|alter saldo|"
    "kontostand alt|saldovortrag|letzter kontostand|startsaldo|ancien solde|solde precedent|solde "
    "initial|solde d ouverture|solde au|solde anterieur|beginsaldo|vorig saldo|oud saldo|saldo "
    "anterior|saldo inicial|saldo iniziale|saldo precedente|baki awal|baki permulaan"
)
CLOSING = (
    "closing balance|ending balance|closing account balance|new balance|your new balance|current "
    "balance|balance carried forward|balance c f|carried forward|final balance|balance at end|"
    "statement balance|balance this statement|endsaldo|neuer kontostand|neuer saldo|kontostand neu|"
    "schlusssaldo|aktueller kontostand|nouveau solde|solde final|solde de cloture|solde crediteur|"
    "solde en fin|solde actuel|solde au|eindsaldo|nieuw saldo|saldo final|saldo actual|saldo "
    "finale|saldo attuale|baki akhir|baki penutup|account balance"
)
EMPLOYER = (
    "employer|employer name|company name|company|employer s name|arbeitgeber|firma|employeur|"
    "entreprise|societe|raison sociale|werkgever|empresa|azienda|datore di lavoro|ditta|majikan|"
    "syarikat|organisation|organization"
)
EMPLOYEE = (
    "employee name|employee|name of employee|staff name|pay to the order of|pay to|name|payee|"
    "employee s name|emp name|arbeitnehmer|mitarbeiter|mitarbeiterin|beschaftigter|salarie|nom et "
    "prenom|nom prenom|nom du salarie|employe|nom|werknemer|naam|trabajador|empleado|nombre|"
    "dipendente|lavoratore|cognome e nome|cognome nome|nama pekerja|nama"
)
PAY_DATE = (
    "pay date|payment date|date paid|check date|paid on|pay day|date of payment|advice date|"
    "deposit date|payday|cheque date|zahltag|auszahlungsdatum|auszahlung am|zahlungsdatum|date de "
    "paiement|date du paiement|paye le|date de virement|paiement le|betaaldatum|uitbetaling|datum "
    "betaling|fecha de pago|data pagamento|data di pagamento|valuta|tarikh bayaran|date"
)
GROSS = (
    "gross pay|total gross|gross salary|gross earnings|gross wages|total gross pay|gross|total "
    "earnings|total pay|current gross|gross income|total payments|total allowances|gesamtbrutto|"
    "gesamt brutto|bruttolohn|bruttogehalt|brutto bezuge|bruttobezuge|brutto|summe brutto|"
    "steuerbrutto|salaire brut|total brut|brut mensuel|brut total|remuneration brute|brut|"
    "brutoloon|bruto loon|bruto salaris|totaal bruto|bruto|salario bruto|total devengado|devengado|"
    "total bruto|retribuzione lorda|totale competenze|lordo|totale lordo|gaji kasar"
)
NET = (
    "net pay|net salary|net amount|net wages|total net pay|net earnings|take home pay|net payment|"
    "net income|amount paid|net|auszahlungsbetrag|auszahlung|nettolohn|nettogehalt|netto verdienst|"
    "nettoverdienst|uberweisungsbetrag|uberweisung|netto|net a payer|net paye|salaire net|net a "
    "payer apres impot|net verse|net a payer au salarie|montant net|nettoloon|netto loon|netto "
    "salaris|netto betaling|uit te betalen|te betalen|liquido a percibir|total liquido|salario "
    "neto|total a percibir|neto|netto in busta|netto a pagare|netto del mese|retribuzione netta|"
    "gaji bersih"
)
BETWEEN = re.compile(
    r"^\W*(?:to|-|–|—|bis|au|tot|al|a|through|thru|until|hasta|zum|bis zum|t/m)\W*$", re.IGNORECASE
)


def bank_name(study: Study) -> Found | None:
    """The first prominent name that is a bank's, else the issuer."""
    for candidate in study.name_candidates:
        segment = candidate.segment
        is_own = BANK.search(candidate.value) and not BANK_PHRASE.search(candidate.value)
        is_name = not (candidate.features["contact"] or candidate.features["colon"])
        if (
            segment
            and segment.page == 0
            and is_own
            and is_name
            and len(candidate.value.split()) <= 7
        ):
            return Found(candidate.value, 0.78, (segment,), candidate.quote)
    return study.issuer.less_sure(0.8) if study.issuer else None


def account_holder(study: Study) -> Found | None:
    """By label, else the person or company over the first address."""
    found = study.first_labelled(labels(ValueKind.NAME, HOLDER))
    if found and found.confidence >= 0.6:
        return found
    return addressee(study, study.issuer.value if study.issuer else "") or found


def employer(study: Study) -> Found | None:
    """By label, else the issuer."""
    found = study.first_labelled(labels(ValueKind.NAME, EMPLOYER))
    if found and (found.confidence >= 0.7 or signs.COMPANY_FORM.search(found.value)):
        return found
    return study.issuer or found


def employee(study: Study) -> Found | None:
    """By label, else the person over the address that is not the employer's."""
    found = study.first_labelled(labels(ValueKind.NAME, EMPLOYEE))
    if found and found.confidence >= 0.6:
        return found
    paid_by = employer(study)
    return addressee(study, paid_by.value if paid_by else "") or found


def period(edge: ValueKind, own_labels: str) -> Finder:
    """One end of a period: of a written range, else by its own label."""
    wanted = labels(ValueKind.DATE, own_labels)

    def find(study: Study) -> Found | None:
        return _range_edge(study, edge) or study.first_labelled(wanted)

    return find


def _range_edge(study: Study, edge: ValueKind) -> Found | None:
    """The first or last day of the first two dates that only `to` or a dash parts."""
    text = study.prose.text
    dates = [(study.offset(found.place) + found.start, found) for found in study.dates]
    for (start, first), (after, second) in itertools.pairwise(dates):
        between = text[start + len(first.quote) : after]
        if not BETWEEN.match(between) or first.value >= second.value:
            continue
        taken = first if edge is ValueKind.FIRST_DATE else second
        return Found(taken.value, 0.9, (narrowed(taken.place.segment, taken.quote),), taken.quote)
    return None


BANK_STATEMENT = {
    "bank_name": bank_name,
    "account_holder": account_holder,
    "account_number": beside(ValueKind.ACCOUNT, ACCOUNT),
    "statement_date": first_of(beside(ValueKind.DATE, STATEMENT_DATE), shared.date),
    "period_start": period(ValueKind.FIRST_DATE, PERIOD_START),
    "period_end": period(ValueKind.LAST_DATE, PERIOD_END),
    "opening_balance": beside(ValueKind.AMOUNT, OPENING),
    "closing_balance": beside(ValueKind.AMOUNT, CLOSING),
    "currency": shared.currency,
}
PAYSLIP = {
    "employer": employer,
    "employee": employee,
    "period_start": period(ValueKind.FIRST_DATE, PERIOD_START),
    "period_end": period(ValueKind.LAST_DATE, PERIOD_END),
    "pay_date": beside(ValueKind.DATE, PAY_DATE),
    "gross_pay": beside(ValueKind.AMOUNT, GROSS),
    "net_pay": beside(ValueKind.AMOUNT, NET),
    "currency": shared.currency,
}
FINDERS = {Kind.BANK_STATEMENT: BANK_STATEMENT, Kind.PAYSLIP: PAYSLIP}
