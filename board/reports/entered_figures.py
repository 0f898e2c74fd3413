"""Entering the figures that the system cannot know: bounded, one version after the other, with who and when."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from board.clock import local_day
from board.errors import Conflict, InvalidInput
from board.models import EnteredFigure
from board.reports.forms import ENTERED, UNFILLED, Cell, Form
from board.reports.scope import checked_year
from board.staff.roles import Actor, Right, require
from board.storage.chains import note

TEXT_MOST = 200
NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?")
#: cells that may have decimals (sums of money) and that may be negative (本年增减)
DECIMALS, NEGATIVE = ("amount", "funds"), ("change",)


def entries(session: Session, form: str, year: int) -> dict[str, EnteredFigure]:
    """The newest version of every entered cell of a form in a year, by path."""
    return {row.path: row for row in versions(session, form, year)}


def versions(session: Session, form: str, year: int) -> list[EnteredFigure]:
    """All versions, oldest first, with who entered them."""
    query = select(EnteredFigure).where(EnteredFigure.form == form, EnteredFigure.year == year).options(joinedload(EnteredFigure.account))
    return list(session.scalars(query.order_by(EnteredFigure.id)))


def enter(session: Session, actor: Actor, form: Form, year: int, typed: Mapping[str, str], seen: int, at: datetime) -> int:
    """Keeps what changed as new versions and returns how many; a blank is no entry and, where one stands, 0.

    ``seen`` is the newest version that the page showed: Conflict when another person changed a cell to something else since. InvalidInput names the cell.
    """
    require(actor, Right.enter_figures)
    if not form.from_year <= checked_year(year) <= min(form.to_year, local_day(at).year):
        raise InvalidInput(f"{form.title}不能填报{year}年。", "year")
    known, changed = entries(session, form.name, year), 0
    for cell in form.cells:
        if cell.definition != ENTERED or cell.path not in typed:
            continue
        row = known.get(cell.path)
        value = checked(cell, typed[cell.path], blank_counts=row is not None)
        if not value or (row is not None and row.value == value):
            continue
        if row is not None and row.id > seen:
            raise Conflict(f"“{cell.label}”刚由他人改为{row.value}，请核对后再保存。", row.value)
        revision = row.revision + 1 if row is not None else 1
        session.add(EnteredFigure(year=year, form=form.name, path=cell.path, revision=revision, value=value, at=at, account_id=actor.account_id))
        changed += 1
    kept(session, actor, form, year, changed, at)
    return changed


def kept(session: Session, actor: Actor, form: Form, year: int, changed: int, at: datetime) -> None:
    """Writes the versions and their event; Conflict when another transaction was faster."""
    if not changed:
        return
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("他人刚保存了同一张表，请核对后再保存。") from error
    note(session, "enter_figures", actor.name, at, data={"form": form.name, "year": year, "cells": changed}, chain="report")


def checked(cell: Cell, given: str, *, blank_counts: bool) -> str:
    """What is kept of a typed value: a plain number, or words; InvalidInput with the path of the cell."""
    text = unicodedata.normalize("NFKC", given).strip()
    if not text:
        return (UNFILLED if cell.text else "0") if blank_counts else ""
    if cell.text:
        if len(text) > TEXT_MOST or not text.isprintable():
            raise InvalidInput(f"“{cell.label}”最多{TEXT_MOST}字。", cell.path)
        return text
    plain, last = text.replace(",", ""), cell.path.rpartition(".")[2]
    if not NUMBER.fullmatch(plain):
        raise InvalidInput(f"“{cell.label}”应为数字（最多12位整数、4位小数）。", cell.path)
    number = Decimal(plain)
    if number < 0 and last not in NEGATIVE:
        raise InvalidInput(f"“{cell.label}”不能是负数。", cell.path)
    if number != number.to_integral_value() and last not in DECIMALS:
        raise InvalidInput(f"“{cell.label}”应为整数。", cell.path)
    return f"{number.normalize():f}"
