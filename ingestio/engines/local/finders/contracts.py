"""Contracts: what stands in sentences rather than beside labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local.finders.shared import beside, first_of, pattern
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.kinds import TITLE_PATTERNS
from ingestio.engines.local.name_signs import COMPANY_FORM
from ingestio.engines.local.values import ValueKind
from ingestio.engines.local.words import letters

if TYPE_CHECKING:
    from ingestio.engines.local.finders.shared import Finder
    from ingestio.engines.local.study import Study

OPENING_CHARS = 6_000
"""Parties and the effective date stand within so much of a contract's beginning."""
BETWEEN = re.compile(
    r"(?i)\b(?:by and (?:between|among)|between|entre(?: les soussign[ée]s)?|zwischen|tussen|"
    r"tra)\b\s*:?\s*"
)
PARTY_END = re.compile(
    r"\s*(?:\(|[“\"„«]|,?\s+(?:a|an)\s+(?:[A-Z][\w.]+\s+){0,4}(?:corporation|company|limited|"
    r"partnership|individual|llc|public|private|statutory|organi[sz]ation|corp|nonprofit|not-for|"
    r"sole|state|federal)|,?\s+(?:having|with|whose|located|incorporated|organi[sz]ed|duly|"
    r"hereinafter|and its|acting|represented|wohnhaft|vertreten|nachfolgend|im folgenden|"
    r"ci-apr[eè]s|dont le|repr[ée]sent[ée]e?|gevestigd|hierna|con sede|con domicilio|residing|"
    r"of\s+\d)|;|\s-\s)",
    re.IGNORECASE,
)
AND = re.compile(r"\s(?:and|und|et|en|y|e)\s|\bAND\b")
FIRST_PARTY = (
    "disclosing party|licensor|franchisor|landlord|lessor|seller|employer|company|client|vermieter|"
    "auftraggeber|arbeitgeber|verkaufer|bailleur|prestataire|vendeur|verhuurder|opdrachtgever|"
    "werkgever|arrendador|locatore|party a|first party|party 1|service provider|provider"
)
SECOND_PARTY = (
    "receiving party|licensee|franchisee|tenant|lessee|buyer|employee|contractor|consultant|"
    "customer|mieter|auftragnehmer|arbeitnehmer|kaufer|locataire|client|acheteur|huurder|"
    "opdrachtnemer|werknemer|arrendatario|conduttore|party b|second party|party 2"
)
LABELLED_PARTIES = (FIRST_PARTY, SECOND_PARTY)
EFFECTIVE = re.compile(
    r"(?i)(?:effective (?:as of|date|from|on)|dated(?: as of)?|as of|made (?:and entered into "
    r")?(?:as of|on|this)|entered into(?: as of| on| this)?|with effect from|commenc(?:es|ing) on|"
    r"start date|gultig ab|g[üu]ltig ab|tritt am|beginnt am|ab dem|fait (?:à|a) \w+,? le|prend "
    r"effet le|[àa] compter du|ingangsdatum|met ingang van|ingaande|con efecto|decorre dal|entra "
    r"in vigore il)"
)
EXPIRING = re.compile(
    r"(?i)(?:expir(?:es?|ation date|ing|y date)(?: on)?|terminat(?:es|ion date)(?: on)?|until|"
    r"ends? on|end date|continue (?:in effect )?until|through|endet am|l[äa]uft bis|bis zum|"
    r"befristet bis|prend fin le|jusqu.?au|expire le|eindigt op|tot en met|einddatum|hasta el|"
    r"scade il|fino al|termina il)"
)
NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|thirty|forty[- ]five|"
    r"sixty|ninety|one hundred (?:and )?(?:twenty|eighty)|ein(?:en|em|er)?|zwei|drei|vier|sechs|"
    r"zwölf|un|deux|trois|six|een|twee|drie|zes|\d+)"
)
UNIT = (
    r"(?:business |calendar |successive |additional |further )*(?:days?|months?|years?|weeks?|"
    r"tagen?|monate?n?|jahre?n?|wochen?|jours|mois|ans?|semaines|dagen|maand(?:en)?|jaar|weken|"
    r"d[ií]as|meses|mes|giorni|mesi)"
)
SPAN = rf"{NUMBER_WORD}(?:\s*\(\s*\w+\s*\))?(?:['’]s?)?[\s-]+{UNIT}"
LAW = first_of(
    pattern(
        r"[Ll]aws?\s+of\s+(?:the\s+)?(?:(?:[Ss]tate|[Cc]ommonwealth|[Pp]rovince|[Rr]epublic|"
        r"[Kk]ingdom)\s+of\s+)?(?P<value>[A-Z]\w+(?:\s+(?:and\s+)?[A-Z]\w+){0,2})",
        0.85,
        flags=0,
    ),
    pattern(
        r"(?P<value>[A-Z]\w+(?:\s[A-Z]\w+)?)\s+law\s+(?:shall|governs|applies|will)", 0.78, flags=0
    ),
    pattern(
        r"(?:es gilt|gilt|unterliegt)\s+(?:ausschlie(?:ß|ss)lich\s+)?(?:d(?:as|"
        r"em)\s+)?(?P<value>\w+(?:\s\w+)?\s+recht\w*)",
        0.78,
    ),
    pattern(
        r"(?:droit|lois?)\s+(?P<value>fran[cç]aise?s?|belges?|suisses?|luxembourgeois\w*)", 0.8
    ),
    pattern(r"(?P<value>nederlands|belgisch)\s+recht", 0.8),
    pattern(r"(?:leyes? de|derecho|legislaci[oó]n)\s+(?P<value>[A-Z]?\w+)", 0.7),
    pattern(r"(?:legge|diritto)\s+(?P<value>italian[ao]|svizzer[ao])", 0.75),
    beside(
        ValueKind.TEXT,
        "governing law|applicable law|anwendbares recht|droit applicable|toepasselijk recht|ley "
        "aplicable|legge applicabile",
    ),
)
RENEWAL = first_of(
    pattern(
        rf"(?:renew\w*|extend\w*|verl[äa]nger\w*|reconduct\w*|renouvel\w*|verleng\w*|prorrog\w*|"
        rf"rinnov\w*)[^.]{{0,120}}?(?P<value>{SPAN})",
        0.72,
    ),
    pattern(
        rf"(?P<value>{SPAN})[^.]{{0,40}}?(?:renewal|verl[äa]ngerung|reconduction|verlenging)", 0.65
    ),
    beside(ValueKind.TEXT, "renewal term|renewal|verlangerung|reconduction|verlenging"),
)
NOTICE = first_of(
    pattern(
        rf"(?P<value>{SPAN})['’]?\s*(?:prior\s+|advance\s+|previous\s+)?(?:written\s+|"
        rf"schriftliche\s+)?(?:notice|k[üu]ndigungsfrist|opzegtermijn|de pr[ée]avis)",
        0.78,
    ),
    pattern(
        rf"(?:notice|k[üu]ndigungsfrist|pr[ée]avis|opzegtermijn|preaviso|"
        rf"preavviso)[^.]{{0,60}}?(?P<value>{SPAN})",
        0.68,
    ),
    beside(ValueKind.TEXT, "notice period|kundigungsfrist|preavis|opzegtermijn|preaviso|preavviso"),
)


