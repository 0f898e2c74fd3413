"""``huiying words``: rebuilds the words by which inquiries are found; normally they are written with each inquiry."""

import click

from board.office import open_office
from board.storage import words


@click.command("words", help="重新编制留言检索（编号、标题、内容、称呼、联系方式）；可随时重复执行，不停机。\n\n例：huiying words")
def command() -> None:
    """Writes the words of all inquiries anew, 500 in one transaction."""
    office = open_office()
    last = done = 0
    while True:
        with office.work.transaction() as session:
            reached, number = words.rebuild(session, last)
        if not number:
            break
        last, done = reached, done + number
    click.echo(f"已重新编制 {done} 件留言的检索。")
