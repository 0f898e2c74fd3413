"""`huiying mask`: personal data out of a stream of lines."""

import sys

import click


@click.command(
    name="mask",
    epilog="Example:\n\n  echo '电话13800138000' | huiying mask\n\n  电话138****8000",
    help="Mask personal data in lines of text: standard input to standard output, UTF-8, one line for one line.",
)
@click.option("--allow", "allowed", multiple=True, metavar="NUMBER", help="A number or address of the office itself, left as it is; may be repeated.")
def mask(allowed: tuple[str, ...]) -> None:
    """Mask each line as it comes; what spans two lines cannot be seen line by line. Bytes that are no UTF-8 become U+FFFD."""
    from responder.privacy import mask as mask_text

    own = frozenset(allowed)
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace")
        text = line.rstrip("\r\n")
        sys.stdout.buffer.write((mask_text(text, own) + line[len(text) :]).encode("utf-8", errors="replace"))
        sys.stdout.buffer.flush()


command = mask
