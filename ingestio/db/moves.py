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
_REFUSE: Final = """
CREATE FUNCTION refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = concat(
    TG_TABLE_NAME, ' refuses the move from ', coalesce(to_jsonb(OLD) ->> TG_ARGV[0], 'nothing'),
    ' to ', to_jsonb(NEW) ->> TG_ARGV[0]);
END $$"""


def create(dialect: str) -> tuple[str, ...]:
    """Statements that make the database refuse."""
    triggers = tuple(
        line
        for machine in MACHINES
        for line in (_births(machine, dialect), _moves(machine, dialect))
    )
    return triggers if dialect == "sqlite" else (_REFUSE, *triggers)


def drop(dialect: str) -> tuple[str, ...]:
    """Statements that let it accept whatever comes: for filling a database with made-up rows."""
    if dialect != "sqlite":
        return ("DROP FUNCTION refuse_move() CASCADE",)
    names = (f"{machine.table}_{kind}" for machine in MACHINES for kind in ("births", "moves"))
    return tuple(f"DROP TRIGGER {name}" for name in names)


def _births(machine: Machine[Any], dialect: str) -> str:
    when = f"NOT {_is_one_of(machine, machine.moves[None])}"
    return _trigger(machine, dialect, "births", "INSERT", when)


def _moves(machine: Machine[Any], dialect: str) -> str:
    columns = ", ".join((machine.state, *machine.watched))
    rules = " AND ".join((_is_listed(machine), *machine.rules))
    return _trigger(machine, dialect, "moves", f"UPDATE OF {columns}", f"NOT ({rules})")


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


def _trigger(machine: Machine[Any], dialect: str, kind: str, event: str, when: str) -> str:
    table = machine.table
    refuse = (
        f"BEGIN SELECT RAISE(ABORT, '{table} refuses this move'); END"
        if dialect == "sqlite"
        else f"EXECUTE FUNCTION refuse_move('{machine.state}')"
    )
    head = f"CREATE TRIGGER {table}_{kind} BEFORE {event} ON {table} FOR EACH ROW"
    return f"{head} WHEN ({when}) {refuse}"
