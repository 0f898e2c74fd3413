"""The office's own phrases around quotations, from config/phrases.toml."""

from collections.abc import Mapping

from board.models import Unit
from board.wording.filling import filled
from responder.composing import Source


def introduction(words: Mapping[str, str], source: Source, *, first: bool) -> str:
    """根据《…》（…）："""
    number = f"（{source.number}）" if source.number else ""
    return filled(words["basis" if first else "basis_more"], {"title": f"《{source.title}》", "number": number})


def closing_blocks(words: Mapping[str, str], unit: Unit) -> list[str]:
    """Where to turn (unit, window, address, hours, phone) and the closing words."""
    parts = {
        "unit": unit.name,
        "window": f"（{unit.window}）" if unit.window else "",
        "address": f"，地址：{unit.address}" if unit.address else "",
        "hours": f"，时间：{unit.hours}" if unit.hours else "",
        "phone": f"，电话：{unit.phone}" if unit.phone else "",
    }
    contact = [filled(words["contact"], parts)] if unit.phone or unit.address else []
    return [*contact, words["closing"]]
