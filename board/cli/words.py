"""``huiying words``: rebuilds the words by which inquiries, answers and documents are found; normally they are written with each row."""

import click

from board.office import Office, open_office
from board.storage import words


@click.command("words", help="重新编制检索（留言、公开的答复、公开信息）；可随时重复执行，不停机。\n\n例：huiying words")
def command() -> None:
    """Writes all words anew, 500 rows in one transaction."""
    office = open_office()
    inquiries, answers, documents = (rebuild(office, index) for index in words.ALL)
    click.echo(f"已重新编制检索：留言 {inquiries} 件，答复 {answers} 件，公开信息 {documents} 条。")


def rebuild(office: Office, index: words.WordIndex) -> int:
    """One kind of rows; how many they were."""
    last = done = 0
    while True:
        with office.work.transaction() as session:
            last, number = index.rebuild(session, last)
        if not number:
            return done
        done += number
