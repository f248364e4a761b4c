"""Label phrases by what they announce, in seven languages (en, de, fr, nl, es, it, ms).

Answers which words a label may hold; a phrase is written as `words.normal` gives it. Classes that
speak against a value (a due date, the customer's number, cash handed over) stand beside those that
speak for it: most errors are good-looking neighbours.
"""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """What a label announces."""

    TOTAL_STRONG = "total_strong"
    TOTAL = "total"
    DUE = "due"
    SUBTOTAL = "subtotal"
    TAX = "tax"
    TENDER = "tender"
    ROUNDING = "rounding"
    DISCOUNT = "discount"
    PREVIOUS = "previous"
    UNIT = "unit"
    DATE_OF_DOCUMENT = "date_of_document"
    DATE = "date"
    DATE_OTHER = "date_other"
    NUMBER_OF_DOCUMENT = "number_of_document"
    NUMBER_OTHER = "number_other"
    SELLER = "seller"
    BUYER = "buyer"
    TITLE = "title"


AMOUNTS = {
    Label.TOTAL_STRONG: (
        "grand total|total due|due payable|total amount due|total amount payable|total payable|net "
        "total|total incl|total inclusive|total with gst|total rounded|rounded total|total amt "
        "rounded|total after rounding|nett total|total amount|amount payable|bill amount|bill "
        "total|invoice total|total invoice|invoice amount|total for this invoice|total sales|total "
        "sale|total charged|order total|total estimate|total price|total charges|amount incl|"
        "charges|total rm|total myr|total eur|total usd|total gbp|total chf|total amt|amount total|"
        "total sales inclusive|total inc|total current charges|total new charges|total including|"
        "total including tax|total inc vat|balance to pay|total ttc|montant ttc|net a payer|total "
        "a payer|somme a payer|total facture|a payer|prix ttc|total net a payer|montant a payer|"
        "montant total ttc|total general|gesamtbetrag|gesamtsumme|rechnungsbetrag|rechnungssumme|"
        "endbetrag|bruttosumme|bruttobetrag|summe inkl|summe brutto|zu zahlen|zahlbetrag|gesamt "
        "brutto|zu zahlender betrag|gesamtbetrag brutto|endsumme|total inkl|rechnungsendbetrag|"
        "gesamtpreis|brutto|rechnungsgesamtbetrag|fakturasumme|totaalbedrag|te betalen|te voldoen|"
        "totaal incl|totaal te betalen|factuurbedrag|totaal inclusief|eindtotaal|totaal factuur|"
        "totaal eur|total factura|importe total|total a pagar|total con iva|importe a pagar|totale "
        "fattura|totale documento|importo totale|totale da pagare|totale complessivo|totale euro|"
        "netto a pagare|jumlah besar|jumlah perlu dibayar"
    ),
    Label.TOTAL: (
        "total|totaal|gesamt|summe|totals|sum|montant total|totai|jumlah|amt|totale|importe|total "
        "iva incluido|betrag"
    ),
    Label.DUE: (
        "amount due|balance due|total amount due now|due payable|total due|total amount due|"
        "zahlbetrag|net a payer|te betalen|a payer|somme a payer|total a payer|zu zahlen|importe a "
        "pagar|totale da pagare|netto a pagare|residual|solde a payer|solde|balance|openstaand|"
        "offener betrag|restbetrag|reste a payer|openstaand bedrag|saldo|noch zu zahlen|"
        "outstanding|amount outstanding|amount now due|total balance|total outstanding|saldo "
        "pendiente|saldo da pagare|restant du|please pay|pay this amount|new balance"
    ),
    Label.SUBTOTAL: (
        "subtotal|sub total|total net|total ht|montant ht|sous total|zwischensumme|nettobetrag|"
        "summe netto|netto|net amount|total excl|total excluding|total excluded|excl gst|excl tax|"
        "excluding|exclusive|rechnungssumme ohne|ohne mwst|ohne ust|positionssumme|warenwert|"
        "exclusief btw|excl btw|subtotaal|hors taxe|hors taxes|net price|taxable|taxable amount|"
        "gst ta amt|basisbetrag|base|gesamt netto|prix ht|before tax|amount excl|zzgl|total before|"
        "net total excl|goods total|base imponible|imponibile|totale imponibile|subtotale|total "
        "sin iva|totaal excl|bedrag excl|nettosumme|summe positionen|total net ht|total hors taxe|"
        "net ht|merchandise|items total|jumlah kecil|gesamtbetrag netto|rechnungsbetrag netto|net|"
        "total ex|total ex gst|total exclusive|total untaxed|untaxed amount|steuerbasis|"
        "steuerbasisbetrag|bemessungsgrundlage"
    ),
    Label.TAX: (
        "tax|gst|vat|tva|mwst|ust|btw|steuer|umsatzsteuer|mehrwertsteuer|sales tax|steuerbetrag|"
        "sst|service tax|tax amount|total taxes|hst|pst|taxe|taxes|iva|cgst|sgst|igst|impuestos|"
        "imposta|cuota|vat amount|total vat|total tax|total gst|montant tva|btw bedrag|mwst betrag|"
        "ust betrag|service charge|svc chg|versicherungssteuer|steuern"
    ),
    Label.TENDER: (
        "cash|tendered|tender|change|visa|mastercard|credit card|debit card|card|amount paid|paid|"
        "payment|received|ruckgeld|gegeben|bar|especes|rendu|wisselgeld|contant|change due|deposit|"
        "unpaid balance|acompte|acomptes|prepaid|anzahlung|anzahlungen|kembali|tunai|erhaltene|"
        "carte|pin|betaald|gift card|points|payments|payments received|amount tendered|cash "
        "received|paid amount|total paid|deja regle|deja paye|aanbetaling|reeds betaald|bereits "
        "gezahlt|vorauszahlung|efectivo|cambio|tarjeta|contanti|resto|pagato|contante|baki|bayaran|"
        "credit|zahlung|zahlungen|master|amex|bank card|rendu monnaie|gezahlt|cash tendered|"
        "payment received|balance forward|vorausbezahlt|bezahlt"
    ),
    Label.PREVIOUS: (
        "previous balance|previous|unpaid balance|previous unpaid balance|last bill|previous bill|"
        "prior balance|last statement|opening balance|past due|balance brought forward|brought "
        "forward|balance from last bill|arrears|vorheriger saldo|saldovortrag|ancien solde|solde "
        "precedent|vorig saldo|previous amount|last invoice|saldo anterior|saldo precedente|overdue"
    ),
    Label.ROUNDING: (
        "rounding|rounding adj|rounding adjustment|round off|arrondi|rundung|afronding|rounding "
        "adjust|round adj|rundungsdifferenz|redondeo|arrotondamento|pembundaran|round|bill "
        "rounding|rounding amount"
    ),
    Label.DISCOUNT: (
        "discount|saving|savings|rabatt|remise|korting|disc|abschlage|zuschlage|credits|rewards|"
        "skonto|promo|total saving|total savings|you saved|you save|nachlass|gutschein|coupon|"
        "voucher|sconto|descuento|remises|escompte|total discount|member savings|diskaun|tip|"
        "gratuity|trinkgeld"
    ),
    Label.UNIT: (
        "unit price|price|prix unitaire|einzelpreis|u price|qty|quantity|menge|aantal|quantite|"
        "rate|items|item|total qty|total item|total items|prijs per stuk|gross amount|hours|stk|"
        "nettopreis|prezzo|precio|cantidad|quantita|prijs|no of items|item count|total quantity|"
        "sold items|anzahl|pu ht|weight|gewicht|kg|unit"
    ),
}

