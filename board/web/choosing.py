"""设置: limits, wording, sensitive words, holidays and units, changed by a manager; config/ gives the defaults."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from board.clock import local_day, now
from board.errors import Conflict, HuiyingError, InvalidInput, NotFound
from board.inquiries import changing as room
from board.replies.desk_view import all_units, unit_of_code
from board.staff.choices import all_versions, seen_ids, standing
from board.web.current import the_office
from board.web.error_pages import status_of
from board.web.staff_pages import acting
from board.wording.filling import variables

blueprint = Blueprint("choosing", __name__)
KINDS = ("consultation", "help", "suggestion", "complaint", "report", "thanks")
PHRASE_WORDS = {
    "reply.salutation": "称呼与开头", "reply.heading": "分问题的小标题", "reply.heading_rest": "其余问题的小标题", "reply.basis": "第一处引用之前",
    "reply.basis_more": "其他引用之前", "reply.repeated": "重复引用", "reply.ended": "所问文件已不再有效", "reply.ended_successor": "所问文件的现行文件",
    "reply.no_such_document": "没有查到所问文号", "reply.gaps.no_such_document": "待补充：没有查到文号", "reply.gap": "待补充的标记", "reply.gap_answer": "待补充：一般", "reply.gap_not_ours": "待补充：其他机关的电话",
    "reply.gap_personal": "待补充：个案核查", "reply.personal": "个案需核查", "reply.papers": "个案须带的材料", "reply.not_our_duty": "不属本机关职责（知道归谁）",
    "reply.not_our_duty_unknown": "不属本机关职责（不知道归谁）", "reply.contact": "联系方式", "reply.closing": "结尾", "reply.signature": "落款",
    "reply.date_line": "日期行", "reply.gaps.nothing_found": "待补充：未找到文件", "reply.gaps.out_of_force": "待补充：文件已失效",
    "reply.gaps.too_close": "待补充：多份文件相近", "reply.gaps.low_confidence": "待补充：把握不足", "reply.gaps.too_many": "待补充：问题太多",
    "reply.heading_plain": "分问题的小标题（不引原话）", "reply.counted": "问题较多时的说明", "reply.reference": "只供参照的引用之前", "reply.reference_more": "其他参照引用之前",
    "reply.also": "另一份文件内容相同", "reply.personal_again": "又一个问题同属个案", "reply.not_our_duty_again": "又一个问题同归其他机关",
    "reply.gaps.suggest": "待补充：核对依据",
}  # fmt: skip


@blueprint.get("/desk/settings")
def index() -> str:
    """What can be changed, and the last changes."""
    with the_office().work.reading() as db:
        changes = [row for topic in ("limit", "phrase", "template", "words", "holiday", "unit") for row in all_versions(db, topic)]
        latest = sorted(changes, key=lambda row: row.id, reverse=True)[:10]
        return render_template("desk/settings.html", here="settings", heading="设置", latest=latest, name_of=name_of)


@blueprint.get("/desk/settings/limits")
def limits() -> str:
    """Terms by kind, as they hold and as they are going to."""
    return limits_page({}, {})


@blueprint.post("/desk/settings/limits")
def change_limit() -> Response:
    """A new term from a day on, or the default again."""
    values = typed("kind", "unit", "days", "effective_on", "reason")

    def act(db: Any) -> None:
        days = int(values["days"]) if values["days"].isascii() and values["days"].isdigit() and len(values["days"]) < 5 else None
        room.change_limit(db, acting(), values["kind"], values["unit"], days, asked(db, "limit", limit_name(values)), now())

    return saved(act, "已保存。已有留言的到期日不变，自生效日起收到的留言按新的期限计算。", "choosing.limits", lambda errors: limits_page(values, errors))


def limit_name(values: dict[str, str]) -> str:
    """The name of the setting that the form speaks of."""
    return f"{values['kind']}@{values['unit']}" if values["unit"] else values["kind"]


def limits_page(values: dict[str, str], errors: dict[str, str]) -> str:
    """The page of the terms."""
    office, today = the_office(), local_day(now())
    with office.work.reading() as db:
        versions = all_versions(db, "limit")
        default = office.chosen.default.settings.section("deadlines")
        holds = {name: row for name, row in standing(versions, today).items() if row.value}
        return render_template(
            "desk/settings_limits.html", here="settings", heading="办理期限", kinds=KINDS, default=default, holds=holds, versions=list(reversed(versions)),
            values=values or {"effective_on": today.isoformat()}, errors=errors, units=all_units(db), today_=today, name_of=name_of,
        )  # fmt: skip


@blueprint.get("/desk/settings/phrases")
def phrases() -> str:
    """The wording of the letter."""
    return phrases_page("", "", {})


@blueprint.post("/desk/settings/phrases")
def change_phrase() -> Response:
    """One phrase, or its default again."""
    name, text = request.form.get("name", "")[:80], request.form.get("text", "")[:2000]
    act: Callable[[Any], object] = lambda db: room.change_phrase(db, acting(), the_office().chosen.default, name, text, asked(db, "phrase", name), now())  # noqa: E731  # one line, used once
    return saved(act, "已保存，几秒内对新拟的稿生效。", "choosing.phrases", lambda errors: phrases_page(name, text, errors))


def phrases_page(name: str, text: str, errors: dict[str, str]) -> str:
    """The page of the wording; ``name`` is the phrase that was refused, with what was typed."""
    office = the_office()
    with office.work.reading() as db:
        versions = all_versions(db, "phrase")
        default = {key: room.phrase_of(office.chosen.default.phrases, key) for key in room.phrase_names(office.chosen.default.phrases)}
        holds = {key: str(row.value["text"]) for key, row in standing(versions, local_day(now())).items() if row.value}
        return render_template(
            "desk/settings_phrases.html", here="settings", heading="答复用语", default=default, holds=holds, seen=seen_ids(versions), words=PHRASE_WORDS,
            refused=name, text=text, errors=errors, variables=variables,
        )  # fmt: skip


@blueprint.get("/desk/settings/words")
def words() -> str:
    """The sensitive words."""
    return words_page(None, {})


@blueprint.post("/desk/settings/words")
def change_words() -> Response:
    """The whole list."""
    text = request.form.get("words", "")[:100_000]
    return saved(
        lambda db: room.change_words(db, acting(), text, asked(db, "words", "list"), now()), "已保存，几秒内生效。", "choosing.words",
        lambda errors: words_page(text, errors),
    )  # fmt: skip


def words_page(text: str | None, errors: dict[str, str]) -> str:
    """The page of the words."""
    office = the_office()
    with office.work.reading() as db:
        versions = all_versions(db, "words")
        row = standing(versions, local_day(now())).get("list")
        known = list(row.value["words"]) if row and row.value else list(office.chosen.default.words)
        return render_template(
            "desk/settings_words.html", here="settings", heading="敏感词", text="\n".join(known) if text is None else text, errors=errors,
            seen=seen_ids(versions).get("list", 0), changed=bool(row and row.value), number=len(known),
        )  # fmt: skip


@blueprint.get("/desk/settings/units")
def units() -> str:
    """All units."""
    with the_office().work.reading() as db:
        return render_template("desk/settings_units.html", here="settings", heading="单位信息", units=all_units(db))


@blueprint.get("/desk/settings/units/<code>")
def unit(code: str) -> str:
    """One unit."""
    return unit_page(code, None, {})


@blueprint.post("/desk/settings/units/<code>")
def change_unit(code: str) -> Response:
    """Its names, signature line, telephone, window, address, hours."""
    values = typed(*room.UNIT_FIELDS)

    def act(db: Any) -> None:
        found = unit_of_code(db, code)
        if found is None:
            raise InvalidInput("没有这个单位。", "name")
        room.change_unit(db, acting(), found, values, asked(db, "unit", code), now())

    return saved(act, "已保存。", "choosing.units", lambda errors: unit_page(code, values, errors))


def unit_page(code: str, values: dict[str, str] | None, errors: dict[str, str]) -> str:
    """The page of a unit with its earlier versions."""
    with the_office().work.reading() as db:
        found = unit_of_code(db, code)
        if found is None:
            raise NotFound("没有这个单位。")
        versions = all_versions(db, "unit", code)
        shown = values or {name: getattr(found, name) for name in room.UNIT_FIELDS}
        return render_template(
            "desk/settings_unit.html", here="settings", heading=found.name, unit=found, values=shown, errors=errors, fields=room.UNIT_FIELDS,
            seen=seen_ids(versions).get(code, 0), versions=list(reversed(versions)),
        )  # fmt: skip


def typed(*names: str) -> dict[str, str]:
    """Fields of the form."""
    return {name: request.form.get(name, "").strip()[:600] for name in names}


def asked(db: Any, topic: str, name: str) -> room.Asked:
    """What the form says about the change; a form without the version seen (the terms) changes what stands."""
    given, seen = request.form.get("effective_on", "").strip()[:10], request.form.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else seen_ids(all_versions(db, topic, name)).get(name, 0)
    try:
        day = date.fromisoformat(given) if given else local_day(now())
    except ValueError as error:
        raise InvalidInput("日期写作 2026-12-31 的样子。", "effective_on") from error
    return room.Asked(day, known, request.form.get("reason", "").strip()[:500], request.form.get("default") == "yes")


def saved(act: Callable[[Any], object], done: str, endpoint: str, again: Callable[[dict[str, str]], str], **values: object) -> Response:
    """One change in one transaction; this process follows at once, the others within seconds."""
    try:
        with the_office().work.transaction() as db:
            act(db)
    except (InvalidInput, Conflict) as error:
        return refused(error, again)
    the_office().chosen.follow(now(), at_once=True)
    flash(done, "good")
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]  # values of an address


def refused(error: HuiyingError, again: Callable[[dict[str, str]], str]) -> Response:
    """The page once more with what was typed."""
    return Response(again({error.field if isinstance(error, InvalidInput) else "": error.message}), status_of(error), mimetype="text/html")


def name_of(row: Any) -> str:
    """A change in words."""
    labels = the_office().labels
    kind, _, unit_code = row.name.partition("@")
    words = {
        "limit": f"办理期限 · {labels('kind', kind)}{'（' + unit_code + '）' if unit_code else ''}", "phrase": f"答复用语 · {PHRASE_WORDS.get(row.name, row.name)}",
        "words": "敏感词", "holiday": f"{row.name}年放假安排", "unit": f"单位 · {row.name}",
        "template": f"常用语 · {(row.value or {}).get('title', row.name)}",
    }  # fmt: skip
    return words[row.topic]
