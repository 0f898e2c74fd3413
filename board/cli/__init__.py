"""The command ``huiying``: each command lives in a module of its own and is loaded when it is called."""

import importlib
import sys

import click

from board.cli.usage_words import in_words
from board.errors import HuiyingError

#: name of the command -> module of board.cli that holds it under the same name
COMMANDS = {
    "account": "account", "audit": "audit",
    "deadline": "deadline", "doctor": "doctor", "evaluate": "evaluate", "import": "importing", "hooks": "hooks", "init": "init", "inquiry": "inquiry", "keys": "keys", "lifecycle": "lifecycle",
    "mask": "mask", "match": "match", "recount": "recount", "reindex": "reindex", "report": "year", "routing": "routing", "run": "run",
    "web": "web", "words": "words",
}  # fmt: skip


class LazyGroup(click.Group):
    """A group whose commands are imported on demand, so that ``huiying mask`` does not load a web framework."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"board.cli.{COMMANDS[cmd_name]}")
        found: click.Command = module.command
        return found


@click.command(
    cls=LazyGroup,
    help="回应（huiying）：网民留言的匹配、拟稿、审签、发布与年报。\n\n退出码：0 完成；1 完成但有拒收的行；2 没有执行。\n\n例：huiying run --port 8080",
)
@click.version_option(package_name="huiying", prog_name="huiying")
def group() -> None:
    """The root of all commands."""


def main() -> None:
    """Entry point: an error of the office is one clear line and exit code 2."""
    try:
        code = group.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("已中断。", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        click.echo(in_words(error), err=True)
        sys.exit(2)
    except HuiyingError as error:
        click.echo(f"huiying：{error.message}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
