"""`huiying evaluate`: how good the matcher is, and learning it anew; a version that is worse is refused."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from board.clock import local, now
from board.errors import InvalidInput, NotConfigured
from board.office import Office, load_matcher_settings, open_office
from board.publications.building import documents as published_documents
from board.publications.versions import chosen, record, use_version, version_before, version_in_force, versions
from board.replies.approvals import approved_pairs, approved_replies
from board.reports.measured import keep_run
from board.sample.regression import regression_outcomes
from responder.calibration_plot import calibration_svg
from responder.evaluation import InputError, build, read_rows
from responder.matching import Matcher, MatcherSettings
from responder.measures import Outcome, bare, calibration, figures, judge

CONSOLE = "console:evaluate"
FILE = click.Path(path_type=Path, dir_okay=False)
#: Figures that a new version may not lower, and that are shown first.
GUARDED = ("recall@1", "answer_bearing@1", "auroc")
SECONDS = 1_000.0


@click.command(
    "evaluate",
    help="匹配质量：召回、有据、引文、AUROC、校准、95%精度下的覆盖率、用时。不给文件时用随产品附带的回归问题集。\n\n"
    "--learn 重新学习：有文件用文件，没有则用本机关已发布的答复；默认只给出新旧数字，--apply 才采用；比在用版本差的不采用（退出码 1）。\n\n"
    "例：huiying evaluate\n\n例：huiying evaluate --documents D.jsonl --questions Q.jsonl --plot 校准.svg\n\n例：huiying evaluate --learn --apply",
)
@click.option("--documents", type=FILE, help='文件库，每行 {"id", "text"}')
@click.option("--questions", type=FILE, multiple=True, help='问题，每行 {"id", "question", "document" 或 null, "answer"}，可给多个')
@click.option("--plot", type=FILE, help="校准图（SVG）写到这里")
@click.option("--learn", "learning", is_flag=True, help="重新学习权重，给出新旧数字")
@click.option("--apply", "applied", is_flag=True, help="与 --learn 同用：不变差则采用")
@click.option("--versions", "listed", is_flag=True, help="列出采用过的各版本")
@click.option("--use", "number", type=click.IntRange(0), help="改用某一版；0 为随产品附带的权重")
@click.option("--rollback", is_flag=True, help="退回上一个在用的版本")
def command(documents: Path | None, questions: tuple[Path, ...], plot: Path | None, number: int | None, *, learning: bool, applied: bool, listed: bool, rollback: bool) -> int:
    """One of: measure, learn, list, change the version; 0 done, 1 refused."""
    if bool(documents) != bool(questions):
        raise InvalidInput("--documents 和 --questions 要一起给出。")
    if applied and not learning:
        raise InvalidInput("--apply 要和 --learn 一起给出：没有重新学习，就没有可采用的新版本。")
    if sum((learning, listed, number is not None, rollback)) > 1:
        raise InvalidInput("--learn、--versions、--use、--rollback 一次只能给出一个。")
    if plot and (learning or listed or number is not None or rollback):
        raise InvalidInput("--plot 只用于测量，不能和 --learn、--versions、--use、--rollback 一起给出。")
    if plot:
        writable(plot)
    office = open_office()
    try:
        if listed:
            return show_versions(office)
        if number is not None or rollback:
            return change_version(office, number)
        settings = settings_in_force(office)
        if learning:
            return learn_anew(office, settings, documents, questions, applied=applied)
        return measure(office, settings, documents, questions, plot)
    except InputError as error:
        raise InvalidInput(str(error)) from error
    finally:
        office.engine.dispose()


def writable(plot: Path) -> None:
    """Refuses a path that cannot be written before the long measurement begins; leaves nothing behind."""
    new = not plot.exists()
    try:
        plot.open("a", encoding="utf-8").close()
    except OSError as error:
        raise InvalidInput(f"--plot {plot}：无法写入（{reason_of(error)}）。") from error
    if new:
        plot.unlink()


def reason_of(error: OSError) -> str:
    """Why a file cannot be written."""
    known = {FileNotFoundError: "没有这个目录", IsADirectoryError: "这是一个目录", PermissionError: "没有权限", NotADirectoryError: "路径中有一段不是目录"}
    return known.get(type(error), error.strerror or "未知原因")


def settings_in_force(office: Office) -> MatcherSettings:
    """The matcher's settings with the weights of the version in force."""
    settings = load_matcher_settings(office.settings)
    with office.work.reading() as session:
        found = chosen(session, version_in_force(session))
    return replace(settings, weights=found.weights or settings.weights)


