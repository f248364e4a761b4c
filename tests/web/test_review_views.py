"""What the review says of a value, and where the keys lead."""

from __future__ import annotations

import pytest

from ingestio.domain.results import Box
from ingestio.services.review import FieldState, ReviewField
from ingestio.web.review import views


def _field(name: str = "total", state: FieldState = FieldState.READ, **changes: object):
    plain = {
        "name": name,
        "label": "Total",
        "value": "48311.50",
        "original": None,
        "confidence": 0.71,
        "page": 1,
        "box": Box(0.1, 0.2, 0.3, 0.25),
        "quote": "48,311.50",
        "state": state,
    }
    return ReviewField(**(plain | changes))


def _list(*states: FieldState) -> list[views.FieldView]:
    return [views.field_view(_field(f"f{n}", state)) for n, state in enumerate(states)]


@pytest.mark.parametrize("state", list(FieldState))
def test_every_state_has_its_look_and_its_box(state: FieldState) -> None:
    assert views.FIELD_LOOKS[state].word
    assert views.field_view(_field(state=state))["box_class"].startswith("ev")


def test_an_edited_value_loses_its_score_and_says_what_it_was() -> None:
    shown = views.field_view(_field(state=FieldState.EDITED, original="43811.50"))

    assert (shown["score"], shown["note"]) == ("Edited", "Edited by you. Was “43811.50”")


def test_an_uncertain_value_is_shown_with_its_score_and_its_quote() -> None:
    shown = views.field_view(_field(state=FieldState.UNCERTAIN))

    assert (shown["score"], shown["note"]) == ("Uncertain 0.71", "Read from “48,311.50”.")


def test_a_box_is_drawn_in_percent_of_its_page() -> None:
    shown = views.field_view(_field())

    assert (shown["x"], shown["y"], shown["width"], shown["height"]) == (
        "10.00",
        "20.00",
        "20.00",
        "5.00",
    )
    assert shown["crop"] == "translate(-20.00%, -22.50%)"


def test_a_value_without_a_place_has_no_box() -> None:
    shown = views.field_view(_field(box=None, page=None))

    assert (shown["has_box"], shown["page"]) == (False, 0)


def test_moving_stays_within_the_list() -> None:
    fields = _list(FieldState.READ, FieldState.READ)

    assert views.moved(fields, "f1", 1).name == "f1"
    assert views.moved(fields, "f0", -1).name == "f0"
    assert views.moved([], "", 1).name == ""


def test_confirming_leads_to_the_next_value_to_check_and_round() -> None:
    fields = _list(FieldState.FLAGGED, FieldState.READ, FieldState.UNCERTAIN)

    assert views.next_to_check(fields, "").name == "f0"
    assert views.next_to_check(fields, "f0").name == "f2"
    assert views.next_to_check(fields, "f2").name == "f0"


def test_where_nothing_is_left_to_check_it_goes_down_the_list() -> None:
    fields = _list(FieldState.UNCERTAIN, FieldState.READ)

    assert views.next_to_check(fields, "f0").name == "f1"
