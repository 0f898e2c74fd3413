"""Views of the queue that somebody keeps under a name; what is kept is the query of an address, so a view can be shared as a link."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from board.errors import InvalidInput, NotFound
from board.models import SavedView
from board.replies.choosing import Choice
from board.staff.roles import Actor, Right, require
from responder.repair import clean_input

VIEWS_MOST = 20
NAME_MOST = 30


def saved_views(session: Session, actor: Actor) -> Sequence[SavedView]:
    """The person's own views in the order in which they were saved."""
    return session.scalars(select(SavedView).where(SavedView.account_id == actor.account_id).order_by(SavedView.id)).all()


def save_view(session: Session, actor: Actor, name: str, choice: Choice, at: datetime) -> SavedView:
    """Keeps a view; InvalidInput (field "name") for a name that is empty, over-long or taken, and when there are twenty already."""
    require(actor, Right.read_inquiry)
    clean = clean_input(name[: 10 * NAME_MOST]).replace("\n", " ")
    if not clean or len(clean) > NAME_MOST:
        raise InvalidInput(f"请填写视图名称，最多 {NAME_MOST} 个字。", "name")
    if (session.scalar(select(func.count()).where(SavedView.account_id == actor.account_id)) or 0) >= VIEWS_MOST:
        raise InvalidInput(f"最多保存 {VIEWS_MOST} 个视图，请先删除不用的。", "name")
    view = SavedView(account_id=actor.account_id, name=clean, query=urlencode(choice.parts()), created_at=at)
    try:
        with session.begin_nested():
            session.add(view)
    except IntegrityError as error:
        raise InvalidInput(f"已有名为“{clean}”的视图，请换一个名称。", "name") from error
    return view


def remove_view(session: Session, actor: Actor, view_id: int) -> None:
    """Forgets one of the person's own views; NotFound for any other."""
    known = view_id if 0 < view_id < 2**31 else 0
    found = session.execute(delete(SavedView).where(SavedView.id == known, SavedView.account_id == actor.account_id).returning(SavedView.id)).first()
    if found is None:
        raise NotFound("没有这个视图。")
