"""Drawing numbers from a named series: one statement on both databases, so that two who draw at once never get the same."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from board.models import NumberSeries


def draw(session: Session, name: str) -> int:
    """The next number of the series, from 1; the series is locked until the transaction ends, and a rollback gives the number back."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(NumberSeries).values(name=name, value=1)
    drawn = statement.on_conflict_do_update(index_elements=["name"], set_={"value": NumberSeries.value + 1}).returning(NumberSeries.value)
    return session.scalars(drawn).one()
