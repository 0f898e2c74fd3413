"""What is wrong with a command line, in one Chinese line: click says it in English and in three."""

import re

import click

ENGLISH = (
    (r"No such command '(.*)'\.", "没有命令 {0}"),
    (r"Got unexpected extra arguments? \((.*)\)", "多出了 {0}"),
    (r"Missing command\.", "请给出命令"),
    (r"Option '(.*)' requires an argument\.", "{0} 后面要写值"),
    (r"Option '(.*)' requires (\d+) arguments\.", "{0} 后面要写 {1} 个值"),
    (r"Option '(.*)' does not take a value\.", "{0} 后面不写值"),
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def in_words(error: click.ClickException) -> str:
    """One line that says which part of the command line is wrong, why, and where to read on."""
    said = reason(error).strip().rstrip("。")
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "huiying"
    return f"huiying：{said}。用法：{re.sub('^(__main__|python -m board.cli|main|group)(?= |$)', 'huiying', path)} --help"


def reason(error: click.ClickException) -> str:
    """Why, without the way to the help."""
    match error:
        case click.NoSuchOption():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            return f"缺少 {name_of(error.param)}{wanted(error.param)}"
        case click.BadParameter():
            return f"{name_of(error.param)}：{error.message if CHINESE.search(error.message) else '给出的值无效' + wanted(error.param)}"
        case click.FileError():
            return f"{error.ui_filename}：无法打开"
    return translated(error.message)


def translated(message: str) -> str:
    """The Chinese for one of click's sentences; a sentence that is Chinese already stays, any other says only that something is wrong."""
    for pattern, words in ENGLISH:
        if found := re.fullmatch(pattern, message):
            return words.format(*found.groups())
    return message if CHINESE.search(message) else "命令行有误"


def name_of(param: click.Parameter | None) -> str:
    """The option or argument as it is typed."""
    if param is None:
        return "命令行"
    return param.opts[-1] if isinstance(param, click.Option) else (param.metavar or (param.name or "").upper())


def wanted(param: click.Parameter | None) -> str:
    """What may stand there, as far as its type says it."""
    kind = param.type if param is not None else None
    match kind:
        case click.IntRange() | click.FloatRange():
            low, high = (f"不小于 {kind.min}" if kind.min is not None else ""), (f"不大于 {kind.max}" if kind.max is not None else "")
            return f"，应为{'整数' if isinstance(kind, click.IntRange) else '数字'}{'，' if low or high else ''}{'、'.join(part for part in (low, high) if part)}"
        case click.Choice():
            return f"，应为 {'、'.join(str(one) for one in kind.choices)} 之一"
        case click.Path() | click.File():
            return "，应为已有并可读的文件" if getattr(kind, "exists", True) and getattr(kind, "file_okay", True) else "，应为可用的路径"
        case click.DateTime():
            return "，应为日期，如 2026-01-31"
        case _ if kind in (click.INT, click.FLOAT):
            return "，应为数字"
        case _:
            return ""
