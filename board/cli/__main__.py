"""``python -m board.cli`` is the command ``huiying``."""

from board.cli import main

main()
