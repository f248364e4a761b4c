"""Dates in every notation; day and month told apart for the whole document."""

from __future__ import annotations

import pytest

from ingestio.engines.local.study import Study
from tests.engines.made import document

WRITTEN = {
    "2023-04-09": "2023-04-09",
    "2023/04/09": "2023-04-09",
    "09.04.2023": "2023-04-09",
    "25/12/2023": "2023-12-25",
    "12/25/2023": "2023-12-25",
    "25-12-23": "2023-12-25",
    "9 April 2023": "2023-04-09",
    "9th of April 2023": "2023-04-09",
    "9. März 2023": "2023-03-09",
    "9 mars 2023": "2023-03-09",
    "9 de marzo de 2023": "2023-03-09",
    "April 9, 2023": "2023-04-09",
    "Apr 15 '19": "2019-04-15",
    "15-Apr-2019": "2019-04-15",
    "26-05--2018": "2018-05-26",
    "26 / 05 / 2018": "2018-05-26",
    "1er septembre 2020": "2020-09-01",
    "20190415": "2019-04-15",
    "20th day of November, 2018": "2018-11-20",
}


@pytest.mark.parametrize(("text", "value"), WRITTEN.items())
def test_a_date_is_read_in_every_notation(text: str, value: str) -> None:
    found = Study(document(f"Date: {text}")).dates
    assert [date.value for date in found] == [value]
    assert found[0].quote in text


@pytest.mark.parametrize(
    "text", ["31/02/2023", "1.2.3", "99/99/2020", "12:30:45", "Version 2.14", "HC03-7 - 15"]
)
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert Study(document(text)).dates == []


def test_an_american_address_puts_the_month_first() -> None:
    study = Study(document("Acme Inc\nAustin, TX 78701\nDate: 03/04/2021\nTotal $5.00"))
    assert study.dates[0].value == "2021-03-04"


def test_a_malaysian_address_puts_the_day_first() -> None:
    study = Study(
        document("Acme Sdn Bhd\n12 Jalan Ampang, Kuala Lumpur\n03/04/2021\nTotal RM 5.00")
    )
    assert study.dates[0].value == "2021-04-03"


def test_an_unambiguous_date_decides_for_the_others() -> None:
    study = Study(document("Order 04/25/2021\nShipped 05/06/2021"))
    assert [date.value for date in study.dates] == ["2021-04-25", "2021-05-06"]


def test_an_ambiguous_date_is_believed_less() -> None:
    ambiguous, clear = Study(document("03/04/2021 and 5 May 2021")).dates
    assert ambiguous.surety < clear.surety == 1.0


CHOSEN = {
    "due date beside": "Invoice date: 02.05.2022\nDue date: 01.06.2022",
    "delivery before": "Lieferdatum: 28.04.2022\nRechnungsdatum: 02.05.2022",
    "column headings": "Date | Due\n02.05.2022 | 01.06.2022",
    "number and date": "Rechnung Nr. 4711 vom 02.05.2022\nStylesheet-Version 2.0 vom 18.10.2018",
}


@pytest.mark.parametrize("text", CHOSEN.values(), ids=CHOSEN)
def test_the_documents_own_date_is_told_from_the_others(text: str) -> None:
    study = Study(document(text))
    assert study.date is not None
    assert study.date.value == "2022-05-02"
