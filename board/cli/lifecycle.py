"""``huiying lifecycle``: the table of moves of an inquiry's life, for people and programs."""

import json

import click


@click.command(
    "lifecycle",
    help="输出留言（或依申请公开）办理流程的全部状态和步骤：谁可以做、从哪里到哪里、是否要理由、对期限的影响、通知谁。"
    "\n\n例：huiying lifecycle --format mermaid",
)
@click.option("--format", "form", type=click.Choice(["json", "mermaid", "markdown"]), default="json", help="输出格式")
@click.option("--of", "which", type=click.Choice(["inquiries", "applications"]), default="inquiries", help="留言，或依申请公开")
def command(form: str, which: str) -> None:
    """Prints a TRANSITIONS table; needs no database."""
    from board.applications.life import PICTURED
    from board.inquiries import life_pictures
    from board.settings import load_settings
    from board.wording.labels import load_labels

    life = PICTURED if which == "applications" else life_pictures.INQUIRIES
    labels = load_labels(load_settings().config_dir)
    if form == "json":
        click.echo(json.dumps(life_pictures.table(labels, life), ensure_ascii=False, indent=2))
    else:
        click.echo(life_pictures.mermaid(labels, life) if form == "mermaid" else life_pictures.page(labels, life), nl=False)
