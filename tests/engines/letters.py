"""Short documents of every type in several languages, with what a person reads on them.

Written for these tests; every name in them is made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingestio.domain.documents import DocumentKind as Kind


@dataclass(frozen=True, slots=True)
class Letter:
    """A text, its type, and some of its values."""

    kind: Kind
    text: str
    values: dict[str, str] = field(default_factory=dict)


LETTERS: dict[str, Letter] = {
    "statement_fr": Letter(
        Kind.BANK_STATEMENT,
        """
# Banque du Lac
# Relevé de compte
Titulaire du compte : Madame Élise Fontaine
Compte n° : 00041278963
Période du 01/03/2023 au 31/03/2023
Date | Libellé | Date valeur | Débit | Crédit
Ancien solde au 28/02/2023 | | | | 1 204,15
03/03/2023 | Virement SALAIRE | 03/03/2023 | | 2 310,00
06/03/2023 | Prélèvement EAU | 06/03/2023 | 45,20
Total des mouvements | | | 45,20 | 2 310,00
Nouveau solde au 31/03/2023 | | | | 3 468,95 EUR
""",
        {
            "account_number": "00041278963",
            "period_start": "2023-03-01",
            "period_end": "2023-03-31",
            "opening_balance": "1204.15",
            "closing_balance": "3468.95",
            "currency": "EUR",
        },
    ),
    "statement_de": Letter(
        Kind.BANK_STATEMENT,
        """
# Sparkasse Musterau
Kontoauszug Nr. 4/2022
Kontoinhaber: Jonas Wiesner
Kontonummer: 4482 1190
Zeitraum: 01.04.2022 - 30.04.2022
Buchungstag | Wertstellung | Verwendungszweck | Betrag EUR
Alter Kontostand | | | 812,40
04.04.2022 | 04.04.2022 | Miete | -650,00
29.04.2022 | 29.04.2022 | Gehalt | 2.145,33
Neuer Kontostand | | | 2.307,73
""",
        {
            "account_holder": "Jonas Wiesner",
            "period_start": "2022-04-01",
            "period_end": "2022-04-30",
            "opening_balance": "812.40",
            "closing_balance": "2307.73",
        },
    ),
    "statement_uk": Letter(
        Kind.BANK_STATEMENT,
        """
# Northfield Bank plc
Your current account statement
Account name: Ms Harriet Cole
Sort code 20-45-77 | Account number 31894420
Statement period 1 May 2021 to 31 May 2021
Date | Description | Money out | Money in | Balance
01 May 2021 | Opening balance | | | £1,240.10
04 May 2021 | Card payment GROCER | £32.15 | | £1,207.95
28 May 2021 | Wages | | £1,900.00 | £3,107.95
31 May 2021 | Closing balance | | | £3,107.95
""",
        {
            "account_number": "31894420",
            "period_start": "2021-05-01",
            "period_end": "2021-05-31",
            "opening_balance": "1240.10",
            "closing_balance": "3107.95",
            "currency": "GBP",
        },
    ),
    "payslip_fr": Letter(
        Kind.PAYSLIP,
        """
# BULLETIN DE PAIE
Employeur : Ateliers Vauban SAS
12 rue des Forges 69003 Lyon
Salarié : Marc Tillier
Période du 01/06/2022 au 30/06/2022
Date de paiement : 30/06/2022
Convention collective : Métallurgie
Rubrique | Base | Taux | Part salarié | Part employeur
Salaire de base | 151,67 | 14,50 | 2 199,22
Sécurité sociale maladie | 2 199,22 | 7,00 | | 153,95
Cotisations salariales | | | 482,10
Salaire brut | | | 2 199,22
Net imposable | | | 1 790,02
Net à payer | | | 1 717,12
""",
        {
            "employer": "Ateliers Vauban SAS",
            "employee": "Marc Tillier",
            "period_start": "2022-06-01",
            "period_end": "2022-06-30",
            "pay_date": "2022-06-30",
            "gross_pay": "2199.22",
            "net_pay": "1717.12",
        },
    ),
    "payslip_de": Letter(
        Kind.PAYSLIP,
        """