DATES = {
    Label.DATE_OF_DOCUMENT: (
        "invoice date|date of invoice|issued at|bill date|date issued|issue date|date of issue|"
        "billing date|receipt date|statement date|tax date|document date|doc date|transaction date|"
        "bizdate|bill dt|inv date|invoiced on|dated|sale date|issued|issued on|date of receipt|"
        "invoice dated|date of bill|date of document|bill issued|rechnungsdatum|belegdatum|beleg "
        "datum|ausstellungsdatum|datum der rechnung|rechnung vom|vom|ausgestellt am|ausgestellt|"
        "rechnungsdat|rg datum|re datum|belegdat|date de facture|date facture|date de facturation|"
        "date d emission|du|facture du|emise le|date de la facture|factuurdatum|datum factuur|van|"
        "factuur datum|notadatum|fecha de factura|fecha factura|fecha de emision|fecha emision|"
        "data fattura|data emissione|data documento|data della fattura|tarikh invois"
    ),
    Label.DATE: "date|datum|date time|dt|tarikh|fait le|den|le|fecha|data|time|date and time",
    Label.DATE_OTHER: (
        "due date|payment due|pay by|due|delivery date|ship date|order date|period|service period|"
        "from|to|valid|expiry|expires|birth|until|training date|start date|end date|print date|"
        "printed|check in|check out|payment date|member since|before|prior to|due by|due on|"
        "payable by|valid until|shipping date|purchase date|billing period|date of birth|dob|"
        "version|date of supply|supply date|date of delivery|date of order|next|last|previous|"
        "departure|arrival|date d echeance|echeance|limite de paiement|date limite|date de "
        "livraison|date de commande|prelevement|op|return|reglement|virement|periode du|livraison|"
        "livre le|commande du|a payer avant|date de paiement|date reglement|falligkeit|faellig|"
        "fallig|zahlbar|bis zum|bis|bestelldatum|bestell datum|lieferdatum|leistungsdatum|"
        "leistungs datum|liefer und leistungsdatum|lieferschein datum|auftrag datum|zahlungsziel|"
        "skonto|zeitraum|zwischen|leistungszeitraum|abrechnungszeitraum|orderdatum|auftragsdatum|"
        "fallig am|falligkeitsdatum|zahlbar bis|lieferung|bestellung vom|auftrag vom|lieferschein "
        "vom|geburtsdatum|valuta|wertstellung|periode|versanddatum|gultig|druckdatum|vervaldatum|"
        "uiterste|leverdatum|besteldatum|betalen voor|betaaldatum|verzenddatum|uiterlijk|"
        "vencimiento|fecha de vencimiento|scadenza|data scadenza|fecha de entrega|data consegna|"
        "fecha de pedido|data ordine"
    ),
}

