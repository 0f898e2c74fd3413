"""Where a web hook may lead: HTTPS to the open internet, or this machine itself; never into a private network that the settings do not name."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from board.errors import InvalidInput

ADDRESS_MOST = 500
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
NUMERIC = re.compile(r"(0[xX])?[0-9A-Fa-f]+(\.(0[xX])?[0-9A-Fa-f]+)*")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked_address(given: str, networks: Sequence[str]) -> str:
    """The address as it will be called; InvalidInput for another scheme, names or passwords in it, and numbers of machines that may not be called."""
    given = given.strip()
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidInput("网址无法识别。", "address") from error
    if len(given) > ADDRESS_MOST or not given.isascii() or not given.isprintable() or " " in given or "\\" in given:
        raise InvalidInput(f"网址只能用英文字符，最多 {ADDRESS_MOST} 个。", "address")
    if parts.scheme not in ("https", "http") or parts.username or parts.password or parts.fragment:
        raise InvalidInput("请填写 https:// 开头的网址，不带用户名和密码。", "address")
    number = as_number(host)
    if number is None and (not HOST.fullmatch(host) or NUMERIC.fullmatch(host)):
        raise InvalidInput("网址中的主机名无法识别。", "address")
    if number is not None and not may_be_called(parts.scheme, [number], networks):
        raise InvalidInput("不能推送到内部网络的地址；推送到本机以外的地址须用 https。", "address")
    if parts.scheme == "http" and number is None and host.lower() != "localhost":
        raise InvalidInput("推送到本机以外的地址须用 https。", "address")
    return given


def as_number(host: str) -> Address | None:
    """The address that a host writes out; None for a name. Only the plain forms count (no 2130706433, no 0x7f.1)."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def may_be_called(scheme: str, found: Iterable[Address], networks: Sequence[str]) -> bool:
    """Whether every address that a name stands for may be called: all this machine, or (with HTTPS) all open or in a network of the settings."""
    plain = [unwrapped(one) for one in found]
    if not plain:
        return False
    if all(one.is_loopback for one in plain):
        return True
    own = [ipaddress.ip_network(network) for network in networks]
    return scheme == "https" and all((one.is_global and not one.is_multicast) or any(one in network for network in own) for one in plain)


def unwrapped(one: Address) -> Address:
    """The IPv4 address that an IPv6 one carries (mapped, 6to4, NAT64), else itself."""
    if isinstance(one, ipaddress.IPv6Address):
        if one in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
        return one.ipv4_mapped or one.sixtofour or one
    return one
