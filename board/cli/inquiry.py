"""``huiying inquiry``: what the desk's pages do, for scripts, through the same functions and rights."""

from pathlib import Path

import click

from board.clock import now
from board.errors import InvalidInput, NotFound
from board.models import Inquiry, InquiryState, Reply
from board.office import Office, open_office
from board.replies import drafting, publishing, review, submitting
from board.staff.accounts import actor_of, find_account
from board.staff.roles import Right, require

MOST_BYTES = 4_000_000
AS = click.option("--as", "login", required=True, metavar="ACCOUNT", help="以哪个账号的权限办理")


@click.group("inquiry", help="办理一条留言（与工作平台的页面相同的规则和权限）。\n\n例：huiying inquiry draft LY202611240001 --as clerk")
def command() -> None:
    """One inquiry, step by step."""


def drafted(office: Office, number: str, login: str) -> None:
    """Makes the system's draft when the worker has not made it yet."""
    with office.work.reading() as session:
        inquiry = review.inquiry_for_staff(session, actor_of(session, find_account(session, login)), number)
        missing = review.current_reply(session, inquiry) is None
    if missing:
        drafting.draft(office.work, office.catalogue, office.labels, office.phrases, office.taxonomy, inquiry.id, now())


@command.command(
    "draft", help="受理并办理留言、提交审签：用系统拟稿，或用 --text 给出的文字。\n\n例：huiying inquiry draft LY202611240001 --as clerk --text reply.txt"
)
@click.argument("number")
@AS
@click.option("--text", "text_file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), help="答复全文的文件（- 为标准输入）")
@click.option("--save-only", is_flag=True, help="只保存，不提交审签")
def draft(number: str, login: str, text_file: Path | None, save_only: bool) -> None:
    """Takes the inquiry, saves the reply, submits it."""
    office = open_office()
    text = written(text_file) if text_file else None
    drafted(office, number, login)
    with office.work.transaction() as session:
        actor = actor_of(session, find_account(session, login))
        inquiry = review.inquiry_for_staff(session, actor, number)
        if inquiry.state != InquiryState.awaiting_approval:
            reply = review.current_reply(session, inquiry)
            if text is not None or save_only:
                reply = review.save_draft(
                    session, actor, inquiry, text if text is not None else text_of(reply), reply.revision if reply else 0, office.settings, now()
                )
            if not save_only:
                submitting.hand_in(session, actor, inquiry, reply.revision if reply else 0, now(), office.settings, office.words, "命令行提交")
    show(office, inquiry)


def written(path: Path) -> str:
    """The text of a reply file, UTF-8 or GB18030; InvalidInput for anything else."""
    with click.open_file(str(path), "rb") as file:
        content = file.read(MOST_BYTES)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise InvalidInput("答复文件应为 UTF-8 或 GB18030 编码的文本。", "text")


def text_of(reply: Reply | None) -> str:
    """The text of the version in force; NotFound when there is none."""
    if reply is None:
        raise NotFound("还没有答复稿，请用 --text 给出文字。")
    return reply.text


@command.command("approve", help="审签：对现在的答复与公开文字的哈希签发。\n\n例：huiying inquiry approve LY202611240001 --as signer")
@click.argument("number")
@AS
def approve(number: str, login: str) -> None:
    """The second person's approval of what stands now."""
    office = open_office()
    with office.work.transaction() as session:
        actor = actor_of(session, find_account(session, login))
        inquiry = review.inquiry_for_staff(session, actor, number)
        shown = review.preview(session, inquiry, office.settings)
        review.approve(session, actor, inquiry, shown.content_hash, office.settings, now())
    click.echo(f"{number} 已审签，哈希 {shown.content_hash}。")


@command.command("publish", help="发布已审签的答复（通常由后台自动完成；重复执行不会重复发布）。\n\n例：huiying inquiry publish LY202611240001 --as signer")
@click.argument("number")
@AS
def publish(number: str, login: str) -> None:
    """Gives out an approved reply now, as the worker would."""
    office = open_office()
    with office.work.transaction() as session:
        actor = actor_of(session, find_account(session, login))
        require(actor, Right.approve)
        inquiry = review.inquiry_for_staff(session, actor, number)
        reply = review.current_reply(session, inquiry)
        outcome = publishing.publish(session, inquiry.id, office.settings, now())
        require_given_out(outcome, inquiry, reply)
    show(office, inquiry)


def require_given_out(outcome: str, inquiry: Inquiry, reply: Reply | None) -> None:
    """NotFound when nothing is published and nothing was before."""
    if outcome == "skipped" and inquiry.answered_at is None:
        raise NotFound("没有已审签的答复可以发布。" if reply else "还没有答复稿。")


@command.command("release", help="公开一条导入的历史留言（遮盖个人信息后）。\n\n例：huiying inquiry release IM-2549 --as manager")
@click.argument("number")
@AS
def release(number: str, login: str) -> None:
    """A manager makes imported history public."""
    office = open_office()
    with office.work.transaction() as session:
        actor = actor_of(session, find_account(session, login))
        publishing.release(session, actor, review.inquiry_for_staff(session, actor, number), now())
    click.echo(f"{number} 已公开。")


@command.command("disclose", help="将已公开的答复列为主动公开。\n\n例：huiying inquiry disclose LY202611240001 --as signer")
@click.argument("number")
@AS
def disclose(number: str, login: str) -> None:
    """Enters a public reply in the register of disclosures."""
    office = open_office()
    with office.work.transaction() as session:
        actor = actor_of(session, find_account(session, login))
        row = publishing.disclose(session, actor, review.inquiry_for_staff(session, actor, number), office.taxonomy, now())
    click.echo(f"{number} 已列为主动公开：《{row.title}》。")


@command.command("show", help="显示一条留言的状态、答复稿和经过。\n\n例：huiying inquiry show LY202611240001 --as clerk")
@click.argument("number")
@AS
def show_command(number: str, login: str) -> None:
    """State, reply and events."""
    office = open_office()
    with office.work.reading() as session:
        inquiry = review.inquiry_for_staff(session, actor_of(session, find_account(session, login)), number)
        show(office, inquiry)
        reply = review.current_reply(session, inquiry)
        for event in inquiry.events:
            click.echo(f"{event.at:%Y-%m-%d %H:%M:%S}Z  {office.labels('action', event.action)}  {event.actor}  {event.reason}")
        click.echo(f"\n{reply.text}" if reply else "")


def show(office: Office, inquiry: Inquiry) -> None:
    """One line: number, state, due date."""
    click.echo(f"{inquiry.number} {office.labels('state', inquiry.state.value)}，期限 {inquiry.due_on or '无'}")
