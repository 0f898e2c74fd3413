"""Seeded samples of made-up personal data: valid check digits, and the ways in which people write numbers."""

import random
from collections.abc import Callable, Iterator

from responder.personal_numbers import id_check_digit, luhn

REGIONS = ("110101", "350102", "350521", "440106", "620421", "510104", "810000", "830000")
AROUND = ("", "我的", "请联系", "电话：", "（", "谢谢，", "微信同号", "。", "）请回复", "本人", "是", "\n", "，一共")
SEPARATORS = ("", "", " ", "-", "\u200b", "\ufeff", "·")
WIDE = str.maketrans("0123456789Xx-", "０１２３４５６７８９Ｘｘ－")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def mobile(rng: random.Random) -> str:
    return f"1{rng.choice('3456789')}{digits(rng, 9)}"


def id18(rng: random.Random) -> str:
    first = f"{rng.choice(REGIONS)}{rng.randint(1930, 2015)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{digits(rng, 3)}"
    return first + rng.choice((id_check_digit(first), id_check_digit(first).upper()))


def id18_mistyped(rng: random.Random) -> str:
    number = id18(rng)
    return number[:17] + rng.choice([last for last in "0123456789" if last != number[17]])


def id15(rng: random.Random) -> str:
    return f"{rng.choice(REGIONS)}{rng.randint(30, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{digits(rng, 3)}"


def card(rng: random.Random) -> str:
    first = rng.choice(("6222", "6217", "6228", "4539", "5187")) + digits(rng, rng.choice((11, 14)) if rng.random() < 0.8 else 12)
    return next(first + last for last in "0123456789" if luhn(first + last))


def landline(rng: random.Random) -> str:
    area = rng.choice(("010", "020", "0596", "0591", "0943"))
    local = rng.choice("23456789") + digits(rng, 7 if len(area) == 3 else rng.choice((6, 7)))
    return rng.choice((f"{area}-{local}", f"({area}){local}", f"（{area}）{local}", f"{area}{local}", f"{area} {local}", f"{area}-{local}-{digits(rng, 3)}"))


def plate(rng: random.Random) -> str:
    head = rng.choice("闽京粤沪甘川") + rng.choice("ABCDEFGH") + rng.choice(("", "·", " "))
    tail = rng.choice(
        (
            digits(rng, 5),
            rng.choice("ABCDFG") + digits(rng, 4),
            digits(rng, 3) + rng.choice("QWZ") + digits(rng, 1),
            "D" + digits(rng, 5),
            digits(rng, 4) + "警",
        )
    )
    return head + tail


def email(rng: random.Random) -> str:
    local = rng.choice(("zhang.san", "li_si", "wang-wu8", digits(rng, 9), "x")) + rng.choice(("", "01"))
    return f"{local}{rng.choice('@＠')}{rng.choice(('qq.com', 'example.com', '163.com', 'mail.example.com.cn', 'EXAMPLE.ORG', '例子.中国'))}"


def account(rng: random.Random) -> str:
    return rng.choice(("QQ:", "qq号 ", "QQ号码：", "扣扣")) + rng.choice("123456789") + digits(rng, rng.randint(5, 9))


def wechat(rng: random.Random) -> str:
    name = rng.choice("abcxyz") + "".join(rng.choice("abcdef0123456789_") for _ in range(rng.randint(5, 12)))
    return rng.choice(("微信号：", "微信:", "VX: ", "vx", "微信号 ", "加V信")) + name


def document(rng: random.Random) -> str:
    label, value = rng.choice(
        (
            ("社保卡号:", digits(rng, 12)),
            ("个人编号", digits(rng, 10)),
            ("护照 ", "E" + digits(rng, 8)),
            ("港澳证：", "H" + digits(rng, 8)),
            ("军官证 ", f"南字第{digits(rng, 7)}号"),
        )
    )
    return label + value


def name(rng: random.Random) -> str:
    given = rng.choice(("三", "建国", "小梅", "志强", "丽"))
    return rng.choice(("姓名:", "姓名：", "我叫", "联系人：")) + rng.choice(("张", "李", "王", "陈", "林", "欧阳", "黄")) + given


def house(rng: random.Random) -> str:
    number = rng.choice(
        (f"{rng.randint(1, 300)}号{rng.randint(1, 20)}栋{rng.randint(101, 2804)}室", f"{rng.randint(1, 99)}号", f"{rng.randint(1, 9)}组{rng.randint(1, 99)}号")
    )
    return f"我住某县城关镇{rng.choice(('和平路', '解放街', '幸福村', '新华巷'))}{number}"


KINDS: dict[str, Callable[[random.Random], str]] = {
    "mobile": mobile, "id18": id18, "id18_mistyped": id18_mistyped, "id15": id15, "card": card, "landline": landline, "plate": plate,
    "email": email, "account": account, "wechat": wechat, "document": document, "name": name, "house": house,
}  # fmt: skip
GROUPS = {"mobile": (3, 4, 4), "id18": (6, 8, 4), "id18_mistyped": (6, 8, 4), "card": (4, 4, 4, 4, 4)}
PROVEN = frozenset({"mobile", "id18", "card"})


def spaced(number: str, groups: tuple[int, ...], separator: str) -> str:
    """Write a number in groups with one separator between them."""
    pieces, place = [], 0
    for size in groups:
        pieces.append(number[place : place + size])
        place += size
    return separator.join(piece for piece in pieces if piece)


def written(kind: str, rng: random.Random) -> str:
    """Make one sample of a kind and write it the way people may: separators, width, zero width, prefix."""
    value = KINDS[kind](rng)
    if kind in GROUPS:
        value = spaced(value, GROUPS[kind], rng.choice(SEPARATORS))
    if kind == "mobile":
        value = rng.choice(("", "", "+86", "+86 ", "0086-", "(86)")) + value
    if rng.random() < 0.2:
        value = value.translate(WIDE)
    elif kind == "mobile" and rng.random() < 0.1:
        value = value.translate(CIRCLED)
    return value


def corpus(kind: str, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield (text, what stands in it) pairs with words of either side right next to it."""
    rng = random.Random(f"{kind}{seed}")
    for _ in range(count):
        value = written(kind, rng)
        before = rng.choice(AROUND[:6] + AROUND[9:])
        after = rng.choice((*AROUND[6:9], "", "\n", "，一共两个人", "的"))
        if kind in ("house", "name"):
            after = rng.choice(("", "。", "，谢谢", "\n"))
        yield before + value + after, value
