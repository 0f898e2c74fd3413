"""The Shanghai calendar day of a stored instant, inside SQL, on both databases."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement


class shanghai_day(FunctionElement[date]):  # noqa: N801  # reads like the SQL functions beside it
    """``shanghai_day(column)``: the calendar day in Asia/Shanghai on which the instant falls."""

    type = Date()
    name = "shanghai_day"
    inherit_cache = True


@compiles(shanghai_day, "sqlite")
def on_sqlite(element: shanghai_day, compiler: SQLCompiler, **kw: Any) -> str:
    """SQLite stores UTC without zone; Shanghai is eight hours ahead in all years that are counted."""
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(shanghai_day, "postgresql")
def on_postgresql(element: shanghai_day, compiler: SQLCompiler, **kw: Any) -> str:
    """PostgreSQL knows the zone."""
    return f"CAST(({compiler.process(element.clauses, **kw)} AT TIME ZONE 'Asia/Shanghai') AS DATE)"


class days_apart(FunctionElement[int]):  # noqa: N801  # reads like the SQL functions beside it
    """``days_apart(first, last)``: Shanghai calendar days from one instant to another."""

    type = Integer()
    name = "days_apart"
    inherit_cache = True


@compiles(days_apart, "sqlite")
def apart_on_sqlite(element: days_apart, compiler: SQLCompiler, **kw: Any) -> str:
    """Julian days of two dates are half-integers whose difference is whole."""
    first, last = (f"julianday(date({compiler.process(clause, **kw)}, '+8 hours'))" for clause in element.clauses)
    return f"CAST({last} - {first} AS INTEGER)"


@compiles(days_apart, "postgresql")
def apart_on_postgresql(element: days_apart, compiler: SQLCompiler, **kw: Any) -> str:
    """Dates are subtracted as they are."""
    first, last = (f"CAST(({compiler.process(clause, **kw)} AT TIME ZONE 'Asia/Shanghai') AS DATE)" for clause in element.clauses)
    return f"({last} - {first})"


def late(column: SQLColumnExpression[Any], due: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether the instant falls on a day after the due day; false while either is empty."""
    return column.is_not(None) & due.is_not(None) & (shanghai_day(column) > due)
