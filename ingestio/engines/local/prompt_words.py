"""Words of prompts: what people call fields, what fills a sentence, what is not done here."""

from __future__ import annotations

import re

SYNONYMS: dict[str, str] = {
    "invoice_number": (
        "invoice no|invoice nr|invoice id|inv no|bill number|bill no|number of the invoice|"
        "rechnungsnummer|rechnungsnr|rechnungs nr|numero de facture|no de facture|facture no|"
        "factuurnummer|numero de factura|numero fattura|numero della fattura"
    ),
    "invoice_date": (
        "date of invoice|date of the invoice|bill date|billing date|rechnungsdatum|date de facture|"
        "date de la facture|factuurdatum|fecha de factura|fecha de la factura|data fattura|data "
        "della fattura"
    ),
    "due_date": (
        "due|payment due date|payment due|due by|when it is due|falligkeitsdatum|falligkeit|"
        "zahlbar bis|date d echeance|echeance|vervaldatum|fecha de vencimiento|scadenza|data di "
        "scadenza"
    ),
    "vendor": (
        "supplier|seller|issuer|vendor name|supplier name|seller name|company name|lieferant|"
        "verkaufer|rechnungssteller|aussteller|fournisseur|vendeur|emetteur|leverancier|verkoper|"
        "proveedor|vendedor|emisor|fornitore|venditore|biller"
    ),
    "vendor_tax_id": (
        "tax id|vat id|vat number|vat no|tax number|ust id|ustid|ust idnr|steuernummer|numero de "
        "tva|numero tva|btw nummer|nif|cif|partita iva|gst number|tax identification number"
    ),
    "customer": (
        "client|buyer|bill to|recipient|customer name|client name|kunde|kaufer|rechnungsempfanger|"
        "acheteur|destinataire|klant|cliente|comprador|acquirente"
    ),
    "customer_id": (
        "customer number|customer no|client number|kundennummer|numero client|klantnummer|numero "
        "de cliente|codice cliente"
    ),
    "purchase_order": (
        "po number|po no|purchase order number|bestellnummer|bon de commande|bestelnummer"
    ),
    "subtotal": (
        "sub total|net amount|net total|amount before tax|total before tax|nettobetrag|netto|"
        "zwischensumme|total ht|montant ht|sous total|subtotaal|base imponible|imponibile|subtotale"
    ),
    "tax": (
        "vat|sales tax|tax amount|vat amount|gst|mwst|mehrwertsteuer|umsatzsteuer|steuer|"
        "steuerbetrag|tva|montant tva|btw|iva|taxes"
    ),
    "total": (
        "total amount|grand total|total price|invoice total|amount|sum|total sum|gesamtbetrag|"
        "gesamtsumme|summe|betrag|rechnungsbetrag|endbetrag|montant total|total ttc|montant|totaal|"
        "totaalbedrag|bedrag|importe total|importe|totale|importo totale|importo|jumlah"
    ),
    "amount_due": (
        "balance due|amount to pay|amount payable|outstanding amount|zahlbetrag|offener betrag|net "
        "a payer|solde a payer|te betalen|importe a pagar|totale da pagare"
    ),
    "currency": "currency code|wahrung|devise|monnaie|valuta|munt|moneda|divisa",
    "iban": "bank account iban|iban number",
    "merchant": (
        "store|shop|store name|merchant name|shop name|handler|geschaft|laden|commercant|magasin|"
        "winkel|tienda|comercio|negozio"
    ),
    "address": "street address|adresse|anschrift|adres|direccion|indirizzo|alamat",
    "phone": (
        "phone number|telephone|telephone number|telefon|telefonnummer|telefoon|telefoonnummer|"
        "telefono|numero de telephone|mobile"
    ),
    "date": "datum|fecha|data|tarikh|day",
    "receipt_number": (
        "receipt no|receipt id|transaction number|transaction id|belegnummer|bonnummer|ticket "
        "number|numero de ticket"
    ),
    "payment_method": (
        "method of payment|how it was paid|zahlungsart|zahlungsmethode|mode de paiement|moyen de "
        "paiement|betaalwijze|forma de pago|metodo di pagamento|paid by"
    ),
    "bank_name": "bank|name of the bank|name der bank|banque|nom de la banque|banco|banca",
    "account_holder": (
        "account owner|holder of the account|kontoinhaber|titulaire|titulaire du compte|"
        "rekeninghouder|titular|intestatario"
    ),
    "account_number": (
        "account no|kontonummer|numero de compte|rekeningnummer|numero de cuenta|numero di conto"
    ),
    "statement_date": "date of statement|date of the statement|auszugsdatum|date du releve",
    "opening_balance": (
        "beginning balance|starting balance|previous balance|anfangssaldo|alter saldo|alter "
        "kontostand|ancien solde|beginsaldo|saldo inicial|saldo iniziale"
    ),
    "closing_balance": (
        "ending balance|final balance|new balance|endsaldo|neuer saldo|neuer kontostand|nouveau "
        "solde|eindsaldo|saldo final|saldo finale"
    ),
    "party_1": "first party|party one|party a|erste partei",
    "party_2": "second party|party two|party b|other party|zweite partei",
    "effective_date": (
        "start of the contract|contract date|date of the agreement|vertragsbeginn|date d effet|"
        "date d entree en vigueur|ingangsdatum"
    ),
    "expiration_date": (
        "expiry date|end of the contract|termination date|vertragsende|date d expiration|einddatum"
    ),
    "governing_law": (
        "applicable law|jurisdiction|anwendbares recht|droit applicable|toepasselijk recht"
    ),
    "renewal_term": "renewal|renewal period|verlangerung|reconduction|verlenging",
    "notice_period": (
        "period of notice|notice of termination|kundigungsfrist|preavis|opzegtermijn|preaviso|"
        "preavviso"
    ),
    "email": (
        "e mail|email address|e mail address|mail address|adresse e mail|e mail adresse|correo "
        "electronico"
    ),
    "job_title": "position|current position|role|beruf|poste|functie|puesto|ruolo",
    "linkedin": "linkedin profile|linkedin url",
    "latest_employer": "current employer|last employer|most recent employer",
    "highest_degree": "degree|education level|abschluss|hochster abschluss|diplome",
    "skills": "kenntnisse|fahigkeiten|competences|vaardigheden|habilidades|competenze",
    "employer": "company paying|arbeitgeber|employeur|werkgever|empleador|datore di lavoro",
    "employee": (
        "employee name|worker|arbeitnehmer|mitarbeiter|salarie|employe|werknemer|empleado|"
        "dipendente"
    ),
    "pay_date": (
        "payment date|date of payment|auszahlungsdatum|date de paiement|betaaldatum|fecha de pago"
    ),
    "gross_pay": (
        "gross salary|gross wage|gross|bruttolohn|bruttogehalt|brutto|salaire brut|brutoloon|"
        "salario bruto|stipendio lordo"
    ),
    "net_pay": (
        "net salary|net wage|nettolohn|nettogehalt|salaire net|nettoloon|salario neto|stipendio "
        "netto|take home pay"
    ),
    "order_number": (
        "order no|order id|auftragsnummer|numero de commande|ordernummer|numero de pedido|numero "
        "ordine"
    ),
    "order_date": (
        "date of order|bestelldatum|date de commande|besteldatum|fecha de pedido|data ordine"
    ),
    "gross_amount": "gross total|bruttobetrag|montant brut",
    "estimate_number": (
        "quote number|quotation number|estimate no|quote no|angebotsnummer|numero de devis|"
        "offertenummer"
    ),
    "vin": "vehicle identification number|chassis number|fahrgestellnummer",
    "bol_number": "bill of lading number|bol no|b l number|waybill number|konnossementnummer",
    "shipper": "sender|consignor|absender|versender|expediteur|afzender|remitente|mittente",
    "consignee": "receiver|empfanger|geadresseerde|consignatario|destinatario",
    "carrier": (
        "frachtfuhrer|spediteur|transporteur|vervoerder|transportista|vettore|shipping company"
    ),
    "port_of_loading": "loading port|ladehafen|port de chargement|laadhaven",
    "port_of_discharge": "discharge port|destination port|loschhafen|port de dechargement|loshaven",
    "weight": "total weight|gross weight|gewicht|gesamtgewicht|poids|peso",
    "form": "form name|form type|formular",
    "tax_year": "steuerjahr|annee fiscale|ano fiscal",
    "ssn": "social security number|social security no",
    "ein": "employer identification number|employer id",
    "federal_tax": (
        "federal income tax|federal tax withheld|federal income tax withheld|withheld tax"
    ),
    "claim_number": "claim no|claim id|schadennummer|numero de sinistre|schadenummer",
    "policy_number": (
        "policy no|police number|versicherungsnummer|policennummer|numero de police|polisnummer"
    ),
    "policyholder": (
        "insured|name of the insured|policy holder|versicherungsnehmer|assure|verzekerde|asegurado|"
        "assicurato"
    ),
    "insurer": (
        "insurance company|versicherer|versicherung|assureur|verzekeraar|aseguradora|assicuratore"
    ),
    "date_of_loss": (
        "loss date|accident date|date of accident|incident date|schadendatum|date du sinistre|"
        "schadedatum"
    ),
    "total_repair": "repair cost|repair costs|cost of repair|estimated repair cost|reparaturkosten",
    "reference_number": (
        "reference|ref no|document number|reference no|aktenzeichen|referenz|kenmerk|referencia|"
        "riferimento"
    ),
    "organisation": "organization|company|firma|entreprise|societe|bedrijf|empresa|azienda",
    "people": "persons|names of people|personen|personnes|persone|personas",
    "title": "document title|heading|titel|titre|titulo|titolo",
    "location": "place of residence|wohnort|lieu|woonplaats",
    "period_start": "start of the period|period from|beginn des zeitraums",
    "period_end": "end of the period|period to|ende des zeitraums",
}
"""What else a field is called; phrases as `words.normal` writes them."""

