"""Purchase orders, estimates and bills of lading: what precedes or accompanies goods."""

from __future__ import annotations

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local.finders import shared
from ingestio.engines.local.finders.payments import subtotal, tax
from ingestio.engines.local.finders.shared import beside, first_of, pattern
from ingestio.engines.local.values import ValueKind

ORDER_NUMBER = (
    "order number|purchase order number|purchase order no|p o number|po number|order no|po no|p o "
    "no|order rev|order id|order|purchase order|po|confirmation number|bestellnummer|bestell nr|"
    "bestellung nr|auftragsnummer|auftrags nr|auftragsbestatigung nr|bestellung|no de commande|"
    "numero de commande|bon de commande no|commande no|bon de commande|ordernummer|bestelnummer|"
    "inkoopordernummer|numero de pedido|pedido no|orden de compra no|numero ordine|ordine n|ordine "
    "no|no pesanan"
)
ORDER_DATE = (
    "order date|purchase order date|po date|date of order|date ordered|date issued|issue date|"
    "bestelldatum|auftragsdatum|bestellung vom|date de commande|date de la commande|besteldatum|"
    "orderdatum|fecha de pedido|fecha del pedido|data ordine|date|datum|fecha|data|tarikh"
)
START = (
    "start date|begin date|from date|flight start|valid from|service start|start|effective date|"
    "lieferbeginn|beginn|von|date de debut|debut|startdatum|fecha de inicio|data inizio|delivery "
    "date|liefertermin|lieferdatum|date de livraison|leverdatum"
)
END = (
    "end date|finish date|flight end|valid until|service end|to date|end|completion date|ende|bis|"
    "lieferende|date de fin|fin|einddatum|fecha de fin|data fine"
)
GROSS = (
    "gross amount|gross total|total gross|grand total|order total|total incl|total amount|total|"
    "gesamtbetrag|bruttobetrag|brutto|gesamtsumme|total ttc|montant ttc|totaal incl|totaalbedrag|"
    "totaal|importe total|totale"
)
NET = (
    "net amount|net total|total net|subtotal|sub total|net|nettobetrag|netto|nettosumme|"
    "zwischensumme|total ht|montant ht|subtotaal|totaal excl|base imponible|imponibile"
)
ESTIMATE_NUMBER = (
    "estimate number|estimate no|estimate id|quote number|quote no|quotation number|quotation no|"
    "quote id|quote|estimate|proposal no|proposal number|reference number|angebotsnummer|angebots "
    "nr|angebot nr|angebotsnr|kostenvoranschlag nr|angebot|devis no|devis numero|numero de devis|"
    "no de devis|devis|offertenummer|offerte nr|offerte|presupuesto no|numero de presupuesto|"
    "preventivo n|preventivo no|workfile id|no sebut harga"
)
ESTIMATE_DATE = (
    "estimate date|date of estimate|quote date|quotation date|date prepared|date issued|"
    "angebotsdatum|datum|date du devis|date de devis|offertedatum|fecha del presupuesto|data "
    "preventivo|date|issued|fecha|data|written"
)
VENDOR = (
    "vendor|supplier|seller|from|vendor name|supplier name|lieferant|auftragnehmer|fournisseur|"
    "leverancier|proveedor|fornitore|station|shop|repair facility|contractor|prepared by|issued by"
)
BOL_NUMBER = (
    "bill of lading number|bol number|bol no|b l number|b l no|bill of lading no|bl no|bol|waybill "
    "number|waybill no|air waybill no|awb no|awb|shipment id|pro number|bill of lading|"
    "konnossement nr|konnossementnummer|frachtbriefnummer|frachtbrief nr|connaissement no|no de "
    "connaissement|numero de connaissement|lettre de voiture no|cognossement nr|vrachtbriefnummer|"
    "cmr nr|cmr no|conocimiento de embarque no|no de conocimiento|polizza di carico n|document no|"
    "booking no"
)
BOL_DATE = (
    "date of issue|issue date|date issued|place and date of issue|issued on|dated|"
    "ausstellungsdatum|ausgestellt am|date d emission|fait le|datum van afgifte|fecha de emision|"
    "data di emissione|date|datum"
)
SHIP_DATE = (
    "ship date|shipped on board date|shipped on board|on board date|date shipped|shipping date|"
    "pickup date|pick up date|date of shipment|verladedatum|versanddatum|date d expedition|date d "
    "embarquement|date de chargement|verzenddatum|laaddatum|fecha de embarque|data di imbarco|"
    "sailing date|departure date|etd|laden on board|date"
)
SHIPPER = (
    "ship from|shipper|shipper exporter|shipper name|consignor|exporter|shipper name and address|"
    "from|absender|versender|ablader|expediteur|chargeur|afzender|verscheper|remitente|embarcador|"
    "expedidor|mittente|caricatore|pick up|pickup location"
)
CONSIGNEE = (
    "ship to|consignee|consignee name|consigned to|consignee name and address|deliver to|delivery "
    "location|empfanger|warenempfanger|destinataire|geadresseerde|ontvanger|consignatario|"
    "destinatario|ricevitore|to"
)
CARRIER = (
    "carrier name|carrier|name of carrier|transporter|carrier company|shipping line|trucking "
    "company|frachtfuhrer|spediteur|reederei|transporteur|vervoerder|transportista|naviera|vettore|"
    "compagnie maritime|agent for carrier|vessel operator"
)
LOADING = (
    "port of loading|loading port|port of lading|airport of departure|pol|place of loading|"
    "ladehafen|verladehafen|port de chargement|port d embarquement|laadhaven|puerto de carga|"
    "puerto de embarque|porto di carico|porto di imbarco"
)
DISCHARGE = (
    "port of discharge|discharge port|port of unloading|airport of destination|pod|port of "
    "delivery|place of discharge|loschhafen|entladehafen|bestimmungshafen|port de dechargement|"
    "port de debarquement|loshaven|puerto de descarga|porto di scarico|porto di sbarco"
)
WEIGHT = (
    "total weight|gross weight|total gross weight|weight|gross wt|weight lbs|weight kg|"
    "gesamtgewicht|bruttogewicht|gewicht|poids brut|poids total|poids|brutogewicht|totaal gewicht|"
    "peso bruto|peso total|peso|peso lordo|peso totale|grand total"
)

