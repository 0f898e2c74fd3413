"""``huiying routing``: learning which unit answers, measuring it, going back to an earlier version."""

import json
from pathlib import Path
from typing import Any

import click

from board.clock import local, now
from board.errors import InvalidInput
from board.office import open_office
from board.replies import learning_routes as room
from board.settings import load_settings
from responder.router import Example, material
from responder.router_scores import RoutingScore, cross_validated

CONSOLE = "console:routing"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("routing", help="分办：从已答复的留言学习由哪个单位承办。\n\n例：huiying routing learn")
def command() -> None:
    """Learning, measuring, versions."""


@command.command("learn", help="从本机关已答复的留言重新学习，成为新版本；不如关键词规则的不采用。\n\n例：huiying routing learn")
@click.option("--dry-run", is_flag=True, help="只学习并给出数字，不保存")
def learn(*, dry_run: bool) -> None:
    """Reads, learns outside of any transaction's wait, stores."""
    office = open_office()
    with office.work.reading() as session:
        lesson = room.gather_lesson(session, office.settings, office.taxonomy)
    if reason := room.too_few(lesson, office.settings):
        raise InvalidInput(reason)
    if dry_run:
        show(cross_validated(lesson.by_unit, lesson.known(lesson.unit_words), room.rules_of(office.settings)))
        click.echo(f"关键词规则的宏平均F1：{room.rules_score(lesson, office.taxonomy):.3f}")
        return
    version = room.learned(lesson, office.settings, office.taxonomy, CONSOLE, now())
    with office.work.transaction() as session:
        room.store(session, version)
        click.echo(f"第 {version.id} 版：宏平均F1 {version.macro_f1:.3f}（规则 {version.rules_f1:.3f}），{version.refused or '已采用'}")


@command.command("evaluate", help="用一份带类别的留言文件（JSONL）做交叉验证。\n\n例：huiying routing evaluate labelled.jsonl --taxonomy categories.jsonl")
@click.argument("labelled", type=FILE)
@click.option("--taxonomy", type=FILE, help="类别的用词：每行一个对象，含类别一列，其余各列为用词")
@click.option("--others", type=FILE, help="不带类别的其他留言，用来判断哪些词少见")
@click.option("--title", default="留言主题", show_default=True, help="标题列")
@click.option("--text", default="留言详情", show_default=True, help="正文列")
@click.option("--label", default="一级分类", show_default=True, help="类别列")
@click.option("--folds", default=5, show_default=True, type=click.IntRange(2, 20), help="几折")
def evaluate(labelled: Path, taxonomy: Path | None, others: Path | None, title: str, text: str, label: str, folds: int) -> None:
    """Cross-validates on a file; every message is routed by a model that has not seen it."""
    from dataclasses import replace

    examples = [Example(str(row.get(title, "")), str(row[text]), str(row[label])) for row in rows(labelled, text, label)]
    labels = {example.label for example in examples}
    words: dict[str, list[str]] = {}
    for row in rows(taxonomy, label) if taxonomy else ():
        if row[label] in labels:
            words.setdefault(row[label], []).append(" ".join(str(value) for name, value in row.items() if name != label))
    rest = [(str(row.get(title, "")), str(row[text])) for row in rows(others, text)] if others else []
    show(cross_validated(examples, material(words, rest), replace(room.rules_of(load_settings()), folds=folds)))


def rows(path: Path, *needed: str) -> list[dict[str, Any]]:
    """The objects of a JSONL file; InvalidInput naming the line that is none or lacks a column."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            row = json.loads(line) if line.strip() else None
        except ValueError as error:
            raise InvalidInput(f"{path.name} 第 {number} 行不是 JSON。") from error
        if row is not None and (not isinstance(row, dict) or any(name not in row for name in needed)):
            raise InvalidInput(f"{path.name} 第 {number} 行缺少{'、'.join(needed)}。")
        found += [row] if row else []
    if not found:
        raise InvalidInput(f"{path.name} 中没有内容。")
    return found


def show(score: RoutingScore) -> None:
    """The figures, then a line for each label."""
    click.echo(f"留言 {score.messages} 件，类别 {len(score.labels)} 个")
    click.echo(f"宏平均F1 {score.macro_f1:.3f}，正确 {score.right:.3f}")
    click.echo(f"把握不足 {score.not_sure:.3f}；有把握的：宏平均F1 {score.sure_f1:.3f}，正确 {score.sure_right:.3f}")
    click.echo("类别\t件数\t分到\t准确率\t召回率\tF1")
    for one in score.labels:
        click.echo(f"{one.label}\t{one.messages}\t{one.chosen}\t{one.precision:.3f}\t{one.recall:.3f}\t{one.f1:.3f}")


@command.command("versions", help="列出学习得到的各版本。\n\n例：huiying routing versions")
def versions() -> None:
    """Newest first."""
    office = open_office()
    with office.work.reading() as session:
        found = room.versions(session)
        for one in found:
            state = "在用" if one.in_use else one.refused or "未用"
            click.echo(
                f"第 {one.id} 版\t{local(one.made_at):%Y-%m-%d %H:%M}\t留言 {one.messages} 件\t单位 {one.units} 个\t"
                f"宏平均F1 {one.macro_f1:.3f}（规则 {one.rules_f1:.3f}）\t把握不足 {one.not_sure:.3f}\t{state}"
            )
    if not found:
        click.echo("还没有学习过，按关键词规则分办。")


@command.command("use", help="改用某一版；0 为只用关键词规则。\n\n例：huiying routing use 3")
@click.argument("number", type=click.IntRange(0))
def use(number: int) -> None:
    """Takes a version into use."""
    office = open_office()
    with office.work.transaction() as session:
        room.use_version(session, number, CONSOLE, now())
    click.echo(f"现在使用第 {number} 版。" if number else "现在只用关键词规则。")
