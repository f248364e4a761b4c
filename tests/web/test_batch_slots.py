"""One changed row sends that row only: the rest of the page is not assigned again."""

from __future__ import annotations

from typing import Any

from ingestio.web.slots import SLOTS, assign, show_rows


class Page:
    """Records what is assigned, as Reflex would send it."""

    def __init__(self) -> None:
        object.__setattr__(self, "sent", [])
        object.__setattr__(self, "_rows", ())

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if not name.startswith("_"):
            self.sent.append(name)

    def forget(self) -> None:
        self.sent.clear()


def test_only_the_row_that_changed_is_sent() -> None:
    page = Page()
    show_rows(page, [{"id": "a", "status": "queued"}, {"id": "b", "status": "queued"}])
    page.forget()

    show_rows(page, [{"id": "a", "status": "queued"}, {"id": "b", "status": "completed"}])

    assert page.sent == ["r1"]


def test_an_equal_read_sends_nothing() -> None:
    page = Page()
    show_rows(page, [{"id": "a"}])
    page.forget()

    show_rows(page, [{"id": "a"}])

    assert page.sent == []


def test_a_row_that_is_gone_empties_its_place() -> None:
    page = Page()
    show_rows(page, [{"id": "a"}, {"id": "b"}])
    page.forget()

    show_rows(page, [{"id": "b"}])

    assert page.sent == ["r0", "r1"]
    assert (page.r0, page.r1) == ({"id": "b"}, {})


def test_no_more_than_the_places_are_shown() -> None:
    page = Page()
    show_rows(page, [{"id": str(n)} for n in range(SLOTS + 5)])

    assert page.sent == [f"r{n}" for n in range(SLOTS)]


def test_an_equal_value_is_not_assigned_again() -> None:
    page = Page()
    page.view = "rows"
    page.forget()

    assign(page, view="rows")

    assert page.sent == []
