"""Resumes: headings, the lines under them, and what looks like a name or an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local import name_signs as signs
from ingestio.engines.local.finders.shared import beside, email, first_of, pattern
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.layout import row_text
from ingestio.engines.local.lexicon import phrase_pattern
from ingestio.engines.local.values import ValueKind
from ingestio.engines.local.words import letters

if TYPE_CHECKING:
    from ingestio.engines.local.layout import Row
    from ingestio.engines.local.pages import Segment
    from ingestio.engines.local.study import Study

SKILLS = (
    "skills|technical skills|key skills|core skills|skills summary|core competencies|competencies|"
    "areas of expertise|professional skills|skills and abilities|skills expertise|kenntnisse|"
    "fahigkeiten|it kenntnisse|kompetenzen|competences|competences techniques|vaardigheden|"
    "habilidades|aptitudes|competenze|capacita e competenze|technologies|expertise"
)
EXPERIENCE = (
    "experience|work experience|professional experience|employment history|employment|work history|"
    "career history|relevant experience|berufserfahrung|beruflicher werdegang|berufspraxis|"
    "experience professionnelle|experiences|experiences professionnelles|werkervaring|experiencia|"
    "experiencia laboral|experiencia profesional|esperienza professionale|esperienze lavorative|"
    "esperienza lavorativa"
)
OTHER_HEADINGS = (
    "education|summary|profile|objective|languages|references|certifications|projects|interests|"
    "awards|publications|ausbildung|sprachen|formation|langues|opleiding|talen|educacion|idiomas|"
    "istruzione|lingue|contact|hobbies|achievements|volunteer|personal details|about me|training|"
    "activities|honors|qualifications"
)
HEADINGS = phrase_pattern(f"{SKILLS}|{EXPERIENCE}|{OTHER_HEADINGS}".split("|"))
SKILLS_HEADING = phrase_pattern(SKILLS.split("|"))
EXPERIENCE_HEADING = phrase_pattern(EXPERIENCE.split("|"))
NOT_A_PERSON = re.compile(
    r"(?i)\b(resume|curriculum|vitae|cv|lebenslauf|profile|summary|page|address|phone|email|"
    r"experience|education|objective|contact|engineer|manager|developer|analyst|street|university|"
    r"skills|confidential)\b"
)
JOB = re.compile(
    r"(?i)\b(engineer|manager|developer|analyst|designer|consultant|director|administrator|"
    r"assistant|accountant|teacher|nurse|architect|specialist|coordinator|officer|scientist|"
    r"technician|representative|executive|programmer|intern|lead|supervisor|writer|editor|attorney|"
    r"lawyer|chef|driver|sales|marketing|president|head of|entwickler|ingenieur|leiter|berater|"
    r"sachbearbeiter|ing[ée]nieur|d[ée]veloppeur|responsable|charg[ée]|ontwikkelaar|adviseur|"
    r"medewerker|desarrollador|ingeniero|sviluppatore|ingegnere|chief|founder|professor|researcher|"
    r"librarian|electrician|mechanic|clerk|secretary)\w*\b"
)
DEGREE = re.compile(
    r"(?P<value>\b(?:Ph\.?\s?D\.?|Doctor(?:ate)? of [A-Z]\w+|Doctorate|Doktor|MBA|M\.?B\.?A\.?|"
    r"Master(?:'s|’s)?(?: degree)?(?: of| in)? [A-Z][\w ]{2,30}|Master(?:'s|’s)? [Dd]egree|"
    r"Magister|Diplom-?\w*|M\.?\s?S\.?c?\.?(?= )|M\.A\.|Bachelor(?:'s|’s)?(?: degree)?(?: of| in)? "
    r"[A-Z][\w ]{2,30}|B\.?\s?S\.?c?\.?(?=[ ,])|B\.A\.|B\.?Tech|B\.?E\.|Licence|Licenciatura|"
    r"Laurea|Staatsexamen|Associate(?:'s)?(?: degree)?(?: of| in)? [A-Z][\w ]{2,30}|High School "
    r"Diploma|Abitur|Baccalaur[ée]at))"
)
DEGREE_RANKS = (
    r"(?i)ph|doctor|doktor",
    r"(?i)mba|m\.b\.a|master|magister|diplom-|m\.?\s?s|m\.a",
    r"(?i)bachelor|b\.|b\s?s|licen|laurea|staats",
    r"(?i)associate",
    r"(?i)",
)
CITY_AND_STATE = re.compile(r"\b[A-Z][a-zA-Z.]+(?: [A-Z][a-zA-Z.]+){0,2},\s?[A-Z]{2}\b")
TOP_ROWS = 8


def name(study: Study) -> Found | None:
    """The largest line near the top that looks like a person's name."""
    best: tuple[float, Found] | None = None
    for place in study.context.places:
        segment = place.segment
        if segment.page != 0 or place.row > TOP_ROWS:
            continue
        text = re.split(r"\s*[,|•]\s", segment.text.strip())[0]
        words = text.split()
        is_name = 2 <= len(words) <= 4 and all(
            word[:1].isupper() or word in {"de", "van", "von"} for word in words
        )
        if not is_name or re.search(r"[\d@:]", text) or NOT_A_PERSON.search(text):
            continue
        worth = segment.height / study.context.median_height - 0.08 * place.row
        if best is None or worth > best[0]:
            best = (worth, Found(text, 0.85, (narrowed(segment, text),), text))
    return best[1] if best else None


