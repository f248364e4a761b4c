"""The words of each type: titles that name it and evidence that speaks for it.

A title counts by size and place on the first page, evidence once wherever it stands. Phrases are
written as `words.normal` gives them. To teach a type a language, add its words here.
"""

from __future__ import annotations

from ingestio.domain.documents import DocumentKind as Kind

TITLES: dict[Kind, str] = {
    Kind.INVOICE: (
        "invoice|tax invoice|rechnung|handelsrechnung|mietrechnung|warenrechnung|facture|factuur|"
        "bill|retail invoice|pro forma invoice|proforma invoice|credit note|gutschrift|avoir|"
        "project statement|commercial invoice|sales invoice|honorarrechnung|schlussrechnung|"
        "abrechnung|creditnota|factura|fattura|credit memo|rechnungskorrektur|nota de credito|nota "
        "di credito|teilrechnung|abschlagsrechnung|sammelrechnung|billing statement|service "
        "invoice|fattura commerciale|factura comercial|baurechnung|invois"
    ),
    Kind.RECEIPT: (
        "receipt|sales receipt|kassenbon|kassenbeleg|quittung|ticket|ticket de caisse|recu|"
        "kassabon|kwitantie|bon|cash bill|cash sales|cash receipt|official receipt|payment receipt|"
        "simplified tax invoice|guest check|customer copy|bewirtungsbeleg|cash sale|recibo|"
        "ricevuta|scontrino|ticket de compra|factura simplificada|resit|receipt of payment|order "
        "receipt|merchant copy"
    ),
    Kind.BANK_STATEMENT: (
        "bank statement|account statement|statement of account|kontoauszug|releve de compte|releve "
        "bancaire|rekeningafschrift|bankafschrift|consolidated statement|checking account|"
        "statement of accounts|account summary|your consolidated statement|credit card statement|"
        "checking|extracto bancario|extracto de cuenta|estado de cuenta|estratto conto|"
        "kontoauszuge|rekeningoverzicht|savings statement|statement of activity|extrait de compte|"
        "penyata akaun|combined statement|releve d identite|business checking|current account"
    ),
    Kind.CONTRACT: (
        "agreement|contract|vertrag|contrat|overeenkomst|lease agreement|service agreement|non "
        "disclosure agreement|master services agreement|franchise agreement|affiliate agreement|"
        "license agreement|mietvertrag|employment agreement|arbeitsvertrag|memorandum of "
        "understanding|terms and conditions of sale|addendum|amendment|contrato|contratto|"
        "consulting agreement|distribution agreement|supply agreement|purchase agreement|lease|"
        "rental agreement|kaufvertrag|dienstleistungsvertrag|rahmenvertrag|werkvertrag|contrat de "
        "travail|bail|contrat de location|contrat de prestation|arbeidsovereenkomst|"
        "huurovereenkomst|contrato de arrendamiento|contratto di locazione|joint venture agreement|"
        "loan agreement|confidentiality agreement|letter of agreement|geheimhaltungsvereinbarung|"
        "vereinbarung|kooperationsvertrag"
    ),
    Kind.RESUME: (
        "resume|curriculum vitae|cv|lebenslauf|professional summary|work experience|curriculum|"
        "professional experience|experience professionnelle|berufserfahrung|werkervaring|"
        "experiencia laboral|esperienza professionale|beruflicher werdegang|career summary|"
        "employment history"
    ),
    Kind.PAYSLIP: (
        "payslip|pay slip|pay stub|paystub|earnings statement|salary slip|gehaltsabrechnung|"
        "lohnabrechnung|entgeltabrechnung|bulletin de paie|fiche de paie|loonstrook|"
        "salarisspecificatie|payroll|pay statement|earningsstatement|wage slip|bulletin de salaire|"
        "verdienstabrechnung|entgeltnachweis|lohnausweis|loonstrookje|nomina|recibo de nomina|"
        "busta paga|cedolino|slip gaji|salary statement|abrechnung der brutto netto bezuge|payroll "
        "statement|earnings and deductions|salary payslip|lohn und gehaltsabrechnung"
    ),
    Kind.PURCHASE_ORDER: (
        "purchase order|booking order|sales order|order confirmation|bestellung|"
        "auftragsbestatigung|bon de commande|inkooporder|bestelbon|work order|order|orden de "
        "compra|ordine di acquisto|pedido|ordine|bestellformular|insertion order|purchase "
        "requisition|order form|commande|pesanan belian|bestelling"
    ),
    Kind.ESTIMATE: (
        "estimate|quote|quotation|repair estimate|cost estimate|angebot|kostenvoranschlag|devis|"
        "offerte|proposal|price quote|presupuesto|preventivo|estimate of record|preliminary "
        "estimate|sales quote|sales quotation|reparaturkosten kalkulation|cotizacion|sebut harga|"
        "job estimate|offer"
    ),
    Kind.BILL_OF_LADING: (
        "bill of lading|straight bill of lading|waybill|sea waybill|air waybill|konnossement|"
        "connaissement|cmr|frachtbrief|vrachtbrief|house bill of lading|ocean bill of lading|"
        "uniform straight bill of lading|conocimiento de embarque|polizza di carico|lettre de "
        "voiture|multimodal transport document|combined transport bill of lading|carta de porte|"
        "cognossement|seefrachtbrief|ladeschein|lettera di vettura|bill of lading short form|bol"
    ),
    Kind.TAX_FORM: (
        "wage and tax statement|form w 2|form 1040|1099|form 1099|w 2|w 9|form w 9|individual "
        "income tax return|lohnsteuerbescheinigung|tax return|1040|w2|income tax return|form 1120|"
        "k 1|form 941|form w 4|w 4|nonemployee compensation|certificate of interest income|"
        "einkommensteuerbescheid|steuerbescheid|avis d impot|aangifte inkomstenbelasting|p60|p45|"
        "1099 misc|1099 nec|1099 int|1098|request for taxpayer identification number|"
        "einkommensteuererklarung|declaration de revenus|certificado de retenciones|certificazione "
        "unica|form 1065|schedule c"
    ),
    Kind.INSURANCE_CLAIM: (
        "insurance claim|claim form|auto insurance claim form|notice of loss|schadensmeldung|"
        "schadenanzeige|declaration de sinistre|schadeformulier|loss report|proof of loss|accident "
        "report|health insurance claim form|automobile loss notice|property loss notice|"
        "schadenmeldung|constat amiable|parte de accidente|denuncia di sinistro|claim report|auto "
        "claim|insurance claim form|schadeaangifte|declaracion de siniestro|claim notification|"
        "motor claim form|medical claim form|statement of claim"
    ),
    Kind.UTILITY_BILL: (
        "electricity bill|gas bill|water bill|utility bill|energy bill|stromrechnung|facture d "
        "electricite|energienota|electric bill|your energy bill|stromabrechnung|gasrechnung|"
        "energierekening|jaarafrekening|phone bill|facture de gaz|facture d eau|wasserrechnung|"
        "jahresabrechnung strom|your electricity bill|your gas bill|factura de luz|factura de "
        "electricidad|factura de gas|bolletta|bolletta luce|bil elektrik|bil air|electric service|"
        "energy statement|utility statement|eindafrekening|verbrauchsabrechnung|water and sewer "
        "bill|bil elektrik anda"
    ),
    Kind.OTHER: (
        "minutes|memo|memorandum|report|letter|newsletter|certificate|agenda|press release|"
        "application|questionnaire|policy|manual|delivery note|packing list|lieferschein|police "
        "report|traffic collision report|bulletin|fax|email|passport|driver license|business card|"
        "specification|article|advertisement|form|presentation|budget|abstract|consent form|"
        "declaration page|bon de livraison|pakbon|incident report|fact sheet|price list|menu"
    ),
}

