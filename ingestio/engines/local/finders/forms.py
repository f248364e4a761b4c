"""Tax forms and insurance claims: boxes with captions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local.finders import shared
from ingestio.engines.local.finders.shared import beside, pattern
from ingestio.engines.local.found import Found
from ingestio.engines.local.values import ValueKind

if TYPE_CHECKING:
    from ingestio.engines.local.study import Study

FORM = re.compile(
    r"(?i)\b(?:form\s+)?(?P<value>W-?\s?2c?|W-?\s?4|W-?\s?9|W-8\w*|1040(?:-?[A-Z]{2})?|"
    r"1099(?:-?[A-Z]{1,4})?|1098(?:-?[A-Z])?|1120(?:-?S)?|1065|94[01]|P60|P45|P11D|T4|Schedule "
    r"[A-Z]|Lohnsteuerbescheinigung|Einkommensteuerbescheid|Steuerbescheid|Avis d.imp[oô]t|"
    r"Certificazione Unica|Modelo \d{3})\b"
)
YEAR_NEAR_FORM = re.compile(
    r"(?i)(?:tax year|year|steuerjahr|kalenderjahr|f[üu]r|ann[ée]e|ejercicio|anno|form w-?2|"
    r"statement)\D{0,20}(?P<value>(?:19|20)\d\d)\b"
)
ANY_YEAR = re.compile(r"(?<![\d/.\-])(?P<value>20[0-4]\d)(?![\d/.\-])")
CLAIM_NUMBER = (
    "claim number|claim no|claim id|claim ref|claim reference|claim|schadennummer|schaden nr|"
    "schadensnummer|schadennr|aktenzeichen|numero de sinistre|no de sinistre|sinistre no|reference "
    "sinistre|schadenummer|schade nr|numero de siniestro|siniestro no|numero sinistro|sinistro n|"
    "loss number|file number"
)
POLICY_NUMBER = (
    "policy number|policy no|policy id|policy|insured s policy number|versicherungsscheinnummer|"
    "versicherungsschein nr|policennummer|police nr|versicherungsnummer|vertragsnummer|numero de "
    "police|no de police|police no|no de contrat|numero de contrat|polisnummer|polis nr|numero de "
    "poliza|poliza no|poliza|numero polizza|polizza n|certificate number|member id|insured id "
    "number"
)
POLICYHOLDER = (
    "policyholder|policyholder name|policy holder|name of insured|insured name|named insured|"
    "insured|claimant name|claimant|full name|insured s name|name of policyholder|"
    "versicherungsnehmer|versicherter|versicherte person|anspruchsteller|assure|souscripteur|nom "
    "de l assure|preneur d assurance|verzekeringnemer|verzekerde|naam verzekeringnemer|asegurado|"
    "tomador|nombre del asegurado|assicurato|contraente|nome assicurato|patient name|patient s "
    "name|name"
)
INSURER = (
    "insurer|insurance company|insurance carrier|carrier|insurance company name|company|name of "
    "insurer|versicherer|versicherung|versicherungsgesellschaft|assureur|compagnie d assurance|"
    "societe d assurance|verzekeraar|verzekeringsmaatschappij|aseguradora|compania de seguros|"
    "compagnia|compagnia di assicurazione|assicuratore"
)
DATE_OF_LOSS = (
    "date of loss|date of accident|date of incident|loss date|incident date|accident date|date of "
    "occurrence|date of injury|date and time of loss|date of event|schadentag|schadendatum|"
    "unfalltag|unfalldatum|tag des schadens|date du sinistre|date de l accident|date de l "
    "evenement|schadedatum|datum schade|datum ongeval|fecha del siniestro|fecha del accidente|data "
    "del sinistro|data sinistro|data incidente|date of current illness"
)
TOTAL_REPAIR = (
    "total estimated repair|total repair|total estimated repair cost|estimated repair cost|total "
    "repair cost|repair cost|estimated cost of repair|estimated cost|estimated damage|total claim "
    "amount|claim amount|amount of loss|amount claimed|total loss|total estimate|grand total|total "
    "charge|schadenhohe|reparaturkosten|geschatzte schadenhohe|montant des reparations|montant du "
    "sinistre|montant estime|schadebedrag|reparatiekosten|importe de la reparacion|costo "
    "riparazione|total"
)
EMPLOYEE = (
    "employee s first name and initial|employee s name|employee name|e employee s first name and "
    "initial|employee s name address and zip code|employee|name of taxpayer|taxpayer name|your "
    "first name and middle initial|your first name|recipient s name|recipient|arbeitnehmer|"
    "steuerpflichtiger|salarie|contribuable|werknemer|name"
)
EMPLOYER = (
    "employer s name address and zip code|c employer s name address and zip code|employer s name|"
    "employer name|employer|payer s name|payer|arbeitgeber|employeur|werkgever|filer s name"
)
WAGES = (
    "wages tips other compensation|1 wages tips other compensation|wages tips other comp|wages "
    "tips and other compensation|wages salaries tips|wages|total wages|nonemployee compensation|"
    "bruttoarbeitslohn|total income|gross income"
)
FEDERAL_TAX = (
    "federal income tax withheld|2 federal income tax withheld|federal income tax|federal tax "
    "withheld|federal tax|einbehaltene lohnsteuer|lohnsteuer|impot sur le revenu"
)


def form(study: Study) -> Found | None:
    """The form's name as printed: W-2, 1040, ..."""
    match = FORM.search(study.prose.text)
    if not match:
        return None
    found = study.prose.found(match, "value", 0.85)
    bare = re.sub(r"\s", "", found.value)
    hyphened = re.sub(r"(?i)^w-?(\d)", r"W-\1", bare)
    return found.as_value(hyphened if bare[:1] in "Ww" else found.value)