def job_title(study: Study) -> Found | None:
    """A short line with an occupation's word, near the top first."""
    for place in study.context.places:
        text = place.segment.text.strip()
        if place.segment.page == 0 and JOB.search(text) and len(text) < 60 and "@" not in text:
            text = re.split(r"\s*[|•–]\s|\s{2,}|\s\(|,? \d{4}", text)[0].strip(" ,-")
            confidence = 0.72 if place.row <= TOP_ROWS else 0.58
            return Found(text, confidence, (narrowed(place.segment, text),), text)
    return None


def city_and_state(study: Study) -> Found | None:
    """`Portland, OR` within one segment of the first page."""
    for place in study.context.places:
        match = CITY_AND_STATE.search(place.segment.text)
        if match and place.segment.page == 0:
            quote = match.group(0)
            return Found(quote, 0.75, (narrowed(place.segment, quote),), quote)
    return None


def skills(study: Study) -> Found | None:
    """What stands under (or after) the skills heading, up to the next heading."""
    rows = study.context.rows
    for index, row in enumerate(rows):
        for segment in row:
            if not _is_heading(study, segment, SKILLS_HEADING):
                continue
            _, _, rest = segment.text.partition(":")
            taken = [rest.strip()] if rest.strip() else []
            segments = [segment] if taken else []
            for below in _under(study, rows[index + 1 : index + 12], segment):
                taken.append(below.text.strip(" •-*·"))
                segments.append(below)
            if taken:
                text = ", ".join(taken)[:400]
                return Found(text, 0.65, tuple(segments), " ".join(s.text for s in segments))
    return None


def latest_employer(study: Study) -> Found | None:
    """The first company under the experience heading."""
    rows = study.context.rows
    for index, row in enumerate(rows):
        for segment in row:
            if not _is_heading(study, segment, EXPERIENCE_HEADING):
                continue
            for below in rows[index + 1 : index + 5]:
                found = _employer_in(row_text(below), below)
                if found:
                    return found
    return None


def highest_degree(study: Study) -> Found | None:
    """The highest degree that is named."""
    matches = list(DEGREE.finditer(study.prose.text))
    for rank in DEGREE_RANKS:
        for match in matches:
            if re.match(rank, match.group("value")):
                return study.prose.found(match, "value", 0.68)
    return None


def _employer_in(text: str, row: Row) -> Found | None:
    at = re.search(r"(?:\bat\b|@|\bbei\b|\bchez\b|\bbij\b)\s+(?P<name>[A-Z][\w&.' ]{2,40})", text)
    part = at.group("name").strip() if at else None
    if part is None:
        for piece in re.split(r"\s*[,|•–]\s|\s{2,}|\s-\s", text):
            is_date = re.search(r"\b(?:19|20)\d\d\b|present|heute|aujourd", piece, re.IGNORECASE)
            if letters(piece) >= 3 and not is_date and not JOB.search(piece):
                part = piece.strip()
                break
    if part is None:
        return None
    confidence = 0.7 if signs.COMPANY_FORM.search(part) or at else 0.55
    return Found(part, confidence, row, part)


def _is_heading(study: Study, segment: Segment, wanted: re.Pattern[str]) -> bool:
    before, _, _ = segment.text.partition(":")
    words = study.context.normal(before)
    match = wanted.search(words)
    return bool(match and match.end() - match.start() >= 0.6 * len(words))


def _under(study: Study, rows: tuple[Row, ...], heading: Segment) -> list[Segment]:
    taken: list[Segment] = []
    for row in rows:
        for segment in row:
            if _is_heading(study, segment, HEADINGS):
                return taken
            if (
                segment.page == heading.page
                and segment.x1 > heading.x0 - 0.02
                and segment.x0 < heading.x0 + 0.6
            ):
                taken.append(segment)
    return taken


RESUME = {
    "name": name,
    "email": email,
    "phone": first_of(
        beside(
            ValueKind.PHONE,
            "phone|tel|mobile|telefon|telephone|cell|mobil|telefoon|telefono|phone number|contact",
        ),
        pattern(
            r"(?P<value>\+?\(?\d{1,4}\)?[ .\-/]?\(?\d{2,4}\)?[ .\-/]\d{3,4}[ .\-]?\d{2,4})", 0.8
        ),
    ),
    "location": first_of(
        city_and_state,
        beside(
            ValueKind.TEXT,
            "location|address|adresse|wohnort|adres|woonplaats|direccion|indirizzo|ville|city",
        ),
        pattern(r"(?P<value>\b\d{4,5} [A-ZÄÖÜ][a-zäöüß]+)", 0.65, flags=0),
    ),
    "job_title": job_title,
    "linkedin": pattern(r"(?P<value>(?:https?://)?(?:[\w]+\.)?linkedin\.com/[\w/%\-]+)", 0.9),
    "latest_employer": latest_employer,
    "highest_degree": highest_degree,
    "skills": skills,
}
FINDERS = {Kind.RESUME: RESUME}
