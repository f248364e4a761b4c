"""Statements of the hot path, compiled once and then handed to the driver as they are.

Answers `change`, `first` and `add` for statements that are built once, with the same types going in
and coming out as SQLAlchemy's own execution, whose work a call (60 us) was most of what a document
cost. Leaves everything that is built a call, and everything off the processor's path, to it.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import BindParameter, Connection, Delete, Dialect, Select, Update

    Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | Delete
    Values: TypeAlias = Mapping[str, object]
    Slot: TypeAlias = tuple[str, Callable[[Any], Any] | None]


class Transaction(Protocol):
    """What a query function needs of a transaction: a session has it, and so does a plain one."""

    def connection(self) -> Connection:
        """The connection it runs on."""
        ...


def change(transaction: Transaction, statement: Statement, values: Values) -> int:
    """How many rows it changed."""
    return _prepared(transaction, statement, values)[0]


def first(transaction: Transaction, statement: Statement, values: Values) -> Any | None:  # noqa: ANN401  a row of this statement's own columns
    """The first row, its columns as attributes, or None."""
    rows = _prepared(transaction, statement, values)[1]
    return rows[0] if rows else None


def add(transaction: Transaction, statement: Insert, rows: Sequence[Values]) -> None:
    """Insert rows that have the same columns."""
    if rows:
        connection = transaction.connection()
        prepared = _of(connection, statement, rows[0])
        prepared.run_many(connection, rows)


def _prepared(
    transaction: Transaction, statement: Statement, values: Values
) -> tuple[int, list[Any]]:
    connection = transaction.connection()
    return _of(connection, statement, values).run(connection, values)


_made: Final[dict[tuple[str, Statement], _Prepared]] = {}
"""By identity: the statements are constants of their modules."""


def _of(connection: Connection, statement: Statement, values: Collection[str]) -> _Prepared:
    key = (connection.dialect.name, statement)
    found = _made.get(key)
    if found is None:
        found = _made[key] = _Prepared(statement, connection.dialect, values)
    return found


class _Prepared:
    """One statement in one dialect: its text, its slots in order, and what its rows become."""

    def __init__(self, statement: Statement, dialect: Dialect, names: Collection[str]) -> None:
        columns = list(names) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        defaults = {one.key: one.default for one in getattr(compiled, "insert_prefetch", ())}
        if compiled.post_compile_params or not all(one.is_scalar for one in defaults.values()):
            msg = f"{statement} has parts that are only known when it runs"
            raise ValueError(msg)
        self._sql = str(compiled)
        self._is_positional: bool = compiled.positional
        binds: dict[str, BindParameter[Any]] = compiled.binds
        types = {name: bind.type.dialect_impl(dialect) for name, bind in binds.items()}
        ways = {name: kind.bind_processor(dialect) for name, kind in types.items()}
        order = compiled.positiontup if self._is_positional else list(binds)
        self._slots: list[Slot] = [(name, ways[name]) for name in order]
        self._fixed = {name: one.effective_value for name, one in binds.items() if not one.required}
        self._fixed |= {name: default.arg for name, default in defaults.items()}
        self._row, self._ways_out = _shape(statement, dialect)

    def run(self, connection: Connection, values: Values) -> tuple[int, list[Any]]:
        parameters = self._parameters(values)
        if not self._is_positional:
            result = connection.exec_driver_sql(self._sql, parameters)
            return result.rowcount, self._rows(result.all()) if result.returns_rows else []
        raw: Any = connection.connection.driver_connection
        try:
            cursor: sqlite3.Cursor = raw.execute(self._sql, parameters)
            rows = cursor.fetchall() if self._row else []
        except sqlite3.Error as error:
            raise self._translated(error, parameters) from error
        return cursor.rowcount, self._rows(rows)

    def run_many(self, connection: Connection, many: Sequence[Values]) -> None:
        parameters = [self._parameters(values) for values in many]
        if not self._is_positional:
            connection.exec_driver_sql(self._sql, parameters)
            return
        raw: Any = connection.connection.driver_connection
        try:
            raw.executemany(self._sql, parameters)
        except sqlite3.Error as error:
            raise self._translated(error, parameters) from error

    def _parameters(self, values: Values) -> Any:  # noqa: ANN401  a tuple or a dict, as the driver wants it
        if self._fixed:
            values = {**self._fixed, **values}
        if self._is_positional:
            return tuple([way(values[name]) if way else values[name] for name, way in self._slots])
        return {name: way(values[name]) if way else values[name] for name, way in self._slots}

    def _rows(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        if not rows:
            return []
        make, ways = self._row, self._ways_out
        return [
            make(*[way(value) if way else value for way, value in zip(ways, row, strict=True)])
            for row in rows
        ]

    def _translated(self, error: sqlite3.Error, parameters: Any) -> DBAPIError | BaseException:  # noqa: ANN401
        return DBAPIError.instance(self._sql, parameters, error, sqlite3.Error)


def _shape(statement: Statement, dialect: Dialect) -> tuple[Any, list[Callable[[Any], Any] | None]]:
    """What makes a row of its columns, and what makes their values; nothing where it gives none."""
    columns = list(statement.exported_columns) if hasattr(statement, "exported_columns") else []
    if not columns:
        return None, []
    kinds = [column.type.dialect_impl(dialect) for column in columns]
    names = [str(column.key) for column in columns]
    row: Any = namedtuple("Row", names)  # noqa: PYI024  # pyright: ignore[reportUntypedNamedTuple]
    return row, [kind.result_processor(dialect, None) for kind in kinds]