# Entgeltabrechnung
Arbeitgeber: Holzwerk Brenner GmbH
Mitarbeiter: Sabine Krull | Personalnummer: 1187
Steuerklasse: 1 | Krankenversicherung: AOK
Abrechnungsmonat 09/2021 | SV-Nummer 65 170988 K 512
Grundgehalt | 3.200,00
Gesamtbrutto | 3.200,00
Lohnsteuer | -412,50
Rentenversicherung | -297,60
Auszahlungsbetrag | 2.089,75
""",
        {
            "employer": "Holzwerk Brenner GmbH",
            "employee": "Sabine Krull",
            "gross_pay": "3200.00",
            "net_pay": "2089.75",
        },
    ),
    "payslip_nl": Letter(
        Kind.PAYSLIP,
        """
# Loonstrook
Werkgever: Bakkerij Van Dalen B.V.
Werknemer: Joost Hermans
Periode: 01-02-2023 t/m 28-02-2023
Brutoloon | 2.450,00
Loonheffing | -310,00
Pensioenpremie | -98,00
Nettoloon | 2.042,00
""",
        {"employee": "Joost Hermans", "gross_pay": "2450.00", "net_pay": "2042.00"},
    ),
    "payslip_uk": Letter(
        Kind.PAYSLIP,
        """
Harbour Fitness Ltd | Payslip
Employee name: Priya Nair | Employee ID: 00417
Pay period: 01/10/2022 - 31/10/2022 | Pay date: 28/10/2022
Tax code: 1257L | NI number: QQ123456C
Payments | Amount | Deductions | Amount
Basic salary | 2,083.33 | PAYE tax | 207.00
Overtime | 120.00 | National Insurance | 140.25
Gross pay | 2,203.33
Net pay | 1,856.08
""",
        {
            "employee": "Priya Nair",
            "period_start": "2022-10-01",
            "period_end": "2022-10-31",
            "pay_date": "2022-10-28",
            "gross_pay": "2203.33",
            "net_pay": "1856.08",
        },
    ),
    "contract_en": Letter(
        Kind.CONTRACT,
        """
# CONSULTING AGREEMENT
This Consulting Agreement (the "Agreement") is entered into as of March 15, 2021 (the
"Effective Date") by and between Larkspur Analytics, Inc., a Delaware corporation ("Company"),
and Bright Harbor Consulting LLC, a New York limited liability company ("Consultant").
The parties agree as follows.
1. Services. Consultant shall perform the services described in Exhibit A.
2. Term. This Agreement shall expire on March 14, 2023 and shall automatically renew for
successive one (1) year terms.
3. Termination. Either party may terminate this Agreement upon sixty (60) days' prior written
notice to the other party.
4. Confidentiality. Each party shall hold confidential information in confidence.
5. Governing Law. This Agreement shall be governed by the laws of the State of Delaware.
IN WITNESS WHEREOF, the parties hereto have executed this Agreement.
""",
        {
            "title": "CONSULTING AGREEMENT",
            "party_1": "Larkspur Analytics, Inc.",
            "party_2": "Bright Harbor Consulting LLC",
            "effective_date": "2021-03-15",
            "expiration_date": "2023-03-14",
            "governing_law": "Delaware",
            "renewal_term": "one (1) year",
            "notice_period": "sixty (60) days",
        },
    ),
    "contract_de": Letter(
        Kind.CONTRACT,
        """
# Dienstleistungsvertrag
zwischen der Kessler Medien GmbH, Lindenallee 4, 50667 Köln (nachfolgend "Auftraggeber")
und der Nordlicht Beratung AG, Hafenweg 9, 20457 Hamburg (nachfolgend "Auftragnehmer")
§ 1 Vertragsgegenstand. Der Auftragnehmer erbringt Beratungsleistungen nach Anlage 1.
§ 2 Laufzeit. Der Vertrag tritt am 01.07.2022 in Kraft und ist befristet bis 30.06.2024.
Er verlängert sich um jeweils ein Jahr, wenn er nicht gekündigt wird.
§ 3 Kündigung. Die Kündigungsfrist beträgt drei Monate. Die Kündigung bedarf der Schriftform.
§ 4 Schlussbestimmungen. Es gilt deutsches Recht. Gerichtsstand ist Köln.
Die Vertragsparteien bestätigen den Erhalt einer Ausfertigung.
""",
        {
            "title": "Dienstleistungsvertrag",
            "party_1": "Kessler Medien GmbH",
            "party_2": "Nordlicht Beratung AG",
            "effective_date": "2022-07-01",
            "governing_law": "deutsches Recht",
            "notice_period": "drei Monate",
        },
    ),
    "contract_fr": Letter(
        Kind.CONTRACT,
        """
