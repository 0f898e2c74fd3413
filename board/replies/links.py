"""Addresses in a reply: pages of this site, and foreign ones judged by their form alone (nothing is called)."""

import re
from ipaddress import ip_address
from unicodedata import normalize
from urllib.parse import urlsplit

INTERNAL = re.compile(r"(?<![\w/.:：])/(?P<kind>documents|inquiries)/(?P<key>[0-9A-Za-z-]{1,60})")
ADDRESS = re.compile(
    r"(?:https?|ｈｔｔｐｓ?|ftp|javascript|data)\s*[:：]\s*[^\s，。；、）】》”\"'<>]{1,300}|(?<![\w@.])www\.[^\s，。；、）】》”\"'<>]{1,300}", re.IGNORECASE
)
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


def wrong_address(given: str) -> str:
    """Why an address cannot be right or should not stand in a reply; "" when it may."""
    plain = normalize("NFKC", given).replace(" ", "")
    if not plain.lower().startswith(("http://", "https://")):
        return "网址不完整，应以 https:// 开头" if plain.lower().startswith("www.") else "不是网页地址，不能写入答复"
    try:
        parts = urlsplit(plain)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "网址写法有误"
    reasons = (
        (plain != given, "网址中有全角字符或空格"),
        (bool(parts.username or parts.password), "网址中有用户名，可能是仿冒"),
        (not host.isascii() or "xn--" in host, "网址中混用文字，可能是仿冒"),
        (local(host) or port not in (None, 80, 443), "网址指向内部地址或非常用端口，公众打不开"),
        (HOST.fullmatch(host) is None, "网址写法有误"),
    )
    return next((words for wrong, words in reasons if wrong), "")


def local(host: str) -> bool:
    """Whether the host can only be reached from inside."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".localhost", ".internal", ".lan"))
