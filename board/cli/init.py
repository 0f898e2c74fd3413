"""``huiying init``: opens the office, migrates its database, makes the first unit, and loads the sample when asked to."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from board.clock import now
from board.models import Unit
from board.office import Office, open_office
from board.reports.exporting import write_whole
from board.sample import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD
from board.sample.loading import Loaded, has_sample, load_sample
from board.settings import Settings
from board.staff.units import ROOT_CODE

#: What the sample's office is called, so that every page says 样例; an office's own file is never touched.
SAMPLE_CONFIG = """# 由 huiying init --sample 写入：样例机构的名称和号码（均为虚构）。正式使用时请改为本机关的。
[office]
name = "云溪县人力资源和社会保障局（样例）"
short_name = "本局"
place = "云溪县"
site_name = "云溪县人社局网民留言与政策问答（样例）"
sponsor = "云溪县人力资源和社会保障局（样例）"
phone = "0900-5550100"
index_prefix = "11620900MB000001X"
"""


@click.command("init", help="建立或升级数据库；加 --sample 装入样例机构。可重复执行，不提问。\n\n例：huiying init --sample")
@click.option("--sample", is_flag=True, help="装入样例机构（只能装入空的数据库）")
def command(sample: bool) -> None:
    """Makes the database ready; says what was done."""
    office = open_office()
    with office.work.transaction() as session:
        root = make_root(session, office.settings)
        loaded = load_once(session, office) if sample else None
        name = root.name
    click.echo(f"数据库已就绪：{office.engine.url.render_as_string(hide_password=True)}（{name}）。")
    if loaded is not None:
        write_sample_config(office.settings)
        click.echo(f"已装入样例：单位 {loaded.units} 个，文件 {loaded.documents} 件，2016年留言 {loaded.history} 件，近日留言 {loaded.live} 件。")
    if sample:
        click.echo(f"样例账号：{'、'.join(SAMPLE_ACCOUNTS)}，密码：{SAMPLE_PASSWORD}（只能在本机登录）。")


def write_sample_config(settings: Settings) -> None:
    """Gives the sample's office its name unless the home directory has a configuration of its own."""
    path = settings.home / "config.toml"
    if not path.exists():
        write_whole(path, SAMPLE_CONFIG.encode())


def make_root(session: Session, settings: Settings) -> Unit:
    """The office's own unit, made from the settings when there is none yet."""
    root = session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))
    if root is None:
        root = Unit(code=ROOT_CODE, name=settings.office_name, short_name=str(settings.section("office")["short_name"]))
        session.add(root)
        session.flush()
    return root


def load_once(session: Session, office: Office) -> Loaded | None:
    """Loads the sample; None when it is there already."""
    return None if has_sample(session) else load_sample(session, office, now())