def tax_year(study: Study) -> Found | None:
    """The year beside the form's name, else the largest lone year on the first page."""
    match = YEAR_NEAR_FORM.search(study.prose.text)
    if match:
        return study.prose.found(match, "value", 0.8)
    years = [
        study.prose.found(found, "value", 0.68) for found in ANY_YEAR.finditer(study.prose.text)
    ]
    seen = [found for found in years if found.segments]
    return max(seen, key=lambda found: found.segments[0].height) if seen else None


def insurer(study: Study) -> Found | None:
    """The name at the top that is an insurer's, else by label, else the issuer."""
    for candidate in study.name_candidates:
        is_own = re.search(
            r"(?i)\b(insurance|assurances?|versicherung\w*|verzekering\w*|seguros|assicurazion[ei]|"
            r"mutual|indemnity|allianz|insurers?)\b",
            candidate.value,
        )
        is_heading = re.search(
            r"(?i)\b(claim|form|number|policy|company name|report|notice|information|card)\b",
            candidate.value,
        )
        segment = candidate.segment
        if (
            segment
            and segment.page == 0
            and is_own
            and not is_heading
            and len(candidate.value.split()) <= 6
        ):
            return Found(candidate.value, 0.75, (segment,), candidate.quote)
    return beside(ValueKind.NAME, INSURER)(study) or study.issuer


TAX_FORM = {
    "form": form,
    "tax_year": tax_year,
    "employee": beside(ValueKind.NAME, EMPLOYEE),
    "employer": beside(ValueKind.NAME, EMPLOYER),
    "ssn": pattern(
        r"(?<![\d-])(?P<value>(?:\d{3}|[X*]{3})-(?:\d{2}|[X*]{2})-\d{4})(?![\d-])", 0.92
    ),
    "ein": pattern(r"(?<![\d-])(?P<value>\d{2}-\d{7})(?![\d-])", 0.92),
    "wages": beside(ValueKind.AMOUNT, WAGES),
    "federal_tax": beside(ValueKind.AMOUNT, FEDERAL_TAX),
}
INSURANCE_CLAIM = {
    "claim_number": beside(ValueKind.IDENTIFIER, CLAIM_NUMBER),
    "policy_number": beside(ValueKind.IDENTIFIER, POLICY_NUMBER),
    "policyholder": beside(ValueKind.NAME, POLICYHOLDER),
    "insurer": insurer,
    "date_of_loss": beside(ValueKind.DATE, DATE_OF_LOSS),
    "total_repair": beside(ValueKind.AMOUNT, TOTAL_REPAIR),
    "vin": shared.vin,
    "email": shared.email,
    "currency": shared.currency,
}
FINDERS = {Kind.TAX_FORM: TAX_FORM, Kind.INSURANCE_CLAIM: INSURANCE_CLAIM}
