"""``huiying lifecycle``: the table of moves of an inquiry's life, for people and programs."""

import json

import click


@click.command(
    "lifecycle",
    help="输出留言办理流程的全部状态和步骤：谁可以做、从哪里到哪里、是否要理由、对期限的影响、通知谁。\n\n例：huiying lifecycle --format mermaid",
)
@click.option("--format", "form", type=click.Choice(["json", "mermaid", "markdown"]), default="json", help="输出格式")
def command(form: str) -> None:
    """Prints the TRANSITIONS table; needs no database."""
    from board.inquiries import life_pictures
    from board.settings import load_settings
    from board.wording.labels import load_labels

    labels = load_labels(load_settings().config_dir)
    if form == "json":
        click.echo(json.dumps(life_pictures.table(labels), ensure_ascii=False, indent=2))
    else:
        click.echo(life_pictures.mermaid(labels) if form == "mermaid" else life_pictures.page(labels), nl=False)
