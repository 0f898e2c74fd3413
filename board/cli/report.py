"""``huiying report``: the yearly figures on the screen or as a file."""

from pathlib import Path

import click

from board.clock import now
from board.office import open_office
from board.reports.annual import annual_report
from board.reports.exporting import FORMATS, exported, file_name, write_whole
from board.reports.scope import checked_year
from board.settings import load_settings

TEXTS = frozenset({"json", "md"})


@click.group("report", help="统计和报告。\n\n例：huiying report annual 2016 --format json")
def command() -> None:
    """Reports."""


@command.command(
    "annual", help="年度报告：数字、文字、留言统计和不一致事项。json、md 输出到屏幕，docx、xlsx 写入文件。\n\n例：huiying report annual 2016 --format docx"
)
@click.argument("year", type=int)
@click.option("--unit", metavar="U", help="只统计这个单位及其下属（代码、全称或简称）")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True, help="格式")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写入这个文件")
def annual(year: int, unit: str | None, form: str, output: Path | None) -> None:
    """Counts the year now and writes it; a file is complete or not there at all."""
    checked_year(year)
    office = open_office(load_settings())
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
