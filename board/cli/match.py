"""`huiying match`: a file of questions against a file of documents, with the engine and the settings of the running office."""

import os
import sys
from pathlib import Path

import click

_EVERY = 500
_FILE = click.Path(path_type=Path, dir_okay=False)


def _progress(done: int, total: int) -> None:
    """Say now and then on standard error how far the work is."""
    if done % _EVERY == 0 or done == total:
        click.echo(f"已匹配 {done}/{total}", err=True)


@click.command(
    name="match",
    epilog="例：\n\n  huiying match --documents D.jsonl --questions Q.jsonl --output M.jsonl",
    help="为问题文件中的每个问题查找能够答复的文件，给出原文引文和把握程度，每个问题输出一行 JSON。\n\n"
    '文件每行一个 JSON 对象：文件库 {"id", "text"}（正文以标题开头），问题 {"id", "question"}。\n\n退出码：0 完成；2 没有执行。',
)
@click.option("--documents", required=True, type=_FILE, metavar="D.jsonl", help="文件库。")
@click.option("--questions", required=True, type=_FILE, metavar="Q.jsonl", help="问题。")
@click.option("--output", type=_FILE, default=None, metavar="M.jsonl", help="结果文件；不写则输出到标准输出。")
def match(documents: Path, questions: Path, output: Path | None) -> None:
    """Match the files; bad input is one line on standard error and exit code 2."""
    from board.settings import load_settings
    from responder.evaluation import InputError, match_file
    from responder.tuning import SettingsError
    from responder.tuning import load_settings as load_matcher_settings

    try:
        settings = load_matcher_settings(load_settings(os.environ).config_dir)
        match_file(documents, questions, output, settings, _progress)
    except (InputError, SettingsError) as error:
        click.echo(f"huiying：{error}", err=True)
        sys.exit(2)


command = match
