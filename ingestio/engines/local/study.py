"""One document under study: what several finders need, worked out once and only when asked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ingestio.engines.local.amounts import FoundAmount, amounts_in
from ingestio.engines.local.context import Context, context_of
from ingestio.engines.local.currency import currency_candidates
from ingestio.engines.local.dates import FoundDate, date_candidates, dates_in
from ingestio.engines.local.found import Found, from_choice
from ingestio.engines.local.labelled import Labels, find_labelled
from ingestio.engines.local.names import name_candidates
from ingestio.engines.local.numbers import number_candidates
from ingestio.engines.local.prose import Prose, prose_of
from ingestio.engines.local.totals import amount_candidates
from ingestio.engines.local.values import Reader
from ingestio.engines.local.weights import Choice, Wanted, choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.engines.local.candidates import Candidate
    from ingestio.engines.local.layout import Place
    from ingestio.engines.local.pages import ReadDocument


class Study:
    """A document and what has been found out about it so far."""

    def __init__(self, document: ReadDocument) -> None:
        self.document = document

    @cached_property
    def context(self) -> Context:
        """Rows, language, country."""
        return context_of(self.document)

    @cached_property
    def prose(self) -> Prose:
        """The running text."""
        return prose_of(self.context)

    @cached_property
    def _order(self) -> dict[tuple[int, int], int]:
        places = self.context.places
        return {(place.row, place.column): index for index, place in enumerate(places)}

    def offset(self, place: Place) -> int:
        """Where a place's segment begins in the running text."""
        return self.prose.starts[self._order[place.row, place.column]]

    @cached_property
    def dates(self) -> list[FoundDate]:
        """Every date."""
        return dates_in(self.context)

    @cached_property
    def amounts(self) -> list[FoundAmount]:
        """Every amount."""
        return amounts_in(self.context)

    @cached_property
    def reader(self) -> Reader:
        """How values of this document are read."""
        written = {found.quote: found.value for found in self.dates}
        longest_first = dict(sorted(written.items(), key=lambda item: -len(item[0])))
        return Reader(self.context.is_decimal_comma, longest_first)

    @cached_property
    def amount_candidates(self) -> list[Candidate]:
        """Every amount as a candidate for the total."""
        return amount_candidates(self.context)

    @cached_property
    def name_candidates(self) -> list[Candidate]:
        """Every name as a candidate for the issuer."""
        return name_candidates(self.context)

    @cached_property
    def total_choice(self) -> Choice | None:
        """The total."""
        return self._choose(Wanted.TOTAL, self.amount_candidates)

    @cached_property
    def total(self) -> Found | None:
        """The total."""
        return self._found(self.total_choice)

    @cached_property
    def date(self) -> Found | None:
        """The document's own date."""
        return self._found(self._choose(Wanted.DATE, date_candidates(self.context)))

    @cached_property
    def number(self) -> Found | None:
        """The document's own number."""
        return self._found(self._choose(Wanted.NUMBER, number_candidates(self.context)))

    @cached_property
    def issuer(self) -> Found | None:
        """Who issued it."""
        return self._found(self._choose(Wanted.NAME, self.name_candidates))

    @cached_property
    def currency(self) -> Found | None:
        """The currency of its amounts."""
        total = self.total_choice.candidate if self.total_choice else None
        return self._found(self._choose(Wanted.CURRENCY, currency_candidates(self.context, total)))

    def labelled(self, wanted: Labels) -> list[Found]:
        """Values beside labels, best first."""
        return find_labelled(self.context, self.reader, wanted)

    def first_labelled(self, wanted: Labels) -> Found | None:
        """The best value beside a label."""
        return next(iter(self.labelled(wanted)), None)

    def _choose(self, wanted: Wanted, candidates: Sequence[Candidate]) -> Choice | None:
        return choose(wanted, candidates, is_ocr=self.context.is_ocr)

    def _found(self, choice: Choice | None) -> Found | None:
        return from_choice(choice) if choice else None