GROUPS: dict[str, tuple[str, ...]] = {
    "parties|contract parties|contracting parties|the parties|vertragsparteien|parteien|partijen|"
    "partes|parti": ("party_1", "party_2"),
    "period|statement period|pay period|billing period|zeitraum|periode|periodo": (
        "period_start",
        "period_end",
    ),
    "balances|opening and closing balance": ("opening_balance", "closing_balance"),
    "ports": ("port_of_loading", "port_of_discharge"),
}
"""Words for several fields at once."""

FILLER_WORDS = (
    "a an the this that these those it its of from for in on at to by with as is are was were be "
    "please kindly can could would you i we me us need want like extract find get give return list "
    "read show tell look up fetch identify capture pull out provide output what which who when "
    "where how much many does do only just following fields field values value data information "
    "details document documents file page each every all any named called into json format yyyy mm "
    "dd if present exact exactly also including include and or their there extrahiere extrahieren "
    "finde lies gib nenne bitte mir den die das der des dem ein eine einen von aus im vom zum zur "
    "welche welcher wie hoch ist wann wer sind dokument dokuments felder folgende folgenden "
    "extrais extraire trouve trouver donne donner le la les un une du de dans ce cette quel quelle "
    "est qui quand document veuillez haal geef zoek het een uit deze dit wat wie wanneer "
    "alsjeblieft extrae extraer encuentra dame el los las del al cual es quien cuando por favor "
    "documento estrai trova dammi il lo gli i della dello qual e chi quando"
)
FILLER = frozenset(FILLER_WORDS.split())
TASKS_NOT_DONE = re.compile(
    r"\b(?:summari[sz]e|summary of|translate|explain|describe|analy[sz]e|rewrite|compare|ignore|"
    r"write|compose|poem|joke|opinion|classify|categori[sz]e|count|calculate|compute|check whether|"
    r"verify|is this|are there|should|why|help|hello|hi|thanks|thank|process|zusammenfass\w*|fasse|"
    r"ubersetze\w*|erklare\w*|beschreibe\w*|resume[rz]?|resumir|traduis|traduire|explique\w*|"
    r"vertaal|samenvatt\w*|traduce|riassumi|traduci|do your best|do it|carefully|anything|"
    r"something|interesting|important|relevant)\b"
)