# CONTRAT DE PRESTATION DE SERVICES
Entre les soussignés :
La société Orme Conseil SARL, dont le siège est à Nantes, ci-après "le Prestataire"
et la société Brasserie du Port SAS, dont le siège est à Brest, ci-après "le Client".
Article 1 - Objet. Le Prestataire s'engage à fournir les prestations décrites en annexe.
Article 2 - Durée. Le présent contrat prend effet le 1er septembre 2020 et expire le 31 août 2022.
Article 3 - Résiliation. Chaque partie peut résilier le contrat moyennant un préavis de trois mois.
Article 4 - Droit applicable. Le présent contrat est soumis au droit français.
""",
        {
            "effective_date": "2020-09-01",
            "expiration_date": "2022-08-31",
            "notice_period": "trois mois",
        },
    ),
    "nda_short": Letter(
        Kind.CONTRACT,
        """
# MUTUAL NON-DISCLOSURE AGREEMENT
This Agreement is made on 4 February 2020 between Quillon Software Ltd and Tessera Robotics
Ltd (each a "Party").
1. Each Party shall keep the Confidential Information of the other Party confidential.
2. The obligations of the parties shall survive termination of this Agreement for two (2) years.
3. This Agreement is governed by the laws of England and Wales.
Signed by the authorised representatives of the Parties.
""",
        {
            "party_1": "Quillon Software Ltd",
            "party_2": "Tessera Robotics Ltd",
            "effective_date": "2020-02-04",
            "governing_law": "England and Wales",
        },
    ),
    "bill_of_lading_ocean": Letter(
        Kind.BILL_OF_LADING,
        """
# BILL OF LADING
Shipper | B/L No. MLKU8842017
Golden Reef Exports Pte Ltd | Booking No. 771203
18 Harbour Drive, Singapore
Consignee
Atlas Home Imports Inc.
402 Pier Avenue, Oakland, CA 94607
Notify party: same as consignee
Vessel: EVER MERIDIAN | Voyage: 021E
Port of loading: Singapore | Port of discharge: Oakland
Marks and numbers | Description of goods | Gross weight
ATL 1-40 | 40 cartons rattan furniture | 3,850.00 kg
Freight prepaid | Date of issue: 12 January 2022
""",
        {
            "bol_number": "MLKU8842017",
            "shipper": "Golden Reef Exports Pte Ltd",
            "consignee": "Atlas Home Imports Inc.",
            "port_of_loading": "Singapore",
            "port_of_discharge": "Oakland",
            "issue_date": "2022-01-12",
        },
    ),
    "bill_of_lading_cmr": Letter(
        Kind.BILL_OF_LADING,
        """
# CMR Frachtbrief
Absender: Ziegler Maschinen GmbH, Stuttgart
Empfänger: Officina Bellini S.r.l., Torino
Frachtführer: Alpen Trans KG
Frachtbriefnummer: 2021-44871
Bruttogewicht: 1.240 kg
Ausgestellt am: 05.11.2021
""",
        {"bol_number": "2021-44871", "weight": "1.240 kg", "issue_date": "2021-11-05"},
    ),
    "utility_uk": Letter(
        Kind.UTILITY_BILL,
        """
