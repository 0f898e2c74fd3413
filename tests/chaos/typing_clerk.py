"""A clerk who types while the server is killed: the page's script as a thread, and the oracle over what the server said that it has kept."""

import http.cookiejar
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException

from sqlalchemy import select

from board.models import Inquiry, WorkingText
from board.office import Office
from tests.bureau import PASSWORD

PAUSE = 0.08  # far quicker than the page's three seconds, so that many requests meet a kill


class TypingClerk:
    """Types sentence by sentence into one item; ``acknowledged`` are the texts that the server confirmed, ``unanswered`` counts requests that it did not."""

    def __init__(self, address: str, number: str) -> None:
        self.address, self.path = address, f"{address}/desk/inquiries/{number}"
        self.browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.acknowledged: list[str] = []
        self.faults: list[str] = []
        self.unanswered, self.text, self.fields = 0, "", dict[str, str]()
        self.stopped, self.sending = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.type, daemon=True)

    def page(self, address: str, **fields: str) -> str:
        """One page, or the answer to a form."""
        sent = urllib.parse.urlencode(fields).encode() if fields else None
        with self.browser.open(address, sent, timeout=10) as answer:
            return str(answer.read().decode())

    def begin(self) -> None:
        """Signs in, takes the item and opens its page, before anything is killed."""
        self.page(f"{self.address}/sign-in", csrf_token=hidden(self.page(f"{self.address}/sign-in"), "csrf_token"), login="clerk", password=PASSWORD)
        self.page(f"{self.path}/take", csrf_token=hidden(self.page(self.path), "csrf_token"))
        page = self.page(self.path)
        self.fields = {name: hidden(page, name) for name in ("csrf_token", "based_on", "sheet")}
        self.thread.start()

    def type(self) -> None:
        """Types on whether the server answers or not, as the page does; each fifth time the last sentence is written anew."""
        turn = 0
        while not self.stopped.wait(PAUSE):
            turn += 1
            if turn % 5 == 0 and len(self.text) > 20:
                self.text = self.text[:-6]
            self.text += f"这是第{turn}句话。"
            self.send(turn)

    def send(self, turn: int) -> None:
        """One autosave; what the server says that it kept is written down."""
        text = self.text
        self.sending.set()
        try:
            if json.loads(self.page(f"{self.path}/working", **self.fields, text=text, turn=str(turn)))["kept"]:
                self.acknowledged.append(text)
        except urllib.error.HTTPError as error:
            self.unanswered += 1
            if error.code != 503:
                self.faults.append(f"{error.code} {error.read()[:300]!r}")
        except (OSError, ValueError, HTTPException):
            self.unanswered += 1
        finally:
            self.sending.clear()

    def end(self) -> str:
        """Stops typing and sends what is not confirmed yet, as the page would three seconds later; returns the page opened anew."""
        self.stopped.set()
        self.thread.join(20)
        for turn in range(1_000_000, 1_000_100):
            if self.acknowledged[-1:] == [self.text]:
                break
            self.send(turn)
            time.sleep(0.2)
        return self.page(self.path)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def check_kept(office: Office, clerk: TypingClerk, page: str) -> None:
    """The oracle: each text that was confirmed is the beginning of some kept text, the last one is the newest, and the page offers it."""
    with office.work.reading() as session:
        rows = select(WorkingText.text).join(Inquiry).where(Inquiry.number == clerk.path.rpartition("/")[2]).order_by(WorkingText.id)
        kept = session.scalars(rows).all()
    assert clerk.faults == []
    assert len(clerk.acknowledged) > 20
    assert clerk.unanswered > 0, "no kill met an autosave"
    assert [text for text in clerk.acknowledged if not any(row.startswith(text) for row in kept)] == [], "a confirmed text is gone"
    assert kept[-1] == clerk.acknowledged[-1] == clerk.text
    assert "放入编辑框" in page