def title(study: Study) -> Found | None:
    """The first prominent line of the first page that names a kind of contract."""
    context = study.context
    best: tuple[float, Found] | None = None
    for place in context.places:
        segment = place.segment
        if segment.page > 1 or len(segment.text) > 90:
            continue
        words = context.normal(segment.text)
        match = TITLE_PATTERNS[Kind.CONTRACT].search(words)
        if not match or len(words.split()) > 9:
            continue
        cover = (match.end() - match.start()) / max(1, len(words))
        is_shouted = segment.text.strip() == segment.text.strip().upper()
        ends = match.end() == len(words)
        worth = segment.height / context.median_height + 0.5 * cover + 0.4 * is_shouted + 0.4 * ends
        worth += 0.3 * segment.is_bold - 0.02 * place.row
        text = segment.text.strip(' .:-–—*"“”')
        if best is None or worth > best[0] + 1e-6:
            best = (worth, Found(text, 0.8, (narrowed(segment, text),), text))
    return best[1] if best else None


def party(number: int) -> Finder:
    """The first or second of the parties named after "between"."""

    def find(study: Study) -> Found | None:
        parties = _parties(study)
        if len(parties) >= 2:
            return parties[number]
        found = beside(ValueKind.NAME, LABELLED_PARTIES[number])(study)
        return found.less_sure(0.85) if found else None

    return find