PURCHASE_ORDER = {
    "order_number": first_of(beside(ValueKind.IDENTIFIER, ORDER_NUMBER), shared.number),
    "order_date": first_of(beside(ValueKind.DATE, ORDER_DATE), shared.date),
    "vendor": first_of(beside(ValueKind.NAME, VENDOR), shared.issuer),
    "customer": shared.customer,
    "start_date": beside(ValueKind.DATE, START),
    "end_date": beside(ValueKind.DATE, END),
    "gross_amount": first_of(beside(ValueKind.AMOUNT, GROSS, prefers_last=True), shared.total),
    "net_amount": beside(ValueKind.AMOUNT, NET, prefers_last=True),
    "currency": shared.currency,
}
ESTIMATE = {
    "estimate_number": first_of(beside(ValueKind.IDENTIFIER, ESTIMATE_NUMBER), shared.number),
    "date": first_of(beside(ValueKind.DATE, ESTIMATE_DATE), shared.date),
    "vendor": shared.issuer,
    "customer": shared.customer,
    "subtotal": subtotal,
    "tax": tax,
    "total": shared.total,
    "currency": shared.currency,
    "vin": shared.vin,
}
BILL_OF_LADING = {
    "bol_number": beside(ValueKind.IDENTIFIER, BOL_NUMBER),
    "issue_date": beside(ValueKind.DATE, BOL_DATE),
    "ship_date": beside(ValueKind.DATE, SHIP_DATE),
    "shipper": beside(ValueKind.NAME, SHIPPER),
    "consignee": beside(ValueKind.NAME, CONSIGNEE),
    "carrier": beside(ValueKind.NAME, CARRIER),
    "port_of_loading": beside(ValueKind.NAME, LOADING),
    "port_of_discharge": beside(ValueKind.NAME, DISCHARGE),
    "weight": first_of(
        beside(ValueKind.WEIGHT, WEIGHT, prefers_last=True),
        pattern(r"(?P<value>\b\d[\d.,]*\s?(?:kgs?|lbs?|lb)\b)", 0.62),
        beside(
            ValueKind.IDENTIFIER,
            "total weight|gross weight|weight|bruttogewicht|poids brut|brutogewicht|peso bruto",
        ),
    ),
}
FINDERS = {
    Kind.PURCHASE_ORDER: PURCHASE_ORDER,
    Kind.ESTIMATE: ESTIMATE,
    Kind.BILL_OF_LADING: BILL_OF_LADING,
}