NUMBERS = {
    Label.NUMBER_OF_DOCUMENT: (
        "invoice no|invoice number|invoice num|invoice nr|invoice id|invoice|inv no|inv number|inv|"
        "tax invoice no|bill no|bill number|bill|receipt no|receipt number|receipt|receipt id|"
        "ticket no|ticket|trans no|transaction no|transaction id|txn|trn|doc no|document no|"
        "document number|check no|slip no|cash bill no|cs no|ref invoice|inv nr|statement no|tax "
        "invoice|tax invoice number|invoice ref|invoice reference|sales no|cash sale no|cash sales "
        "no|credit note no|credit note number|rcpt|rcpt no|receipt ref|bill id|chk|trx|trx no|"
        "order ticket|inv id|trans|tran|rechnungsnr|rechnungs nr|rechnungsnummer|rechnung nr|"
        "rechnung|handelsrechnung nr|mietrechnung nr|belegnr|beleg nr|belegnummer|quittung nr|"
        "rechnungs no|rechnung nummer|re nr|rg nr|bon nr|rechnung no|rnr|gutschriftsnummer|"
        "gutschrift nr|beleg|rechnungskorrektur|rechnungskorrektur nr|dokumentnummer|faktura nr|"
        "facture no|facture n|facture num|numero de facture|n de facture|no facture|no de facture|"
        "facture|recu no|ticket n|numero facture|facture numero|avoir no|avoir|piece no|"
        "factuurnummer|factuurnr|factuur nr|factuur nummer|factuur|bonnummer|bon no|factuur no|"
        "notanummer|factura no|numero de factura|factura numero|factura|no factura|fattura n|"
        "fattura no|fattura numero|numero fattura|fattura|numero documento|documento n|no invois|"
        "no resit|invois"
    ),
    Label.NUMBER_OTHER: (
        "customer|cust|kunden|kundennr|kunden nr|kundennummer|klantnummer|klant|client|id client|"
        "order|order id|order no|order number|bestellung|bestell nr|bestellnummer|auftrag|auftrag "
        "nr|auftragsnummer|ordernummer|commande|po|po no|po number|p o number|purchase order|vat|"
        "vat id|vat no|tax id|gst|gst no|gst id|gst reg|reg no|registration|co reg|ust id|ust idnr|"
        "ustid|steuernummer|steuer nr|btw|btw nr|tva|siret|siren|kvk|phone|tel|fax|telefon|iban|"
        "bic|account|account no|konto|kto|blz|gln|gtin|ean|lief nr|lieferschein nr|lieferschein|"
        "delivery note|reference|referentie|marche|serial|serienummer|page|seite|cashier|table|"
        "till|register|pos|store|approval|auth|terminal|hrb|handelsregister|member|contract|"
        "vehicle|item|sku|code|zip|plz|policy|claim|ihre nummer|nummer|projekt|project|dienst|"
        "ticket service|license|abn|ein|customer no|customer number|customer id|account number|"
        "acct|roc|rog|tin|brn|company no|co no|company reg|gst id no|gst reg no|sst no|sst id|reg|"
        "mobile|hp|h p|counter|meter|meter no|quote no|job no|work order|quotation|auftrags nr|"
        "bestell nummer|vertragsnummer|mandatsreferenz|glaubiger id|kundenkonto|naf|rcs|ape|code "
        "client|no client|client no|numero client|no de commande|bon de commande|bestelnummer|"
        "klantnr|rekening|nif|cif|cliente|codice|partita iva|p iva|codice fiscale|pedido|ordine|"
        "cod|station|server|clerk|operator|lane|shop|branch|outlet|batch|trace|stan|rrn|aid|tid|"
        "mid|ref|your ref|our ref|customer po|po box|swift|routing|ssn|vin|serial no|batch no|"
        "lieferant|lieferantennummer|verkaufer|imei|isbn|hsn|sac|gstin|pan|cin|versicherungsnummer|"
        "vertrag|tisch|bediener|kasse|filiale|caisse|magasin|vendeur|kassa|medewerker"
    ),
}

