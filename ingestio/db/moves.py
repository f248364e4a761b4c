"""What the database refuses: every move that the domain's tables do not list.

Answers with the triggers of SQLite and PostgreSQL, made from `MOVES` of documents, batches and
ledger entries. The migrations hold them as they were on their day, and a test compares. Leaves
which moves are legal to the domain.

The triggers look at the columns of a move alone: a heartbeat or a count pays nothing. What they
refuse is a bug, and comes up as an IntegrityError.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from ingestio.domain import batches, documents, usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum


State = TypeVar("State", bound="StrEnum")


@dataclass(frozen=True, slots=True)
class Machine(Generic[State]):
    """The states of one table's rows.

    `counter` grows by one when an `ended` row begins anew, and never else; `rules` are what must
    hold besides, of OLD and NEW; `watched` the columns that they speak of.
    """

    table: str
    state: str
    moves: Mapping[State | None, frozenset[State]]
    watched: tuple[str, ...]
    rules: tuple[str, ...] = ()
    counter: str | None = None
    ended: frozenset[State] = frozenset()


MACHINES: Final = (
    Machine(
        "documents",
        "status",
        documents.MOVES,
        ("generation", "lease_token", "lease_owner"),
        (
            "NEW.lease_token >= OLD.lease_token",
            # Whoever takes a lease has a token that nobody had: it is what fences the others.
            (
                "(NEW.lease_owner IS NULL OR NEW.lease_owner = COALESCE(OLD.lease_owner, '')"
                " OR NEW.lease_token > OLD.lease_token)"
            ),
        ),
        "generation",
        documents.ENDED,
    ),
    Machine(
        "extraction_batches",
        "status",
        batches.MOVES,
        ("round",),
        counter="round",
        ended=batches.ENDED,
    ),
    Machine(
        "usage_entries",
        "state",
        usage.MOVES,
        ("pages", "period_starts_at"),
        (
            (
                "(OLD.state = 'released' OR NEW.pages = OLD.pages"
                " AND NEW.period_starts_at = OLD.period_starts_at)"
            ),
        ),
    ),
)
# A function, not a WHEN clause: PostgreSQL parses that one anew at each statement, which made an
# UPDATE take 270 microseconds where it took 140; a function's plan stays with the session.
_FUNCTION: Final = """
CREATE FUNCTION {table}_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF {born} THEN RETURN NEW; END IF;
  ELSIF {legal} THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = concat(
    '{table} refuses the move from ', to_jsonb(OLD) ->> '{state}', ' to ', NEW.{state});
END $$"""
_KINDS: Final = ("births", "moves")


def create(dialect: str) -> tuple[str, ...]:
    """Statements that make the database refuse."""
    of = _sqlite if dialect == "sqlite" else _postgres
    return tuple(statement for machine in MACHINES for statement in of(machine))


def drop(dialect: str) -> tuple[str, ...]:
    """Statements that let it accept whatever comes: for filling a database with made-up rows."""
    tables = [machine.table for machine in MACHINES]
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {name}_{kind}" for name in tables for kind in _KINDS)
    return tuple(f"DROP FUNCTION {name}_move() CASCADE" for name in tables)


def _sqlite(machine: Machine[Any]) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{machine.table} refuses this move'); END"
    return (
        _trigger(machine, "births", f"WHEN (NOT {_born(machine)}) {refuse}"),
        _trigger(machine, "moves", f"WHEN (NOT ({_legal(machine)})) {refuse}"),
    )


def _postgres(machine: Machine[Any]) -> tuple[str, ...]:
    named = {"table": machine.table, "state": machine.state}
    call = f"EXECUTE FUNCTION {machine.table}_move()"
    return (
        _FUNCTION.format(**named, born=_born(machine), legal=_legal(machine)),
        *(_trigger(machine, kind, call) for kind in _KINDS),
    )


def _trigger(machine: Machine[Any], kind: str, act: str) -> str:
    columns = ", ".join((machine.state, *machine.watched))
    event = "INSERT" if kind == "births" else f"UPDATE OF {columns}"
    head = f"CREATE TRIGGER {machine.table}_{kind} BEFORE {event} ON {machine.table}"
    return f"{head} FOR EACH ROW {act}"


def _born(machine: Machine[Any]) -> str:
    return _is_one_of(machine, machine.moves[None])


def _legal(machine: Machine[Any]) -> str:
    return " AND ".join((_is_listed(machine), *machine.rules))


def _is_listed(machine: Machine[Any]) -> str:
    """The same state as before, or one that may follow it, with the counter that belongs to it."""
    old, new = f"OLD.{machine.state}", f"NEW.{machine.state}"
    legal = [f"{new} = {old}{_counted(machine, 0)}"]
    for before, after in machine.moves.items():
        anew = after - machine.ended if before in machine.ended else frozenset[Any]()
        for states, step in ((after - anew, 0), (anew, 1)):
            if before is not None and states:
                follows = f"{old} = '{before}' AND {_is_one_of(machine, states)}"
                legal.append(follows + _counted(machine, step))
    return f"({' OR '.join(legal)})"


def _is_one_of(machine: Machine[Any], states: frozenset[Any]) -> str:
    """Spelt out: for IN, SQLite makes a table of more than two values at each statement."""
    return f"({' OR '.join(f'NEW.{machine.state} = {state.value!r}' for state in sorted(states))})"


def _counted(machine: Machine[Any], step: int) -> str:
    if machine.counter is None:
        return ""
    counter = machine.counter
    return f" AND NEW.{counter} = OLD.{counter}" + (f" + {step}" if step else "")