def day_after(expression: re.Pattern[str], *, within: int, opening_only: bool) -> Finder:
    """The first date close behind one of these phrases."""

    def find(study: Study) -> Found | None:
        prose = study.prose
        text = prose.text[:OPENING_CHARS] if opening_only else prose.text
        dates = [(study.offset(d.place) + d.start, d) for d in study.dates]
        for match in expression.finditer(text):
            for start, date in dates:
                if match.end() <= start <= match.end() + within:
                    place = narrowed(date.place.segment, date.quote)
                    return Found(date.value, 0.82, (place,), date.quote)
        return None

    return find


def first_date(study: Study) -> Found | None:
    """A contract's first date, believed less."""
    found = study.dates[0] if study.dates else None
    if found is None or found.place.segment.page > 1:
        return None
    return Found(found.value, 0.6, (narrowed(found.place.segment, found.quote),), found.quote)


def _parties(study: Study) -> list[Found]:
    text = study.prose.text[:OPENING_CHARS]
    for opening in BETWEEN.finditer(text):
        first = _party_at(study, opening.end())
        if first is None:
            continue
        joined = next((m for m in AND.finditer(text, first[1]) if m.start() < first[1] + 700), None)
        while joined:
            second = _party_at(study, joined.end())
            if second:
                return [first[0], second[0]]
            joined = next(
                (m for m in AND.finditer(text, joined.end()) if m.start() < first[1] + 700), None
            )
    return []


NAME_AT = re.compile(
    r"\W{0,3}(?:\(?\d\)?\.?\s+)?(?:(?:the|der|die|das|dem|den|la|le|les|het|el|los|las|il|lo|"
    r"gli)\s+)?(?:(?:company|soci[ée]t[ée]|firma|vennootschap|empresa|"
    r"societ[àa])\s+)?(?P<name>[A-ZÀ-Ý0-9][\w&'’.\-À-ÿ]*(?:,?\s+(?:(?:of|de|du|der|von|van|the|and|"
    r"&)\s+)?[A-ZÀ-Ý0-9&(][\w&'’.\-À-ÿ)]*){0,8})"
)
NOT_A_PARTY = re.compile(
    r"(?i)^(?:this|the parties|agreement|franchisor|franchisee|whereas|each|party|such|both|its|"
    r"all|any|either|effective|date|state|in|on|for|company|section|article|january|february|march|"
    r"april|may|june|july|august|september|october|november|december)\b"
)


def _party_at(study: Study, position: int) -> tuple[Found, int] | None:
    """The name that begins at a position of the running text, and where it ends."""
    match = NAME_AT.match(study.prose.text, position)
    if not match:
        return None
    name = match.group("name")
    cut = PARTY_END.search(name)
    if cut:
        name = name[: cut.start()]
    name = re.split(r"\s+(?:and|AND|And)\s+(?=[A-Z])", name)[0].strip(" ,;")
    formed = COMPANY_FORM.search(name)
    comma = name.find(",", formed.end()) if formed else -1
    name = name[:comma] if comma > 0 and not COMPANY_FORM.search(name, comma) else name
    if letters(name) < 4 or NOT_A_PARTY.match(name):
        return None
    start = match.start("name")
    end = start + len(name)
    if not _looks_like_party(study.prose.text, name, end):
        return None
    segments = study.prose.between(start, end)
    return Found(name, 0.78, segments, name), end


def _looks_like_party(text: str, name: str, end: int) -> bool:
    """A company's form, an explanation behind it, or two capitalised words."""
    behind = text[end : end + 40]
    explained = re.match(r"\s*(?:,|\(|[“\"„«]|a\s|an\s|with\s|having\s|and\s)", behind)
    return bool(COMPANY_FORM.search(name) or (explained and len(name.split()) >= 2))


CONTRACT = {
    "title": title,
    "party_1": party(0),
    "party_2": party(1),
    "effective_date": first_of(
        day_after(EFFECTIVE, within=60, opening_only=True),
        beside(
            ValueKind.DATE,
            "effective date|date of agreement|agreement date|commencement date|start date|date|"
            "datum",
        ),
        first_date,
    ),
    "expiration_date": first_of(
        beside(
            ValueKind.DATE,
            "expiration date|expiry date|termination date|end date|enddatum|date de fin|einddatum|"
            "fecha de fin",
        ),
        day_after(EXPIRING, within=40, opening_only=False),
    ),
    "governing_law": LAW,
    "renewal_term": RENEWAL,
    "notice_period": NOTICE,
}
FINDERS = {Kind.CONTRACT: CONTRACT}
