"""What tells a name of a company, an address and a contact line apart, as patterns on raw text."""

from __future__ import annotations

import re

COMPANY_FORM = re.compile(
    r"(?i)(?:\bgmbh\b|\bs\.?d\.?n\.? ?\.?b\.?h\.?d?\b|\bsdn\b|\bbhd\b|\bltd\b|\binc\b|"
    r"\bcorp(?:oration)?\b|\bllc\b|\bl\.l\.c"
    r"|\bplc\b|\bag\b|\bs\.?a\.?r\.?l\b|\bsas\b|\bb\.?v\.?(?=\W|$)|\bn\.?v\.?(?=\W|$)|"
    r"\be\.?k\.?(?=\W|$)|\bkg\b|\bohg\b"
    r"|\bug\b|\bco\.|\bcompany\b|\benterprises?\b|\btrading\b|\bpte\b|\bpvt\b|\beurl\b|\bgbr\b|"
    r"\bpty\b|\bs\.a\.|\bholdings?\b"
    r"|\blimited\b|\bs\.?r\.?l\.?(?=\W|$)|\bs\.?p\.?a\.?(?=\W|$)|\bs\.?l\.?u?\.(?=\W|$)|"
    r"\be\.?v\.(?=\W|$)|\bvof\b|\bllp\b|\bkgaa\b"
    r"|\ba\.g\.|\bversicherungsverein\b|\bpartners\b|\bcredit union\b|\bn\.?a\.(?=\W|$)|\bbank\b|\bsparkasse\b)"
)
COMPANY_NAME = re.compile(
    r"((?:[A-ZÀ-Ý0-9&][\w'&.\-]*,? ){1,5})"
    r"(GmbH(?: & Co\.? KG)?|AG|SARL|SAS|SA|B\.?V\.?|N\.?V\.?|Inc\.?|Ltd\.?|LLC|Corp\.?|KG|UG|"
    r"e\.K\.|S\.?[rR]\.?[lL]\.?|S\.?[pP]\.?A\.?"
    r"|Sdn\.? ?Bhd\.?|SDN\.? ?BHD\.?|Limited|PLC|plc)(?=[\s,.;:()\-–−|]|$)"  # noqa: RUF001
)
TRADE = re.compile(
    r"(?i)\b(restaurant|restoran|cafe|caf[eé]|bistro|store|stores|mart|market|supermarket|"
    r"hardware|pharmacy|farmasi|kedai|"
    r"electronics|bakery|shop|hotel|services|stationery|motor|auto|books?|house|kitchen|foods?|"
    r"boutique|seafood|industries|"
    r"solutions|systems|group|studio|marketing|packaging|b[aä]ckerei|apotheke|boulangerie|gift|"
    r"deco|supply|supplies|"
    r"tailoring|handicraft|retail|realties|hosting|consulting|logistics|medical|clinic|salon|"
    r"garage|grill|pizza|coffee|"
    r"burger|bar|ristorante|trattoria|farmacia|panader[ií]a|tienda|bar|technik|handel|"
    r"versicherung|insurance|agency|"
    r"associates|design|media|software|technologies|energy|electric|telecom|pasar|mini ?market|"
    r"petrol|station|press|"
    r"florist|optical|dental|spa|gym|cinemas?|airlines|travel|laundry|repair|works|wines?|"
    r"books?tore|deli|diner|tea|"
    r"university|college|institute|foundation|museum|beauty|fashion|sport|toys|furniture|ikea)\b"
)
ADDRESS = re.compile(
    r"(?i)\b(street|st\.?|road|rd\.?|avenue|ave|blvd|lane|drive|suite|floor|jalan|jln|taman|"
    r"lorong|lot|no[.:]? ?[a-z]?\d+|kampung|"
    r"bandar|rue|chemin|place|bd|allee|allée|straße|strasse|str\.|weg|platz|plein|straat|gracht|"
    r"laan|postfach|p\.?o\.? ?box|"
    r"cedex|highway|level|block|seksyen|persiaran|calle|avenida|plaza|via|viale|piazza|corso|"
    r"\d{5})\b|stra(?:ß|ss)e|straat"
    r"|weg \d|\w+str\.? ?\d|\b\d{4,5}\s[A-ZÄÖÜ]|\b\d{4} ?[A-Z]{2}\b"
)
HOUSE_NUMBER_FIRST = re.compile(r"^\d{1,5}[A-Za-z]?,? ?[A-ZÀ-Ý][\w'.]+|,\s?[A-Z]{2}\.?\s+\d{2}")
"""`12 Broad Walk`, `Ourtown, HI 29 922`: below a name it is an address."""
CONTACT = re.compile(
    r"(?i)\b(tel|fax|phone|fon|telefon|e-?mail|www|http|mobil|hotline|gst|vat|tva|ust|btw|reg|"
    r"reg\.? ?no|co\.? ?reg\w*|"
    r"siret|iban|bic|id|cashier|table|"
    r"hrb|gln|rcs|swift|kvk|nif|cif)\b|@|www\.|https?:"
)
REGISTRATION = re.compile(
    r"(?i)\b(co|gst|reg|roc)\b|\(?\d{5,7}-?[A-Z]\)?|siret|tva|ust|vat|partita iva|\bnif\b|\bkvk\b"
)
DOMAIN = re.compile(
    r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9-]{3,})(?:\.[a-z0-9-]+)*"
    r"\.(?:com|de|fr|nl|net|org|ch|be|my|at|eu|co|io|local|uk|sg|biz|info|es|it)\b"
)
MAIL_HOSTS = frozenset({
    "gmail", "yahoo", "hotmail", "outlook", "web", "gmx", "facebook", "instagram", "twitter",
    "paypal", "example",
    "linkedin", "youtube", "orange", "wanadoo", "googlemail", "icloud",
})  # fmt: skip
COURTESY = re.compile(
    r"(?i)thank|welcome|please|page\b|seite\b|stylesheet|shopping|vielen dank|merci|bedankt|"
    r"terima kasih|duplicate|\bpromo\b|^\(c\)|©|copyright|all rights reserved"
)
ADDRESS_END = re.compile(
    r"(?i)\b(tel|fax|phone|gst|invoice|receipt|date|co\.? ?(?:no|reg)|company no|cashier|bill|e-?mail|www|"
    r"table|order|reg|roc|sst|h/?p|"
    r"tax|server|welcome|website|vat|store ?#|hours?|open)\b|\d{1,2}:\d\d|"
    r"^\W*\(?\d{5,}-?[A-Z]\W*$|[@*=]"
)


def mail_domains(folded_text: str) -> frozenset[str]:
    """First names of the domains on a page, common mail hosts left out."""
    return frozenset(DOMAIN.findall(folded_text)) - MAIL_HOSTS