EVIDENCE: dict[Kind, dict[str, float]] = {
    Kind.INVOICE: {
        "invoice number": 1.5, "invoice no": 1.2, "invoice date": 1.5, "bill to": 1.2,
        "due date": 0.8,
        "rechnungsnr": 1.5, "rechnungsnummer": 1.5, "rechnungsdatum": 1.2, "kundennummer": 0.4,
        "ust idnr": 0.6,
        "ust id": 0.6, "factuurnummer": 1.5, "factuurdatum": 1.2, "facture no": 1.2,
        "date de facture": 1.2,
        "total ht": 0.8, "total ttc": 0.6, "iban": 0.7, "payment terms": 0.5, "remit to": 0.6,
        "unit price": 0.5,
        "einzelpreis": 0.6, "sold to": 0.5, "ship to": 0.3, "mwst": 0.5, "nettobetrag": 0.4,
        "amount due": 0.4,
        "bill no": 0.6, "zahlungsbedingungen": 0.5, "btw": 0.3, "verkaufer": 0.4, "kaufer": 0.3,
        "tva": 0.3,
        "bankverbindung": 0.5, "prix unitaire": 0.4, "invoice for": 0.6, "numero de factura": 1.5,
        "base imponible": 0.8,
        "partita iva": 0.6, "numero fattura": 1.5, "imponibile": 0.8, "rechnungsbetrag": 0.8,
        "invoice": 0.4,
        "net a payer": 0.2, "leistungsdatum": 0.4, "facture": 0.4, "factuur": 0.4, "rechnung": 0.4,
    },
    Kind.RECEIPT: {
        "cash": 1.0, "change": 1.0, "cashier": 1.5, "thank you": 0.5, "tendered": 1.0,
        "receipt no": 1.2,
        "total qty": 0.8, "rounding": 1.2, "gst summary": 0.8, "table": 0.4, "pos": 0.5,
        "visa": 0.5,
        "come again": 1.0, "goods sold": 1.0, "refund": 0.5, "ruckgeld": 1.2, "bar": 0.3,
        "kasse": 1.0, "rendu": 0.8,
        "especes": 1.0, "wisselgeld": 1.2, "contant": 0.8, "pin": 0.4, "sales associate": 1.0,
        "server": 0.4,
        "tip": 0.5, "auth": 0.5, "gratuity": 0.6, "tel": 0.2, "counter": 0.5, "pax": 0.8,
        "subtotal": 0.2,
        "bedankt": 0.4, "caisse": 0.6, "bediener": 0.8, "register": 0.5, "store": 0.3,
        "sdn bhd": 0.5, "efectivo": 0.8,
        "cambio": 0.6, "contanti": 0.8, "resto": 0.5, "tunai": 0.8, "kembali": 0.8,
        "approval code": 0.6,
    },
    Kind.BANK_STATEMENT: {
        "opening balance": 1.5, "closing balance": 1.5, "account number": 0.8,
        "statement period": 1.2,
        "withdrawals": 1.2, "deposits": 1.2, "beginning balance": 1.5, "ending balance": 1.5,
        "kontostand": 1.5,
        "saldo": 0.8, "checking": 0.8, "savings": 0.5, "member fdic": 1.2, "overdraft": 0.8,
        "debit": 0.4, "solde": 0.3,
        "account balance": 1.2, "new balance": 0.8, "previous balance": 0.5,
        "opening account balance": 1.5,
        "closing account balance": 1.5, "account name": 0.6, "ancien solde": 1.8,
        "nouveau solde": 1.8, "credit": 0.2,
        "releve": 0.6, "solde crediteur": 1.5, "solde debiteur": 1.2, "date valeur": 1.5,
        "virement": 0.6,
        "alter kontostand": 1.8, "neuer kontostand": 1.8, "buchungstag": 1.5, "wertstellung": 1.2,
        "auszug": 1.0,
        "ausgangssaldo": 1.5, "beginsaldo": 1.8, "eindsaldo": 1.8, "bijschrijvingen": 1.2,
        "afschrijvingen": 1.2,
        "saldo anterior": 1.5, "saldo final": 1.5, "saldo inicial": 1.5, "saldo iniziale": 1.5,
        "saldo finale": 1.5,
        "deposits and additions": 1.5, "daily balance": 1.2, "interest paid": 0.6,
        "statement date": 0.3,
        "sort code": 0.8, "money in": 1.0, "money out": 1.0, "paid in": 0.6, "paid out": 0.6,
        "anfangssaldo": 1.5,
        "endsaldo": 1.5, "movimientos": 0.6, "operations": 0.3, "mouvements": 0.6,
    },
    Kind.CONTRACT: {
        "whereas": 1.8, "hereinafter": 1.5, "hereby": 0.5, "governing law": 1.5,
        "in witness whereof": 2.0,
        "the parties": 1.2, "party": 0.5, "shall": 0.8, "termination": 0.8, "confidential": 0.6,
        "indemnify": 1.2,
        "entered into": 1.2, "agreement": 0.8, "effective date": 0.6, "obligations": 0.5,
        "vertragspartner": 1.2,
        "gerichtsstand": 0.4, "herein": 0.8, "thereof": 0.8, "by and between": 1.2,
        "kundigung": 0.6, "laufzeit": 0.6,
        "vertragsparteien": 1.5, "nachfolgend": 0.8, "entre les soussignes": 2.0, "ci apres": 1.2,
        "resiliation": 0.8,
        "droit applicable": 1.2, "ondergetekenden": 2.0, "partijen": 1.0, "opzegging": 0.8,
        "las partes": 1.2,
        "clausula": 1.0, "le parti": 1.0, "articolo": 0.4, "warranties": 0.5, "severability": 1.2,
        "lessee": 1.0,
        "landlord": 0.8, "tenant": 0.6, "mieter": 0.6, "vermieter": 0.8, "arbeitgeber": 0.3,
        "schriftform": 1.0,
    },
    Kind.RESUME: {
        "experience": 1.0, "education": 1.5, "skills": 1.5, "references": 0.4, "linkedin": 1.0,
        "bachelor": 1.2,
        "university": 0.8, "objective": 0.6, "certifications": 0.8, "berufserfahrung": 2.0,
        "ausbildung": 1.2,
        "kenntnisse": 1.0, "experience professionnelle": 2.0, "formation": 0.8, "competences": 1.0,
        "werkervaring": 2.0,
        "opleiding": 1.2, "employment history": 1.5, "languages": 0.6, "master": 0.4,
        "sprachen": 0.8, "langues": 0.6,
        "experiencia": 1.0, "educacion": 1.2, "habilidades": 1.2, "istruzione": 1.2,
        "competenze": 1.2, "vaardigheden": 1.2,
        "interests": 0.3, "github": 0.5, "work experience": 1.0, "internship": 0.6, "gpa": 0.6,
    },
    Kind.PAYSLIP: {
        "gross pay": 2.0, "net pay": 2.0, "deductions": 1.2, "pay date": 1.5, "pay period": 1.5,
        "year to date": 1.0,
        "ytd": 1.0, "federal income tax": 0.6, "medicare": 1.0, "social security": 0.6,
        "overtime": 1.0, "earnings": 1.0,
        "brutto": 0.3, "auszahlungsbetrag": 1.8, "salaire brut": 2.0, "net a payer": 0.4,
        "brutoloon": 2.0,
        "nettoloon": 2.0, "lohnsteuer": 1.2, "gross salary": 2.0, "net salary": 2.0,
        "employee id": 1.0,
        "basic salary": 1.5, "steuerklasse": 1.5, "sozialversicherung": 1.0,
        "krankenversicherung": 0.8,
        "rentenversicherung": 1.2, "gesamtbrutto": 1.8, "personalnummer": 1.2, "sv nummer": 1.0,
        "cotisations": 1.5,
        "cotisations salariales": 1.5, "net imposable": 1.8, "net a payer avant impot": 2.0,
        "urssaf": 1.2,
        "convention collective": 1.5, "conges payes": 0.8, "securite sociale": 0.8,
        "part salarie": 1.0,
        "salaire de base": 1.8, "loonheffing": 2.0, "bruto loon": 1.8, "netto loon": 1.8,
        "vakantiegeld": 1.2,
        "salario base": 1.5, "total devengado": 1.8, "liquido a percibir": 2.0,
        "retribuzione": 1.5, "irpef": 1.2,
        "national insurance": 1.2, "tax code": 0.8, "ni number": 1.0, "employee": 0.4, "epf": 1.2,
        "socso": 1.2,
        "hourly rate": 0.6, "allowances": 0.6, "net wages": 1.5, "gross wages": 1.5, "fica": 0.8,
        "take home": 0.8,
    },
    Kind.PURCHASE_ORDER: {
        "purchase order": 1.2, "po number": 0.4, "ship to": 0.4, "vendor": 0.8, "order date": 0.6,
        "deliver to": 0.6,
        "buyer": 0.5, "delivery date": 0.6, "order rev": 1.0, "bestellnummer": 0.4,
        "requisitioner": 0.3,
        "booking dates": 0.8, "alt order": 0.6, "order type": 0.6, "lieferant": 0.2,
        "gross amount": 0.4,
        "net amount": 0.3, "ordered by": 0.6, "authorized by": 0.4, "flight": 0.3,
        "bestelldatum": 0.6,
        "liefertermin": 0.8, "wir bestellen": 1.5, "date de commande": 0.4, "fecha de pedido": 0.8,
        "po date": 1.0,
        "requested by": 0.6, "fob": 0.4, "supplier": 0.4, "delivery terms": 0.5, "besteldatum": 0.4,
    },
    Kind.ESTIMATE: {
        "estimate": 1.2, "estimate number": 2.0, "valid for": 1.0, "quote number": 2.0,
        "valid until": 1.2,
        "quotation": 1.2, "labor": 0.8, "parts": 0.6, "gultig bis": 1.0, "total estimate": 1.5,
        "estimated": 0.6,
        "acceptance": 0.6, "angebotsnummer": 2.0, "validite": 0.8, "geldig tot": 1.0,
        "offertenummer": 2.0,
        "prepared by": 0.5, "prepared for": 0.8, "quote": 0.8, "angebot": 1.0, "devis": 1.0,
        "estimator": 1.0,
        "bon pour accord": 1.5, "devis no": 1.5, "angebotsdatum": 1.5, "wir bieten": 1.0,
        "preventivo": 1.0,
        "presupuesto": 1.0, "quotation no": 1.5, "quote date": 1.2, "estimate date": 1.2,
        "valid through": 1.0,
        "offerte": 0.8, "unverbindlich": 0.6, "freibleibend": 0.8, "quote no": 1.5,
    },
    Kind.BILL_OF_LADING: {
        "shipper": 1.5, "consignee": 1.8, "carrier": 1.2, "port of loading": 2.0,
        "port of discharge": 2.0,
        "bill of lading": 1.5, "vessel": 1.5, "notify party": 1.8, "gross weight": 1.0,
        "freight": 1.0, "bol": 1.2,
        "trailer": 1.0, "seal number": 1.2, "nmfc": 1.2, "container": 0.8, "ship from": 0.6,
        "pallet": 0.6,
        "place of delivery": 1.2, "place of receipt": 1.2, "freight prepaid": 1.2,
        "freight collect": 1.0,
        "ablader": 1.5, "empfanger": 0.4, "ladehafen": 2.0, "loschhafen": 2.0, "frachtfuhrer": 1.5,
        "expediteur": 1.2,
        "destinataire": 0.6, "transporteur": 1.2, "port de chargement": 2.0,
        "port de dechargement": 2.0,
        "laadhaven": 2.0, "loshaven": 2.0, "afzender": 0.8, "vervoerder": 1.5,
        "puerto de carga": 2.0,
        "puerto de descarga": 2.0, "porto di carico": 2.0, "voyage": 1.0, "scac": 1.2,
        "pro number": 0.8,
        "shipped on board": 1.5, "marks and numbers": 0.8, "consignor": 1.5, "hazmat": 0.6,
    },
    Kind.TAX_FORM: {
        "omb no": 1.8, "internal revenue service": 2.0, "department of the treasury": 2.0,
        "employer identification number": 1.8, "wages tips other compensation": 2.0,
        "federal income tax withheld": 2.0, "social security wages": 1.8, "medicare wages": 1.8,
        "taxable income": 1.2,
        "filing status": 1.5, "form w": 1.5, "tax year": 1.0, "irs": 1.0, "control number": 1.0,
        "dependents": 0.8,
        "taxpayer": 1.0, "ein": 0.4, "allocated tips": 1.2, "dependent care benefits": 1.2,
        "nonqualified plans": 1.2,
        "statutory employee": 1.2, "finanzamt": 0.8, "bruttoarbeitslohn": 1.5,
        "einbehaltene lohnsteuer": 1.5,
        "revenu fiscal de reference": 2.0, "impot sur le revenu": 1.5, "belastingdienst": 1.5,
        "hm revenue": 1.5,
    },
    Kind.INSURANCE_CLAIM: {
        "claim number": 2.0, "policy number": 1.2, "policyholder": 1.8, "date of loss": 2.0,
        "deductible": 1.2,
        "insured": 1.2, "incident": 0.8, "claimant": 1.8, "police report": 1.0, "adjuster": 1.2,
        "schadennummer": 2.0,
        "versicherungsnummer": 0.8, "sinistre": 1.2, "schadedatum": 1.5, "cause of loss": 1.5,
        "damage assessment": 1.2,
        "schadentag": 1.5, "schadenhergang": 1.5, "versicherungsschein": 0.8, "assure": 0.8,
        "date du sinistre": 1.8,
        "polisnummer": 1.2, "verzekerde": 1.0, "siniestro": 1.5, "asegurado": 1.2, "sinistro": 1.5,
        "assicurato": 1.2,
        "date of accident": 1.0, "description of accident": 1.2, "witness": 0.4,
        "insurance company": 0.6,
        "patient": 0.3, "loss location": 1.0, "claim form": 1.0, "numero de sinistre": 2.0,
        "unfalltag": 1.0,
    },
    Kind.UTILITY_BILL: {
        "kwh": 2.0, "meter": 1.5, "meter reading": 1.5, "electricity": 1.0, "gas": 0.4,
        "water": 0.4,
        "billing period": 0.8, "zahlerstand": 2.0, "zahlernummer": 1.5, "verbrauch": 0.8,
        "compteur": 1.2,
        "consommation": 0.8, "meterstand": 2.0, "verbruik": 1.0, "usage": 0.4,
        "service address": 0.6, "tariff": 0.8,
        "account number": 0.2, "broadband": 0.8, "mobile": 0.2, "roaming": 0.8, "abonnement": 0.6,
        "supply charge": 1.0, "numero de ligne": 0.6, "current charges": 0.8, "abschlag": 0.4,
        "netzentgelt": 1.0,
        "arbeitspreis": 1.5, "grundpreis": 0.3, "therms": 1.5, "sewer": 1.0, "meter number": 1.5,
        "contador": 1.2,
        "consumo": 1.0, "potencia": 0.8, "contatore": 1.2, "consumi": 1.0, "meternummer": 1.5,
        "leveringskosten": 1.0,
        "service from": 0.4, "usage history": 1.2, "previous reading": 1.2, "current reading": 1.2,
        "ccf": 1.0,
        "delivery charge": 0.8, "point de livraison": 1.2, "stromsteuer": 1.5,
        "marktlokation": 1.5, "unit rate": 0.8, "your bill": 1.0, "pay your bill": 1.0,
        "bill close date": 1.5,
        "autopay": 0.8, "payments received": 0.4, "minutes used": 1.0, "data usage": 1.0,
        "standing charge": 1.5, "mpan": 1.5, "mprn": 1.5,
    },
    Kind.OTHER: {
        "dear": 0.6, "sincerely": 0.6, "attendees": 1.2, "agenda": 1.0, "abstract": 1.0,
        "introduction": 0.8,
        "figure": 0.5, "table of contents": 1.0, "regards": 0.4, "cc": 0.3, "subject": 0.6,
        "sent": 0.4,
        "officer": 0.6, "narrative": 0.8, "packing list": 0.8, "nationality": 1.2, "passport": 1.2,
        "license no": 0.6,
        "questionnaire": 0.8, "vaccine": 0.6, "chapter": 0.6, "references": 0.3, "conclusion": 0.5,
        "fax": 0.2,
        "badge": 0.6, "dispatch": 0.4, "memorandum": 0.8, "board of directors": 0.4,
    },
}  # fmt: skip

BIAS: dict[Kind, float] = {
    Kind.INVOICE: 0.6,
    Kind.RECEIPT: 0.0,
    Kind.BANK_STATEMENT: -0.5,
    Kind.CONTRACT: -0.3,
    Kind.RESUME: 0.0,
    Kind.PAYSLIP: 0.0,
    Kind.PURCHASE_ORDER: -0.6,
    Kind.ESTIMATE: -0.4,
    Kind.BILL_OF_LADING: 0.0,
    Kind.TAX_FORM: -0.5,
    Kind.INSURANCE_CLAIM: 0.0,
    Kind.UTILITY_BILL: -1.0,
    Kind.OTHER: 1.0,
}
"""How common a type is before a word was read, in log-odds."""
