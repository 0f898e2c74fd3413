"""``huiying reindex``: builds the search index anew from the database; it is never the only copy of anything."""

import sys
import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from board.errors import Unavailable
from board.office import load_matcher_settings, open_office
from board.publications.building import build, published
from responder.shelf import Shelf


@click.command(
    name="reindex",
    help="按数据库重建检索索引（数据目录下的 index/）。运行中的网页和后台任务几秒内自动改用新索引，不必停机；随时可重复执行。\n\n"
    "退出码：0 完成；1 另一进程正在写索引，没有重建；2 没有执行。\n\n例：huiying reindex",
)
def command() -> int:
    """Builds an archive beside the one in use and puts it in its place when it is complete."""
    office = open_office()
    settings, shelf, started = load_matcher_settings(office.settings), Shelf(office.settings.index_directory), time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with shelf.writing(wait=False) as mine:
            if not mine:
                click.echo("另一进程正在写索引，请稍后再试。", err=True)
                return 1
            with office.work.reading() as session, Progress(*columns, console=Console(stderr=True)) as progress:
                bar = progress.add_task("重建索引", total=published(session))
                counts: list[int] = []
                shelf.publish(lambda aside: counts.append(build(session, settings, aside, lambda _: progress.advance(bar))))
    except OSError as error:
        raise Unavailable(f"索引目录无法写入：{shelf.directory}（{error.strerror}）。") from error
    finally:
        office.engine.dispose()
    sys.stdout.write(f"索引已重建：{counts[0]} 个文件，用时 {time.monotonic() - started:.1f} 秒。\n")
    return 0