def measure(office: Office, settings: MatcherSettings, documents: Path | None, questions: Sequence[Path], plot: Path | None) -> int:
    """Prints figures, calibration and time; writes the plot; keeps the run for the page of the drafts' quality."""
    begun = time.perf_counter()
    outcomes = outcomes_of_files(settings, documents, questions) if documents else regression_outcomes(settings)
    spent = (time.perf_counter() - begun) * SECONDS / len(outcomes)
    quoted = any(one.quoted for one in outcomes)  # the regression set names documents, no answers
    found = {name: value for name, value in figures(outcomes).items() if quoted or not name.startswith("evidence")}
    for name, value in found.items():
        click.echo(f"{name:18} {f'{value:.4f}'.removesuffix('.0000'):>7}  {office.labels('measure', name)}")
    if not quoted:
        for name in ("evidence@1", "evidence@3"):
            click.echo(f"{name:18} {'—':>6}  {office.labels('measure', name)}（附带的问题集没有标出答案原文，请用 --documents 和 --questions 给出）")
    click.echo(f"{'ms':18} {spent:7.1f}  每个问题平均用时（毫秒）\n\n把握（平均）  答对的比例  问题数")
    bins = calibration(np.array([one.confidence for one in outcomes]), np.array([one.bearing for one in outcomes], dtype=bool))
    for part in bins:
        click.echo(f"{part.confidence:10.2f} {part.right:12.2f} {part.count:9}")
    with office.work.transaction() as session:
        source = "、".join(path.name for path in questions) or "随产品附带的回归问题集"
        keep_run(session, found, bins, spent, source, version_in_force(session), CONSOLE, now())
    if plot is not None:
        try:
            plot.write_text(calibration_svg(bins, f"校准：{len(outcomes)} 个问题"), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{plot}：无法写入（{reason_of(error)}）") from error
        click.echo(f"\n校准图：{plot}")
    return 0


def outcomes_of_files(settings: MatcherSettings, documents: Path, questions: Sequence[Path]) -> list[Outcome]:
    """What the settings make of labelled files."""
    asked = [row for path in questions for row in read_rows(path, ("id", "question", "answer"))]
    texts = {row["id"]: bare(row["text"]) for row in read_rows(documents, ("id", "text"))}
    matcher: Matcher = build(documents, settings)
    return [judge(matcher.match(row["question"]), [row["document"]] if row.get("document") else [], row["answer"], texts) for row in asked]


def learn_anew(office: Office, settings: MatcherSettings, documents: Path | None, questions: Sequence[Path], *, applied: bool) -> int:
    """Learns, shows the new figures beside the old, and takes the new version into force when it is asked for and not worse."""
    try:
        from responder import learning
    except ImportError as error:
        raise NotConfigured("重新学习需要 scikit-learn：请安装附加组件 learn（pip install 'huiying[learn]'）。") from error
    given = learning.lesson_of_files(documents, questions, settings) if documents else learning.lesson(*office_lesson(office), settings)
    fresh = learning.learn(given.rows, given.varied)
    pairs = {
        "已标注的问题（新版本为交叉验证）": (learning.figures_of(given, settings.weights), learning.cross_figures(given)),
        "回归问题集": (figures(regression_outcomes(settings)), figures(regression_outcomes(replace(settings, weights=fresh)))),
    }
    worse = [said for title, pair in pairs.items() for said in shown(title, *pair, float(office.settings.section("learning")["worse_by"]))]
    if worse:
        click.echo(f"新版本不采用：{'；'.join(worse)}")
        return 1
    if not applied:
        click.echo("这是试算，没有改动；加上 --apply 采用。")
        return 0
    source = "、".join(path.name for path in questions) or "本机关已发布的答复"
    with office.work.transaction() as session:
        row = record(session, learning.as_toml(fresh), pairs["回归问题集"][1], source, CONSOLE, now())
        click.echo(f"已采用第 {row.version} 版，各进程在下一次匹配时生效。")
    return 0


def office_lesson(office: Office) -> tuple[list[Any], list[dict[str, Any]]]:
    """The office's own documents, and what its published replies say about them; InvalidInput while there are too few."""
    least = int(office.settings.section("learning")["approvals_least"])
    with office.work.reading() as session:
        found = approved_replies(session)
        if found < least:
            raise InvalidInput(f"已发布的答复只有 {found} 件，满 {least} 件后才能从中学习；也可以用 --documents 和 --questions 给出已标注的问题。")
        return list(published_documents(session)), approved_pairs(session)


def shown(title: str, old: Mapping[str, float], new: Mapping[str, float], worse_by: float) -> list[str]:
    """Prints old and new figures side by side; returns which guarded ones became worse."""
    click.echo(f"{title}\n{'':18} {'在用':>6} {'新':>8}")
    for name in old:
        click.echo(f"{name:18} {old[name]:8.4f} {new[name]:8.4f}")
    click.echo()
    return [f"{title} {name} 由 {old[name]:.3f} 降为 {new[name]:.3f}" for name in GUARDED if new[name] < old[name] - worse_by]


def show_versions(office: Office) -> int:
    """Lists the choices, newest first."""
    with office.work.reading() as session:
        rows = [(row.id, row.version, local(row.made_at), row.learned_from, dict(row.figures)) for row in versions(session)]
    for place, (key, version, at, learned_from, found) in enumerate(rows):
        said = f"学自{learned_from}，" + "，".join(f"{name} {found[name]:.3f}" for name in GUARDED if name in found) if key == version else "改用"
        click.echo(f"第 {version} 版\t{at:%Y-%m-%d %H:%M}\t{said}{'' if place else chr(9) + '在用'}")
    if not rows:
        click.echo("没有学习过，使用随产品附带的权重。")
    return 0


def change_version(office: Office, number: int | None) -> int:
    """Takes an earlier version into force: the given one, or the one before."""
    with office.work.transaction() as session:
        row = use_version(session, version_before(session) if number is None else number, CONSOLE, now())
        click.echo(f"现在使用第 {row.version} 版。" if row.version else "现在使用随产品附带的权重。")
    return 0
