"""``huiying import``: an office's own disclosures and its message board's history."""

import getpass
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from board.clock import now
from board.errors import InvalidInput, Refused
from board.inquiries.events import note
from board.inquiries.history_rows import HistoryRules
from board.inquiries.importing_history import history_taker
from board.intake.columns import Columns, load_columns
from board.intake.reading import Line, read_lines
from board.intake.rejects import RejectsFile
from board.intake.runs import Take, begin_run, carry_out, new_body
from board.intake.sniffing import Format, Source, sniff
from board.models import ImportRun, Origin, Unit
from board.office import Office, open_office
from board.publications.importing import disclosures_taker, page_line
from board.publications.incoming import Rules
from board.publications.pages import is_page
from board.staff.accounts import actor_of, find_account
from board.staff.roles import Actor, Right, require
from board.staff.units import find_unit, root_unit
from board.wording.labels import Labels

NAMES_SHOWN = 3
COLUMNS_TOLD = 200

FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
COMMON = (
    click.option("--unit", "unit_name", metavar="UNIT", help="归属单位（代码、全称或简称；没有的单位会新建），默认本机关"),
    click.option("--source", default="import", show_default=True, metavar="NAME", help="来源名称；来源和编号一起辨认同一条记录"),
    click.option("--as", "login", metavar="ACCOUNT", help="以哪个管理者账号的名义导入，默认记为控制台用户"),
    click.option("--rejects", "rejects_path", type=click.Path(dir_okay=False, path_type=Path), help="拒收文件，默认在 HUIYING_HOME/imports/ 下"),
    click.option("--column", "meant", multiple=True, metavar="列名=字段", help="说明认不出的列是什么，可以多次；字段名见 config/import_headings.toml"),
    click.option("--reimport", is_flag=True, help="从第一行读起，不接着上次中断的地方"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line, the same for both kinds."""

    kind: str
    files: Sequence[Path]
    unit_name: str | None
    source: str
    login: str | None
    rejects_path: Path | None
    reimport: bool
    meant: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that can be read, with its run."""

    source: Source
    run: ImportRun


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that both commands have."""
    for option in reversed(COMMON):
        function = option(function)
    return FILES(function)


@click.group("import", help="导入真实数据（JSONL、CSV、XLSX、保存的网页）。可以重复运行，中断后接着导。\n\n例：huiying import disclosures 政府信息.xlsx")
def command() -> None:
    """The two kinds of import."""


@command.command(
    "disclosures", help="导入政府信息。\n\n例：huiying import disclosures 政府信息.xlsx --unit 社保局\n\n退出码：0 完成；1 有拒收的行；2 没有执行。"
)
@common
@click.option("--origin", type=click.Choice([origin.value for origin in Origin]), help="全部记为：own 本机关制作，reposted 转载，reference 参考依据")
def disclosures(origin: str | None, **given: Any) -> int:
    """Imports disclosures; returns the exit code."""

    def taker(office: Office, columns: Columns, unit: Unit, request: Request, _actor: Actor) -> Take:
        rules = Rules(request.source, unit.id, Origin(origin) if origin else None, columns.origins, office.labels)
        return disclosures_taker(rules, now())

    return bring_in(request_of("disclosures", given), taker)


@command.command(
    "inquiries",
    help="导入网民留言及答复（作为历史，不再拟稿；默认不公开）。\n\n例：huiying import inquiries 留言.csv --released --as manager\n\n退出码：0 完成；1 有拒收的行；2 没有执行。",
)
@common
@click.option("--released", is_flag=True, help="导入的历史答复（隐去个人信息后）公开；举报除外")
def inquiries(released: bool, **given: Any) -> int:
    """Imports history; returns the exit code."""

    def taker(office: Office, columns: Columns, unit: Unit, request: Request, actor: Actor) -> Take:
        settings = office.settings
        numbers = frozenset([*settings.section("privacy")["office_numbers"], *([unit.phone] if unit.phone else [])])
        rules = HistoryRules(
            request.source, unit.id, released, office.labels, columns.kinds, office.calendar, settings.section("deadlines"), numbers
        )  # fmt: skip
        return history_taker(rules, actor.name, now())

    return bring_in(request_of("inquiries", given), taker)


def request_of(kind: str, given: dict[str, Any]) -> Request:
    """The request; InvalidInput for a source whose name cannot stand before a number."""
    request = Request(kind=kind, **given)
    name = request.source
    if not (0 < len(name) <= 40 and name[0].isalpha() and name.replace("_", "").replace(".", "").isalnum()) or name.upper() in {"IM", "LY"}:
        raise InvalidInput("来源名称以字母或汉字开头，只含文字、数字、点、下划线，最长 40 个字，不能是 IM 或 LY。", "source")
    return request


def bring_in(request: Request, taker: Callable[[Office, Columns, Unit, Request, Actor], Take]) -> int:
    """Opens the office for one import and closes its connections; 1 when rows were rejected, else 0."""
    office = open_office()
    try:
        return 1 if files_in(office, request, taker) else 0
    finally:
        office.engine.dispose()


def files_in(office: Office, request: Request, taker: Callable[[Office, Columns, Unit, Request, Actor], Take]) -> int:
    """Checks everything first, then imports file by file; returns how many rows were rejected."""
    columns = understood(load_columns(office.settings.config_dir, request.kind), request.meant)
    actor = importer(office, request.login)
    sources = [checked(path, request.kind, columns) for path in request.files]
    with office.work.transaction() as session:
        unit = unit_of(session, request)
        runs = [begin_run(session, request.kind, source, request.source, unit.id, actor.name, now(), anew=request.reimport) for source in sources]
    take = taker(office, columns, unit, request, actor)
    kept = {str(source.path): run.lines_done for source, run in zip(sources, runs, strict=True)}
    rejected, begun = 0, set[Path]()
    for planned in map(Planned, sources, runs):
        path = request.rejects_path or office.settings.home / "imports" / f"{planned.source.path.name}.rejects.jsonl"
        rejects = RejectsFile(path, str(planned.source.path), None if path in begun else kept)
        begun.add(path)
        rejected += one_file(office, columns, planned, take, rejects)
    return rejected


def understood(columns: Columns, said: Sequence[str]) -> Columns:
    """The accepted headings and those of --column; InvalidInput for a field that there is not."""
    pairs = [one.rpartition("=") for one in said]
    wrong = next((one for one, (heading, _, name) in zip(said, pairs, strict=True) if not heading.strip() or name.strip() not in columns.accepted), None)
    if wrong is not None:
        raise InvalidInput(f"--column 应写作 列名=字段，字段为{'、'.join(columns.accepted)}之一：{wrong[:80]}", "column")
    return columns.understood({heading: name.strip() for heading, _, name in pairs})


def importer(office: Office, login: str | None) -> Actor:
    """Who imports: a manager's account, or whoever sits at the console of the server."""
    if login is None:
        return Actor(f"console:{getpass.getuser()}"[:80])
    with office.work.reading() as session:
        actor = actor_of(session, find_account(session, login))
    require(actor, Right.import_data)
    return actor


def checked(path: Path, kind: str, columns: Columns) -> Source:
    """A file that is readable, of a known format, with known headings; Refused otherwise, before anything is written."""
    source = sniff(path, is_page if kind == "disclosures" else lambda _text: False)
    if source.format == Format.page:
        if kind != "disclosures":
            raise Refused(f"网页不能作为留言导入：{path}。")
        return source
    next(read_lines(source, columns), None)
    return source


def unit_of(session: Session, request: Request) -> Unit:
    """The unit whose records these are; an unknown name becomes a new body of the office."""
    root = root_unit(session)
    if request.unit_name is None:
        return root
    unit = find_unit(session, request.unit_name)
    if unit is None:
        unit = new_body(session, root, request.unit_name)
        click.echo(f"没有名为“{request.unit_name}”的单位，已新建（代码 {unit.code}）。", err=True)
    return unit


def one_file(office: Office, columns: Columns, planned: Planned, take: Take, rejects: RejectsFile) -> int:
    """Imports one file, shows how far it is, records the end; returns how many rows were rejected in all."""
    source, run = planned.source, planned.run
    if run.lines_done:
        click.echo(f"{source.path.name}：接着上次中断的地方，从第 {run.lines_done + 1} 行起。", err=True)
    with progress(source, run.lines_done) as advance:
        findings = carry_out(office.work.transaction, run, lines_of(source, columns), take, rejects, advance)
    with office.work.transaction() as session:
        done = session.get_one(ImportRun, run.id)
        done.finished_at = now()
        note(session, "import", done.actor, done.finished_at, data={
            "kind": done.kind, "file": done.file_name, "hash": done.file_hash, "source": done.source, "run": done.id,
            "added": done.added, "changed": done.changed, "unchanged": done.unchanged, "rejected": done.rejected,
        }, chain="document")  # fmt: skip
    click.echo(f"{source.path.name}：新增 {done.added}，更新 {done.changed}，未变 {done.unchanged}，拒收 {done.rejected}。")
    if done.rejected:
        click.echo(f"拒收的行及原因：{rejects.path}")
    tell_findings(findings, office.labels)
    return done.rejected


def lines_of(source: Source, columns: Columns) -> Iterator[Line]:
    """The rows of a file; a saved page is one row. Columns that are not used are named once, those of a table before its first row is imported."""
    if source.format == Format.page:
        yield page_line(source.path.read_text(encoding=source.encoding, errors="replace"))
        return
    told = set[str]()
    for line in read_lines(source, columns):
        unused = [] if line.error else [name for name in dict.fromkeys([*columns.unused(map(str, line.raw)), *columns.left(line.raw)]) if name not in told]
        if unused and len(told) < COLUMNS_TOLD:
            click.echo(f"{source.path.name}：没有用到的列：{'、'.join(unused)[:300]}（可用 --column 列名=字段 说明，或加入 config/import_headings.toml）", err=True)
        told.update(unused)
        yield line


def tell_findings(findings: Sequence[tuple[str, str]], labels: Labels) -> None:
    """Odd rows that were kept, by what is odd about them."""
    for code, count in Counter(code for code, _ in findings).most_common():
        titles = [title for other, title in findings if other == code][:NAMES_SHOWN]
        click.echo(
            f"注意：{labels('finding', code)}（{count} 条，已保留）：{'；'.join(f'《{title}》' for title in titles)}{'…' if count > NAMES_SHOWN else ''}"
        )


class progress:  # noqa: N801  # reads as a context: with progress(...) as advance
    """A progress bar on standard error, only when that is a terminal; gives the function that moves it to a line."""

    def __init__(self, source: Source, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} 行"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        total = source.lines if source.format != Format.xlsx else None
        self.task = self.bar.add_task(source.path.name, total=total, completed=done)

    def __enter__(self) -> Callable[[int], None]:
        self.bar.start()
        return lambda line: self.bar.update(self.task, completed=line)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()
