"""The tables of an annual report as the official form has them: cells that reach over rows and columns, as data in config/report_forms/layout_*.toml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from board.errors import NotConfigured
from board.reports.forms import Form
from board.settings import read_toml

VALUE, LEFT = "=", "<"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell with its place (row and column from 0) and reach; ``path`` names the form's cell of which it shows the value, ``text`` is what stands there."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    path: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: ``widths`` are shares of the line; ``small`` asks for small print; ``title`` may be empty."""

    name: str
    title: str
    widths: Sequence[float]
    small: bool
    height: int
    cells: Sequence[GridCell]

    def lines(self) -> list[list[GridCell]]:
        """The cells row by row, in the order of their columns; a row may be empty where all of it is reached from above."""
        return [sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.column) for row in range(self.height)]


def grids(config_dir: Path, form: Form, values: Mapping[str, Mapping[str, Any]]) -> dict[str, Grid]:
    """The tables of a form filled with the values of its cells, by name; a form without a layout gives one plain table of all its cells."""
    path = config_dir / "report_forms" / f"layout_{form.name.replace('.', '_')}.toml"
    if not path.exists():
        return {"all": plain_grid(form, values)}
    return {table["name"]: laid_out(path, table, values) for table in read_toml(path)["grids"]}


def laid_out(path: Path, table: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]]) -> Grid:
    """One table of a layout file; NotConfigured for an unknown cell, or for rows that do not fill the width exactly."""
    width, taken, cells = len(table["widths"]), set[tuple[int, int]](), []
    for row, entries in enumerate(table["rows"]):
        column = 0
        for entry in entries:
            text, down, across = (entry, 1, 1) if isinstance(entry, str) else entry
            while (row, column) in taken:
                column += 1
            cell = cell_of(path, text, values, (row, column, down, across))
            places = {(row + y, column + x) for y in range(down) for x in range(across)}
            if places & taken or column + across > width:
                raise NotConfigured(f"表格的版式不成立：{path.name} 的 {table['name']} 第 {row + 1} 行。")
            taken |= places
            cells.append(cell)
    if len(taken) != width * len(table["rows"]):
        raise NotConfigured(f"表格的版式有空格或越界：{path.name} 的 {table['name']}。")
    return Grid(table["name"], table.get("title", ""), table["widths"], bool(table.get("small")), len(table["rows"]), cells)


def cell_of(path: Path, text: str, values: Mapping[str, Mapping[str, Any]], place: tuple[int, int, int, int]) -> GridCell:
    """A cell of the layout; a value is looked up by its path."""
    if not text.startswith(VALUE):
        return GridCell(text.removeprefix(LEFT), *place, left=text.startswith(LEFT))
    if text[1:] not in values:
        raise NotConfigured(f"版式中有表里没有的格：{path.name}（{text[1:]}）。")
    return GridCell(shown(values[text[1:]]["value"]), *place, path=text[1:])


def shown(value: Any) -> str:
    """A value as it is printed: decimals only where there are some."""
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def plain_grid(form: Form, values: Mapping[str, Mapping[str, Any]]) -> Grid:
    """项目, 数量: every table of the form under a heading of its own."""
    cells: list[GridCell] = [GridCell("指标名称", 0, 0), GridCell("数量", 0, 1)]
    row, last = 1, ""
    for cell in form.cells:
        head = cell.path.partition(".")[0]
        if head != last:
            cells.append(GridCell(form.titles[head], row, 0, 1, 2, left=True))
            row, last = row + 1, head
        cells += [GridCell(f"　{cell.label}", row, 0, left=True), GridCell(shown(values[cell.path]["value"]), row, 1, path=cell.path)]
        row += 1
    return Grid("all", form.title, (12, 3), small=True, height=row, cells=cells)
