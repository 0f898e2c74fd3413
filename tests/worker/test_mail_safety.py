"""Signing in at the mail server and encryption: a server that cannot be trusted gets nothing, one whose authority is named gets the mail."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from board.models import Mail, MailState, OutboxRow
from board.office import Office
from tests.bureau import Bureau
from tests.mail_server import Box, assigned, at_work, box, later, rounds, served, with_mail
from worker.policy import OfficeTask

__all__ = ["at_work", "box"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is asked here is the dialogue with the mail server."""
    return sqlite_url


def openssl(*arguments: str, cwd: Path) -> None:
    """Runs Debian's openssl."""
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True, timeout=30)


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A directory with an authority (ca.pem) and a server's certificate for 127.0.0.1 that it signed (server.pem, server.key)."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test Authority", cwd=tmp_path)
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1", cwd=tmp_path)
    (tmp_path / "names").write_text("subjectAltName=IP:127.0.0.1\n", encoding="ascii")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.pem", cwd=tmp_path)
    return tmp_path


@pytest.mark.filterwarnings("ignore:.*TLSv1:DeprecationWarning")
def test_an_unknown_certificate_is_refused_in_words_and_a_known_authority_is_taken(bureau: Bureau, at_work: Office, certificates: Path) -> None:
    assigned(bureau)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    handler = Box()
    server = served(handler, tls_context=context, require_starttls=True)
    try:
        outcomes, minute = [], 1.0
        plain = {"tls": "none"}
        unknown, named = {"tls": "starttls"}, {"tls": "starttls", "ca_file": str(certificates / "ca.pem")}
        for chosen, error in ((plain, "530"), (unknown, "证书不受信任"), (named | {"host": "localhost"}, "证书不受信任")):
            OfficeTask.opened = with_mail(bureau.office, handler.port, **chosen)
            outcomes += rounds(OfficeTask.opened, later(minute))
            with at_work.work.reading() as session:
                assert error in session.scalars(select(OutboxRow.error).where(OutboxRow.task == "send_mail")).one()
            minute += 15
        assert (outcomes, handler.taken) == (["put off"] * 3, [])
        OfficeTask.opened = with_mail(bureau.office, handler.port, **named)
        assert rounds(OfficeTask.opened, later(minute)) == ["sent"]
    finally:
        server.stop(no_assert=True)
    assert len(handler.taken) == 1
    with at_work.work.reading() as session:
        assert session.scalars(select(Mail.state)).all() == [MailState.sent]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_server_can_ask_for_a_name_and_password(bureau: Bureau, at_work: Office, make_smtp: Callable[..., int]) -> None:
    assigned(bureau)
    OfficeTask.opened = with_mail(bureau.office, make_smtp(), user="huiying", password="wrong")
    assert rounds(OfficeTask.opened, later(1)) == ["put off"]
    OfficeTask.opened = with_mail(bureau.office, make_smtp(), user="huiying", password="right")
    assert rounds(OfficeTask.opened, later(3)) == ["sent"]


@pytest.fixture
def make_smtp() -> Iterator[Callable[..., int]]:
    """A mail server that wants huiying/right; returns its port."""
    from aiosmtpd.smtp import AuthResult

    servers: list[Controller] = []

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"huiying", b"right"))

    def make() -> int:
        handler = Box()
        servers.append(served(handler, authenticator=check, auth_required=True, auth_require_tls=False, auth_exclude_mechanism=["LOGIN"]))
        return handler.port

    yield make
    for server in servers:
        server.stop(no_assert=True)
