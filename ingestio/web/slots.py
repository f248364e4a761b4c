"""Rows that travel one by one: a variable of its own for each visible place of a list.

Reflex sends a list whole when one row of it changes (10.6 kB for 96 rows); of slots it sends the
one that changed (215 to 267 bytes). It also sends an equal value again, so everything is compared
before it is assigned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SLOTS = 100
"""Visible places at most; what is beyond comes page by page."""
_EMPTY: dict[str, Any] = {}


class Slots(rx.State, mixin=True):
    """The places `r0` to `r99`; an empty one is `{}`."""

    # A tuple: Reflex hands it out as it is, while lists come wrapped and compare 5 times slower.
    __annotations__ = {"_rows": tuple[dict[str, Any], ...]} | {
        f"r{place}": dict[str, Any] for place in range(SLOTS)
    }
    _rows = ()
    locals().update({f"r{place}": {} for place in range(SLOTS)})


def show_rows(state: Any, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401  a state with Slots
    """Put rows into their places, touching only those that changed."""
    wanted = tuple(dict(row) for row in rows[:SLOTS])
    wanted += (_EMPTY,) * (SLOTS - len(wanted))
    shown = state._rows or (_EMPTY,) * SLOTS  # noqa: SLF001
    for place, (old, new) in enumerate(zip(shown, wanted, strict=True)):
        if old != new:
            setattr(state, f"r{place}", new)
    state._rows = wanted  # noqa: SLF001


def assign(state: rx.State, **values: object) -> None:
    """Set variables, each only where it differs."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)


def slots_of(state: type[rx.State]) -> list[rx.Var[dict[str, Any]]]:
    """The places of a state class, for its page."""
    return [getattr(state, f"r{place}") for place in range(SLOTS)]