# Brightwave Energy
Your electricity bill
Mr Owen Parry
7 Mill Lane
Cardiff CF10 1AA
Account number: 8500 4471 22 | Bill date: 14 March 2022
Bill number: 30911847
Meter reading 10423 | Previous reading 9981 | Usage 442 kWh
Unit rate 28.34p | Standing charge 45.12p per day
Total charges before VAT | £164.20
VAT at 5% | £8.21
Total amount due | £172.41
Please pay by 31 March 2022
""",
        {
            "vendor": "Brightwave Energy",
            "invoice_date": "2022-03-14",
            "due_date": "2022-03-31",
            "total": "172.41",
            "tax": "8.21",
            "currency": "GBP",
        },
    ),
    "utility_de": Letter(
        Kind.UTILITY_BILL,
        """
# Stadtwerke Lindau GmbH
Stromrechnung
Kundennummer: 4410098 | Rechnungsnummer: 2021-778120
Rechnungsdatum: 18.01.2022
Zählernummer 1EMH001 | Zählerstand alt 12.004 | Zählerstand neu 14.310 | Verbrauch 2.306 kWh
Arbeitspreis 28,90 ct/kWh | Grundpreis 9,50 EUR/Monat
Nettobetrag | 656,03 EUR
Umsatzsteuer 19% | 124,65 EUR
Gesamtbetrag | 780,68 EUR
Zahlbar bis 01.02.2022
""",
        {
            "invoice_number": "2021-778120",
            "invoice_date": "2022-01-18",
            "due_date": "2022-02-01",
            "subtotal": "656.03",
            "tax": "124.65",
            "total": "780.68",
        },
    ),
    "estimate_fr": Letter(
        Kind.ESTIMATE,
        """
Menuiserie Guérin SARL
# DEVIS n° D2023-118
Date du devis : 14/02/2023 | Validité : 30 jours
Client : Paul Estève
Désignation | Qté | PU HT | Montant HT
Fenêtre bois | 2 | 480,00 | 960,00
Pose | 1 | 240,00 | 240,00
Total HT | | | 1 200,00 €
TVA 10% | | | 120,00 €
Total TTC | | | 1 320,00 €
Bon pour accord, date et signature
""",
        {
            "estimate_number": "D2023-118",
            "date": "2023-02-14",
            "customer": "Paul Estève",
            "subtotal": "1200.00",
            "tax": "120.00",
            "total": "1320.00",
        },
    ),
    "estimate_de": Letter(
        Kind.ESTIMATE,
        """
Malerbetrieb Ostermann
# Angebot
Angebotsnummer: AN-2204 | Angebotsdatum: 03.05.2022
Gültig bis: 30.06.2022
Kunde: Claudia Brandt
Pos | Leistung | Menge | Einzelpreis | Gesamt
1 | Wände streichen | 80 | 9,50 | 760,00
Zwischensumme | | | | 760,00 EUR
MwSt 19% | | | | 144,40 EUR
Gesamtbetrag | | | | 904,40 EUR
Dieses Angebot ist freibleibend.
""",
        {"estimate_number": "AN-2204", "date": "2022-05-03", "total": "904.40"},
    ),
    "order_en": Letter(
        Kind.PURCHASE_ORDER,
        """
# PURCHASE ORDER
Hillcrest Schools District
PO Number: 45-20931 | Order date: 08/19/2021
Vendor: Summit Office Supply Co. | Ship to: Central Warehouse
Requisitioner: J. Alvarez | FOB: Destination | Delivery date: 09/02/2021
Item | Qty | Unit price | Amount
Copy paper | 40 | $31.50 | $1,260.00
Net amount | | | $1,260.00
Tax | | | $103.95
Order total | | | $1,363.95
Authorized by: M. Chen
""",
        {
            "order_number": "45-20931",
            "order_date": "2021-08-19",
            "vendor": "Summit Office Supply Co.",
            "net_amount": "1260.00",
            "currency": "USD",
        },
    ),
    "order_de": Letter(
        Kind.PURCHASE_ORDER,
        """
# Bestellung
Werkhof Sieber GmbH
Bestellnummer: B-77410 | Bestelldatum: 11.10.2022
Lieferant: Stahlhandel Rupp KG
Liefertermin: 02.11.2022
Wir bestellen zu Ihren Bedingungen:
Pos | Artikel | Menge | Preis | Betrag
1 | Flachstahl | 20 | 14,00 | 280,00
Nettobetrag | | | | 280,00 EUR
""",
        {
            "order_number": "B-77410",
            "order_date": "2022-10-11",
            "vendor": "Stahlhandel Rupp KG",
            "net_amount": "280.00",
        },
    ),
    "claim_de": Letter(
        Kind.INSURANCE_CLAIM,
        """