PARTIES = {
    Label.SELLER: (
        "vendor|seller|sold by|from|supplier|company|company name|remit to|service provider|"
        "merchant|store|payable to|account payable to|issued by|biller|prepared by|bill from|pay "
        "to|vendor name|supplier name|make checks payable to|make all checks payable to|name of "
        "supplier|billed by|invoice from|provider|contractor|verkaufer|lieferant|rechnungssteller|"
        "kontoinhaber|auftragnehmer|absender|leistungserbringer|vendeur|fournisseur|emetteur|"
        "prestataire|verkoper|leverancier|afzender|proveedor|vendedor|emisor|fornitore|cedente|"
        "mittente|emittente|penjual"
    ),
    Label.BUYER: (
        "bill to|sold to|ship to|invoice to|billed to|customer|customer name|client|attn|attention|"
        "invoice for|deliver to|billing address|shipping address|delivery address|bill to address|"
        "payable by|service address|dear|buyer|recipient|ms|mr|mrs|prepared for|guest|guest name|"
        "bill to name|client name|delivered to|ship to address|to|invoiced to|tenant|kaufer|kaufer "
        "leistungsempfanger|leistungsempfanger|rechnungsempfanger|warenempfanger|kunde|"
        "lieferadresse|rechnungsadresse|rechnung an|lieferung an|herr|frau|herrn|auftraggeber|"
        "empfanger|versicherungsnehmer|firma|an|rechnungsanschrift|lieferanschrift|zahlbar durch|"
        "acheteur|destinataire|facture a|adresse de livraison|adresse de facturation|madame|"
        "monsieur|nom de l abonne|livre a|adresse client|factuuradres|afleveradres|koper|klant|"
        "factureren aan|leveren aan|aan|facturar a|comprador|cliente|destinatario|spettabile|spett "
        "le|acquirente|cessionario|enviar a|pelanggan"
    ),
    Label.TITLE: (
        "invoice|tax invoice|receipt|rechnung|facture|factuur|bill|statement|estimate|quotation|"
        "order|handelsrechnung|mietrechnung|warenrechnung|quittung|kassenbon|recu|kwitantie|bon|"
        "sales receipt|cash bill|cash sales|tax invoices|simplified tax invoice|retail invoice|"
        "project statement|proforma invoice|credit note|page|date|receipt copy|customer copy|"
        "duplicate|copy|reprint|sample|thank you|welcome|original|commercial invoice|factura|"
        "fattura|ricevuta|recibo|devis|angebot|offerte|presupuesto|preventivo|purchase order|"
        "bestellung|invois|resit|rechnungskorrektur|gutschrift|avoir|official receipt|guest check|"
        "cash sale|bill of lading|remittance|kundenbeleg|beleg|merchant copy|rechnungsdaten|"
        "description|beschreibung|payment details|details|bank details|terms|notes|summary|"
        "abrechnung|cash receipt"
    ),
}

PHRASES: dict[Label, tuple[str, ...]] = {
    label: tuple(phrases.split("|"))
    for table in (AMOUNTS, DATES, NUMBERS, PARTIES)
    for label, phrases in table.items()
}
FORM_WORDS = (
    "wages tips other compensation federal income withheld social security medicare employer "
    "employee identification number name address code policyholder insured claim claimant policy "
    "accident loss damage repair estimate estimated vehicle shipper consignee carrier freight "
    "weight gross lading vessel port loading discharge delivery pickup opening closing beginning "
    "ending balance statement account holder period deposits withdrawals earnings deductions "
    "salary payslip hours overtime purchase order vendor supplier effective agreement contract "
    "party governing notice"
)
"""Words of forms that OCR often damages, beside those of the labels."""
PARTS = frozenset(
    word
    for phrases in PHRASES.values()
    for phrase in phrases
    for word in phrase.split()
    if len(word) >= 3
) | frozenset(FORM_WORDS.split())
WORDS = frozenset(word for word in PARTS if len(word) >= 4)
