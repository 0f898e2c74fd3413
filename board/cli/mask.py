"""`huiying mask`: personal data out of a stream of lines."""

import sys

import click


@click.command(
    name="mask",
    help="遮盖个人信息：从标准输入逐行读，逐行写到标准输出，行数不变；输入输出一律为 UTF-8。",
    epilog="例：echo '电话13800138000' | huiying mask    输出：电话138****8000",
)
@click.option("--allow", "allowed", multiple=True, metavar="号码", help="本单位自己的电话、邮箱等，原样保留；可以重复给出。")
def mask(allowed: tuple[str, ...]) -> None:
    """Mask each line as it comes; what spans two lines cannot be seen line by line. Bytes that are no UTF-8 become U+FFFD."""
    from responder.privacy import mask as mask_text

    own = frozenset(allowed)
    output = sys.stdout.buffer
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace")
        text = line.rstrip("\r\n")
        output.write((mask_text(text, own) + line[len(text) :]).encode("utf-8", errors="replace"))
        output.flush()


command = mask
