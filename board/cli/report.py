"""``huiying report``: the yearly figures on the screen or as a file."""

import json
from pathlib import Path
from typing import Any

import click

from board.clock import now
from board.errors import InvalidInput
from board.office import open_office
from board.reports.annual import annual_report
from board.reports.exporting import FORMATS, exported, file_name, write_whole
from board.reports.final_report import final_report, form_document, require_final
from board.reports.forms import Form, filled_form, form_of, load_forms
from board.reports.rollup import rolled_up
from board.reports.scope import checked_year, scoped_unit, year_scope
from board.reports.written_check import as_json, check_file
from board.settings import load_settings

TEXTS = frozenset({"json", "md"})


@click.group("report", help="统计和报告。\n\n例：huiying report annual 2016 --format json")
def command() -> None:
    """Reports."""


@command.command(
    "annual", help="年度报告：数字、文字、留言统计和不一致事项。json、md 输出到屏幕，其余写入文件。\n\n例：huiying report annual 2016 --format docx"
)
@click.argument("year", type=int)
@click.option("--unit", metavar="U", help="只统计这个单位及其下属（代码、全称或简称）")
@click.option("--form", "statutory", metavar="F", help="按这张法定报表输出每一格（只有 json），见 huiying report forms")
@click.option("--final", is_flag=True, help="作为正式报告输出：还有没有处理的校验事项时拒绝（要和 --form 一起用）")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True, help="格式")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写入这个文件")
def annual(year: int, unit: str | None, statutory: str | None, form: str, output: Path | None, *, final: bool) -> None:
    """Counts the year now and writes it; a file is complete or not there at all."""
    checked_year(year)
    settings = load_settings()
    wanted = form_of(settings.config_dir, statutory) if statutory else None
    if wanted is not None:
        if form != "json":
            raise InvalidInput("按法定报表输出时格式应为 json。", "format")
        written(in_form(wanted, year, unit, final=final), output)
        return
    if final:
        raise InvalidInput("正式报告要用 --form 指明法定报表。", "form")
    office = open_office(settings)
    with office.work.reading() as session:
        report = annual_report(session, office.settings, office.taxonomy, office.calendar, year, unit, at=now())
        content = exported(report, form)
        name = file_name(report, form)
    if output is None and form in TEXTS:
        click.echo(content.decode(), nl=False)
        return
    path = output or Path(name)
    write_whole(path, content)
    click.echo(f"已写入 {path}（{len(content)} 字节）。", err=True)


def in_form(form: Form, year: int, unit: str | None, *, final: bool) -> dict[str, Any]:
    """The year in a statutory form: of the whole office the final report (a frozen year as it was frozen), of a unit its counted cells."""
    office = open_office(load_settings())
    with office.work.reading() as session:
        if unit is not None:
            if final:
                raise InvalidInput("正式报告只有全单位的。", "unit")
            return {"unit": scoped_unit(session, unit).name, **filled_form(session, year_scope(session, year, unit, now()), office.calendar, form)}
        name = scoped_unit(session, None).name
        report = final_report(session, office.settings, office.taxonomy, office.calendar, year, form.name, now())
    return {"unit": name, **form_document(require_final(report) if final else report)}


def written(data: dict[str, Any], output: Path | None) -> None:
    """JSON on the screen, or whole into a file."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
    else:
        write_whole(output, f"{text}\n".encode())


@command.command("forms", help="列出法定报表：名称、适用年度、格数和依据。\n\n例：huiying report forms")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="格式")
def forms(form: str) -> None:
    """One line for each form."""
    known = load_forms(load_settings().config_dir)
    if form == "json":
        rows = [{"form": f.name, "title": f.title, "basis": f.basis, "from_year": f.from_year, "to_year": f.to_year, "cells": len(f.cells)} for f in known]
        written({"forms": rows}, None)
        return
    for one in known:
        click.echo(f"{one.name}\t{one.from_year}-{one.to_year}\t{len(one.cells)}格\t{one.title}（{one.basis}）")


@command.command(
    "check",
    help="检查一份年报（DOCX、网页、文本，或 report annual --form 的 JSON），把不一致事项以 JSON 输出。退出码：0 没有，1 有，2 文件不能用。\n\n"
    "例：huiying report check 年报.docx --form 5.1",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", metavar="F", help="应当符合的法定报表，见 huiying report forms")
@click.option("--previous", type=click.Path(path_type=Path), help="上一年的报告，用来核对上年结转")
@click.pass_context
def check(context: click.Context, file: Path, form: str | None, previous: Path | None) -> None:
    """Reads the file within bounds and prints what does not fit."""
    found = check_file(file, load_settings().config_dir, form, previous)
    written(as_json(found), None)
    context.exit(1 if found else 0)


@command.command(
    "rollup",
    help="把许多单位的同一张报表（report annual --form 的 JSON）加成一张，写明每个单位的数。退出码：0 没有问题，1 有单位的表内不平，2 没有汇总。\n\n"
    "例：huiying report rollup 甲局.json 乙局.json --output 全县.json",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写入这个文件")
@click.pass_context
def rollup(context: click.Context, files: tuple[Path, ...], output: Path | None) -> None:
    """Adds the forms of many offices into one."""
    made = rolled_up(load_settings().config_dir, files)
    written(made, output)
    context.exit(1 if made["findings"] else 0)