# Schadenanzeige
Musterland Versicherung AG
Schadennummer: S-2021-00987 | Versicherungsscheinnummer: 44.120.887
Versicherungsnehmer: Peter Lohmann
Schadentag: 23.08.2021
Schadenhergang: Beim Einparken wurde ein Pfosten gestreift.
Reparaturkosten: 1.870,00 EUR
""",
        {
            "claim_number": "S-2021-00987",
            "policyholder": "Peter Lohmann",
            "date_of_loss": "2021-08-23",
            "total_repair": "1870.00",
        },
    ),
    "resume_en": Letter(
        Kind.RESUME,
        """
# Nadia Whitcombe
Senior Data Engineer
Portland, OR | nadia.whitcombe@example.org | (503) 555-0142
linkedin.com/in/nadiawhitcombe
Experience
Data Engineer at Fernhill Systems, 2018 - present
Built pipelines for retail forecasting.
Education
Bachelor of Science, University of Oregon, 2014
Skills
Python, SQL, Spark, Airflow
Languages
English, Spanish
""",
        {
            "name": "Nadia Whitcombe",
            "email": "nadia.whitcombe@example.org",
            "phone": "(503) 555-0142",
            "location": "Portland, OR",
            "job_title": "Senior Data Engineer",
            "linkedin": "linkedin.com/in/nadiawhitcombe",
            "skills": "Python, SQL, Spark, Airflow",
        },
    ),
    "resume_fr": Letter(
        Kind.RESUME,
        """
# Camille Roussel
Ingénieure logiciel
camille.roussel@example.org | 06 12 34 56 78
Expérience professionnelle
2019 - 2023 Développeuse chez Lumen Données SAS
Formation
Master informatique, Université de Lille
Compétences
Java, Kotlin, PostgreSQL
Langues
Français, anglais
""",
        {"name": "Camille Roussel", "email": "camille.roussel@example.org"},
    ),
    "invoice_es": Letter(
        Kind.INVOICE,
        """
Talleres Ibarra S.L.
Calle Mayor 8, 31001 Pamplona
NIF: B31778899
# FACTURA
Factura nº: 2022/0147 | Fecha de factura: 09/06/2022
Cliente: Librería Aranda S.L.
Descripción | Cantidad | Precio | Importe
Reparación | 1 | 150,00 | 150,00
Base imponible | | | 150,00 €
IVA 21% | | | 31,50 €
Total factura | | | 181,50 €
Fecha de vencimiento: 09/07/2022
""",
        {
            "invoice_number": "2022/0147",
            "invoice_date": "2022-06-09",
            "due_date": "2022-07-09",
            "vendor": "Talleres Ibarra S.L.",
            "subtotal": "150.00",
            "tax": "31.50",
            "total": "181.50",
            "currency": "EUR",
        },
    ),
    "invoice_it": Letter(
        Kind.INVOICE,
        """
Cantina Moretti S.r.l.
Via Garibaldi 22, 38122 Trento
Partita IVA: IT01234567890
# FATTURA n. 318
Data fattura: 21/11/2022
Spettabile: Ristorante La Quercia
Descrizione | Quantità | Prezzo | Importo
Vino rosso | 60 | 7,20 | 432,00
Imponibile | | | 432,00 €
IVA 22% | | | 95,04 €
Totale fattura | | | 527,04 €
""",
        {
            "invoice_number": "318",
            "invoice_date": "2022-11-21",
            "vendor": "Cantina Moretti S.r.l.",
            "subtotal": "432.00",
            "tax": "95.04",
            "total": "527.04",
        },
    ),
    "letter": Letter(
        Kind.OTHER,
        """
Riverside Housing Association
12 May 2022
Reference: RHA/4471
Dear Mrs Adeyemi,
Thank you for your letter about the garden wall. Our surveyor will visit next week.
Sincerely,
Tom Baxter
""",
        {"date": "2022-05-12"},
    ),
}
