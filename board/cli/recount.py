"""``huiying recount``: rebuilds the counted days from the rows; the same rows always give the same counts."""

import click
from rich.console import Console
from rich.progress import track

from board.clock import now
from board.office import open_office
from board.reports.counting import recount_year, years_to_count
from board.reports.scope import checked_year


@click.command("recount", help="按台账重新统计每一天（先删后建，可随时重复执行）。\n\n例：huiying recount --year 2016")
@click.option("--year", type=int, help="只统计这一年")
def command(year: int | None) -> None:
    """Recounts all years, or one; each year is one transaction."""
    if year is not None:
        checked_year(year)
    office = open_office()
    with office.work.reading() as session:
        years = [year] if year is not None else years_to_count(session)
    cells = 0
    for each in track(years, "重新统计", console=Console(stderr=True), disable=not years):
        with office.work.transaction() as session:
            cells += recount_year(session, each, now())
    click.echo(f"已重新统计 {len(years)} 年，{cells} 项。")
