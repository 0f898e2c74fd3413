"""What a form sent: values kept for showing again, errors by field, and the two quiet checks against machines."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import request, url_for

from board.clock import now
from board.errors import InvalidInput
from board.inquiries.attachments import Prepared
from board.inquiries.holding import both, held_for
from board.inquiries.posting import Post, bounded, known_kind, new_nonce
from board.web.current import the_office

TRAP = "homepage"
LEAST_SECONDS = 2
PAGE_MOST = 10_000
CHOICES = {"yes": True, "no": False}
NAMES = (("text", "留言内容"), ("title", "标题"), ("nickname", "称呼"), ("contact", "联系方式"), ("place", "地点"))


@dataclass(slots=True)
class Filled:
    """A form as it stands: typed ``values`` and what is wrong with them by field ("" is the form as a whole)."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    nonce: str = ""
    opened: str = ""

    def value(self, name: str) -> str:
        """What was typed; "" for nothing. Of a field sent twice the first counts."""
        return self.values.get(name, "")


def fresh(text: str = "", kind: str = "", asked: str = "") -> Filled:
    """An empty form for posting with a nonce of its own; ``asked`` names the answer that led here."""
    nonce = new_nonce()
    return Filled({"text": text, "kind": kind, "a": asked}, {}, nonce, stamp(nonce))


def filled() -> Filled:
    """The form for posting as it was sent; a missing nonce is replaced."""
    values = {name: typed(name) for name in ("text", "title", "kind", "nickname", "contact", "publish", "place", "unit", "a", TRAP)}
    nonce = request.form.get("nonce", "")
    return Filled(values, {}, nonce if re.fullmatch(r"[A-Za-z0-9_-]{8,100}", nonce) else new_nonce(), request.form.get("opened", ""))


def renewed(form: Filled) -> Filled:
    """The same form with a nonce of its own, to be sent as another inquiry."""
    nonce = new_nonce()
    return Filled(form.values, form.errors, nonce, stamp(nonce))


def stamp(nonce: str) -> str:
    """When the form was opened, signed, so that it cannot be made up."""
    seconds = str(int(now().timestamp()))
    return f"{seconds}.{signature(nonce, seconds)}"


def signature(nonce: str, seconds: str) -> str:
    """Binds the time to the form."""
    return hmac.new(the_office().key, f"form opened\0{nonce}\0{seconds}".encode(), hashlib.sha256).hexdigest()[:32]


def held_reason(form: Filled) -> str:
    """Why a person should look at the post first; "" for an ordinary one. Nothing is ever dropped for it."""
    if form.value(TRAP):
        return "隐藏栏被填写，疑似程序自动提交"
    seconds, _, given = form.opened.partition(".")
    if not seconds.isdigit() or not hmac.compare_digest(given.encode(), signature(form.nonce, seconds).encode()):
        return "表单时间标识无效，疑似程序自动提交"
    if now().timestamp() - int(seconds[:12]) < LEAST_SECONDS:
        return "打开页面后立即提交，疑似程序自动提交"
    return ""


def post_of(form: Filled, attachments: tuple[Prepared, ...] = ()) -> Post:
    """The form as the room takes it."""
    suspected = both(held_reason(form), held_for(the_office().words, form.value("title"), form.value("text"), form.value("nickname")))
    return Post(
        text=form.value("text"), publish=CHOICES.get(form.value("publish")), title=form.value("title"), kind=form.value("kind"),
        nickname=form.value("nickname"), contact=form.value("contact"), nonce=form.nonce, held_reason=suspected,
        place=form.value("place"), unit=form.value("unit"), attachments=attachments,
    )  # fmt: skip


def typed(name: str) -> str:
    """A field as it was sent, without NUL signs, which no database takes."""
    return request.form.get(name, "").replace("\0", "")


def sent_file(name: str) -> tuple[bytes, str]:
    """Bytes and name of a file that was sent; nothing for none. The request's bound on its body holds for it."""
    sent = request.files.get(name)
    if sent is None:
        return b"", ""
    with sent.stream:
        return sent.read(), sent.filename or ""


def check(form: Filled) -> None:
    """Notes every field that is wrong, so that all can be put right at once; the room checks again."""
    office = the_office()
    for name, label in NAMES:
        try:
            clean = bounded(office.settings, form.value(name), name, label)
        except InvalidInput as error:
            form.errors[name] = error.message
        else:
            if "\ufffd" in form.value(name):
                form.errors[name] = f"{label}中有无法识别的文字，请重新输入。"
            elif name == "text" and not clean:
                form.errors[name] = "请写下您想问的事情。"
    try:
        known_kind(office.labels, form.value("kind"))
    except InvalidInput as error:
        form.errors["kind"] = error.message
    if form.value("publish") not in CHOICES:
        form.errors["publish"] = "请选择是否同意公开。"


def page_number() -> int:
    """The page that the address asks for; anything odd is the first."""
    given = request.args.get("page", "1")
    return min(max(int(given), 1), PAGE_MOST) if re.fullmatch(r"[0-9]{1,9}", given) else 1


def page_address(page: int) -> str:
    """The address of another page of the list on this page."""
    kept = [(name, value) for name, value in request.args.items() if name != "page" and value]
    query = urlencode([*kept, ("page", page)] if page > 1 else kept)
    base = url_for(request.endpoint or "public.home", **(request.view_args or {}))
    return f"{base}?{query}" if query else base
