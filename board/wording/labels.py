"""Chinese labels of stored names, from config/labels.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from board.settings import read_toml


@dataclass(frozen=True, slots=True)
class Labels:
    """``labels("state", "received")`` gives 待审核; an unknown name is shown as it is."""

    tables: Mapping[str, Mapping[str, str]]

    def __call__(self, table: str, name: str | None) -> str:
        """The label of a name in a table."""
        return self.tables.get(table, {}).get(name or "", name or "")

    def named(self, table: str, label: str) -> str | None:
        """The name behind a label (or behind the name itself); None when there is none."""
        known = self.tables.get(table, {})
        return label if label in known else next((name for name, text in known.items() if text == label), None)


def load_labels(config_dir: Path) -> Labels:
    """Reads config/labels.toml."""
    return Labels(read_toml(config_dir / "labels.toml"))
