"""What tells a name of a company, an address and a contact line apart, as patterns on raw text."""

from __future__ import annotations

import re

COMPANY_FORM = re.compile(
    r"(?i)(?:\bgmbh\b|\bs\.?d\.?n\.? ?\.?b\.?h\.?d?\b|\bsdn\b|\bbhd\b|\bltd\b|\binc\b|"
    r"\bcorp(?:oration)?\b|\bllc\b|\bl\.l\.c|\bplc\b|\bag\b|\bs\.?a\.?r\.?l\b|\bsas\b|"
    r"\bb\.?v\.?(?=\W|$)|\bn\.?v\.?(?=\W|$)|\be\.?k\.?(?=\W|$)|\bkg\b|\bohg\b|\bug\b|\bco\.|"
    r"\bcompany\b|\benterprises?\b|\btrading\b|\bpte\b|\bpvt\b|\beurl\b|\bgbr\b|\bpty\b|\bs\.a\.|"
    r"\bholdings?\b|\blimited\b|\bs\.?r\.?l\.?(?=\W|$)|\bs\.?p\.?a\.?(?=\W|$)|\bs\.?l\.?u?\.(?=\W|"
    r"$)|\be\.?v\.(?=\W|$)|\bvof\b|\bllp\b|\bkgaa\b|\ba\.g\.|\bversicherungsverein\b|\bpartners\b|"
    r"\bcredit union\b|\bn\.?a\.(?=\W|$)|\bbank\b|\bsparkasse\b)"
)
COMPANY_NAME = re.compile(
    r"((?:[A-ZÀ-Ý0-9&][\w'&.\-]*,? ){1,5})(GmbH(?: & Co\.? KG)?|AG|SARL|SAS|SA|B\.?V\.?|N\.?V\.?|"
    r"Inc\.?|Ltd\.?|LLC|Corp\.?|KG|UG|e\.K\.|S\.?[rR]\.?[lL]\.?|S\.?[pP]\.?A\.?|Sdn\.? ?Bhd\.?|"
    r"SDN\.? ?BHD\.?|Limited|PLC|plc)(?=[\s,.;:()\-–−|]|$)"
)
TRADE = re.compile(
    r"(?i)\b(restaurant|restoran|cafe|caf[eé]|bistro|store|stores|mart|market|supermarket|hardware|"
    r"pharmacy|farmasi|kedai|electronics|bakery|shop|hotel|services|stationery|motor|auto|books?|"
    r"house|kitchen|foods?|boutique|seafood|industries|solutions|systems|group|studio|marketing|"
    r"packaging|b[aä]ckerei|apotheke|boulangerie|gift|deco|supply|supplies|tailoring|handicraft|"
    r"retail|realties|hosting|consulting|logistics|medical|clinic|salon|garage|grill|pizza|coffee|"
    r"burger|bar|ristorante|trattoria|farmacia|panader[ií]a|tienda|bar|technik|handel|versicherung|"
    r"insurance|agency|associates|design|media|software|technologies|energy|electric|telecom|pasar|"
    r"mini ?market|petrol|station|press|florist|optical|dental|spa|gym|cinemas?|airlines|travel|"
    r"laundry|repair|works|wines?|books?tore|deli|diner|tea|university|college|institute|"
    r"foundation|museum|beauty|fashion|sport|toys|furniture|ikea)\b"
)
ADDRESS = re.compile(
    r"(?i)\b(street|st\.?|road|rd\.?|avenue|ave|blvd|lane|drive|suite|floor|jalan|jln|taman|lorong|"
    r"lot|no[.:]? ?[a-z]?\d+|kampung|bandar|rue|chemin|place|bd|allee|allée|straße|strasse|str\.|"
    r"weg|platz|plein|straat|gracht|laan|postfach|p\.?o\.? ?box|cedex|highway|level|block|seksyen|"
    r"persiaran|calle|avenida|plaza|via|viale|piazza|corso|\d{5})\b|stra(?:ß|ss)e|straat|weg \d|"
    r"\w+str\.? ?\d|\b\d{4,5}\s[A-ZÄÖÜ]|\b\d{4} ?[A-Z]{2}\b"
)
HOUSE_NUMBER_FIRST = re.compile(r"^\d{1,5}[A-Za-z]?,? ?[A-ZÀ-Ý][\w'.]+|,\s?[A-Z]{2}\.?\s+\d{2}")
"""`12 Broad Walk`, `Ourtown, HI 96 701`: below a name it is an address."""
CONTACT = re.compile(
    r"(?i)\b(tel|fax|phone|fon|telefon|e-?mail|www|http|mobil|hotline|gst|vat|tva|ust|btw|reg|"
    r"reg\.? ?no|co\.? ?reg\w*|siret|iban|bic|id|cashier|table|hrb|gln|rcs|swift|kvk|nif|cif)\b|@|"
    r"www\.|https?:"
)
REGISTRATION = re.compile(
    r"(?i)\b(co|gst|reg|roc)\b|\(?\d{5,7}-?[A-Z]\)?|siret|tva|ust|vat|partita iva|\bnif\b|\bkvk\b"
)
DOMAIN = re.compile(
    r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9-]{3,})(?:\.[a-z0-9-]+)*\.(?:com|de|fr|nl|net|org|ch|"
    r"be|my|at|eu|co|io|local|uk|sg|biz|info|es|it)\b"
)
MAIL_HOSTS = frozenset({
    "gmail", "yahoo", "hotmail", "outlook", "web", "gmx", "facebook", "instagram", "twitter",
    "paypal", "example",
    "linkedin", "youtube", "orange", "wanadoo", "googlemail", "icloud",
})  # fmt: skip
COURTESY = re.compile(
    r"(?i)thank|welcome|please|page\b|seite\b|stylesheet|shopping|vielen dank|merci|bedankt|terima "
    r"kasih|duplicate|\bpromo\b|^\(c\)|©|copyright|all rights reserved"
)
ADDRESS_END = re.compile(
    r"(?i)\b(tel|fax|phone|gst|invoice|receipt|date|co\.? ?(?:no|reg)|company no|cashier|bill|"
    r"e-?mail|www|table|order|reg|roc|sst|h/?p|tax|server|welcome|website|vat|store ?#|hours?|"
    r"open)\b|\d{1,2}:\d\d|^\W*\(?\d{5,}-?[A-Z]\W*$|[@*=]"
)


def mail_domains(folded_text: str) -> frozenset[str]:
    """First names of the domains on a page, common mail hosts left out."""
    return frozenset(DOMAIN.findall(folded_text)) - MAIL_HOSTS
