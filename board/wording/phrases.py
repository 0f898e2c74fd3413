"""The office's own phrases around quotations, from config/phrases.toml: every sentence of a draft that is no quotation is made here."""

from collections.abc import Mapping
from typing import Any

from board.models import Unit
from board.wording.filling import filled
from responder.composing import Source, titled

Words = Mapping[str, Any]
NUMERALS = "零一二三四五六七八九"
TEN, HUNDRED = 10, 100


def in_chinese(number: int) -> str:
    """A number below 100 as Chinese numerals (二十一), a larger one in digits."""
    if number >= HUNDRED:
        return str(number)
    tens, ones = divmod(number, TEN)
    return ("" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十") + (NUMERALS[ones] if ones or not tens else "")


def heading(words: Words, number: int, question: str) -> str:
    """一、关于“…”的问题, in the format of a reply; ``question`` is the citizen's, made ready for quotation marks, or "" when none is fit to be quoted."""
    if not question:
        return f"## {filled(words['heading_plain'], {'number': in_chinese(number)})}"
    return f"## {filled(words['heading'], {'number': in_chinese(number), 'question': question})}"


def heading_of_rest(words: Words, number: int, count: int) -> str:
    """七、关于其余…个问题."""
    return f"## {filled(words['heading_rest'], {'number': in_chinese(number), 'count': str(count)})}"


def counted(words: Words, found: int, answered: int) -> str:
    """How many questions were found, how many of them are answered here and how many are for a person: the first is the sum of the others."""
    return filled(words["counted"], {"found": str(found), "answered": str(answered), "open": str(found - answered)})


def introduction(words: Words, source: Source, *, first: bool, rule: bool = True) -> str:
    """根据《…》（…）规定：, of an interpretation or an answered letter 参照《…》的说明："""
    return filled(words[("basis" if first else "basis_more") if rule else ("reference" if first else "reference_more")], named(source))


def repeated(words: Words, source: Source) -> str:
    """For what was quoted above already."""
    return filled(words["repeated"], named(source))


def no_longer_valid(words: Words, ended: Source, state: str, successor: Source | None) -> list[str]:
    """A document that was asked for does not hold (已废止), and which one does."""
    said = [filled(words["ended"], {**named(ended), "state": state})]
    return said + ([filled(words["ended_successor"], named(successor))] if successor else [])


def also(words: Words, source: Source) -> str:
    """For a document that says nearly word for word what is quoted of another."""
    return filled(words["also"], named(source))


def named(source: Source) -> dict[str, str]:
    """Title and number of a source as they stand in a sentence."""
    return {"title": titled(source.title), "number": f"（{source.number}）" if source.number else ""}


def gap(words: Words, reason: str) -> str:
    """A place that a person has to fill, with what is wanted for this reason."""
    return filled(words["gap"], {"what": words.get("gaps", {}).get(reason, words["gap_answer"])})


def personal_blocks(words: Words, unit: Unit) -> list[str]:
    """个案需核查: the papers to bring, the unit and its telephone, and the place for what the check finds."""
    return [filled(words["personal"], {"papers": words["papers"], **parts(unit)}), filled(words["gap"], {"what": words["gap_personal"]})]


def not_ours(words: Words, office: str, *, again: bool = False) -> list[str]:
    """Not this office's duty: which office to turn to, when it is known; a person looks at it and adds its telephone, once for each office."""
    if not office:
        return [str(words["not_our_duty_unknown"])]
    if again:
        return [filled(words["not_our_duty_again"], {"office": office})]
    return [filled(words["not_our_duty"], {"office": office}), filled(words["gap"], {"what": words["gap_not_ours"]})]


def closing_blocks(words: Words, unit: Unit) -> list[str]:
    """Where to turn (unit, window, address, hours, phone) and the closing words."""
    contact = [filled(words["contact"], parts(unit))] if unit.phone or unit.address else []
    return [*contact, words["closing"]]


def signature(words: Words, office: str) -> str:
    """落款: the office, and under it the line of the date. The day itself is the system's, set when the reply is given out."""
    return "\n".join(line for line in (filled(words["signature"], {"office": office}), words["date_line"]) if line)


def parts(unit: Unit) -> dict[str, str]:
    """What is known of a unit, each with the words that go before it."""
    return {
        "unit": unit.name,
        "window": f"（{unit.window}）" if unit.window else "",
        "address": f"，地址：{unit.address}" if unit.address else "",
        "hours": f"，时间：{unit.hours}" if unit.hours else "",
        "phone": f"，电话：{unit.phone}" if unit.phone else "",
    }
