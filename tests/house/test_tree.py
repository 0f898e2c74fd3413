"""The fences of the house: what lies where, how large it may be, and what may never be written."""

import ast
import re
import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("board", "responder", "worker")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts)
TOP_LEVEL = {"board", "responder", "worker", "tests", "config"}
VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
FORBIDDEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
UNREASONED = re.compile(r"#\s*(?:type:\s*ignore|noqa)(?:\[[^\]]*\]|:\s*[A-Z0-9, ]+)?\s*$")


def tracked() -> list[str]:
    """All files that git would keep; skips outside a work tree."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git work tree")
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return out.stdout.splitlines()


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Every function and method of the product."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def length(node: ast.FunctionDef) -> int:
    """Lines of a function without its decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def name(path: Path) -> str:
    """The path as the tests print it."""
    return str(path.relative_to(ROOT))


def test_top_level() -> None:
    folders = {path.split("/", 1)[0] for path in tracked() if "/" in path}
    assert {folder for folder in folders if not folder.startswith(".")} <= TOP_LEVEL


def test_modules_are_short() -> None:
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {key: count for key, count in lines.items() if count > 300} == {}
    assert statistics.median(count for key, count in lines.items() if not key.endswith("__init__.py")) <= 130


def test_functions_are_short() -> None:
    lengths = [(length(node), f"{name(path)}:{node.name}") for path, node in functions()]
    assert [item for item in lengths if item[0] > 40] == []
    counts = sorted(count for count, _ in lengths)
    assert statistics.median(counts) <= 10
    assert counts[int(0.9 * len(counts))] <= 24


def test_module_names_are_unique() -> None:
    counted = Counter(path.stem for path in MODULES if path.stem not in {"__init__", "__main__"} and not {"cli", "web", "models"} & set(path.parts))
    assert [stem for stem, count in counted.items() if count > 1] == []


def test_no_vague_names() -> None:
    assert [name(path) for path in MODULES if path.stem in VAGUE] == []


def test_every_module_and_public_function_says_what_it_is() -> None:
    silent = [name(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    known = list(functions())
    nested = {id(inner) for _, node in known for inner in ast.walk(node) if isinstance(inner, ast.FunctionDef) and inner is not node}
    silent += [
        f"{name(path)}:{node.name}"
        for path, node in known
        if not node.name.startswith("_") and id(node) not in nested and not ast.get_docstring(node) and not declared(node)
    ]
    assert silent == []


def declared(node: ast.FunctionDef) -> bool:
    """Whether the function is only declared (``...`` in a protocol): the protocol says what it is."""
    return len(node.body) == 1 and isinstance(node.body[0], ast.Expr) and getattr(node.body[0].value, "value", None) is ...


def test_one_place_commits() -> None:
    found = [name(path) for path in MODULES for _ in re.findall(r"\.commit\(", path.read_text(encoding="utf-8"))]
    assert found == ["board/storage/unit_of_work.py"]


@pytest.mark.parametrize("pattern", [FORBIDDEN, UNREASONED], ids=["unfinished", "ignored without a reason"])
def test_nothing_unfinished_or_silenced(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name(path)}:{number}"
        for path in [*MODULES, *(ROOT / "tests").rglob("*.py")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_package_has_a_door_plate() -> None:
    packages = [ROOT / package for package in PACKAGES] + [path.parent for path in (ROOT / "board").glob("*/__init__.py")]
    missing = [name(path) for path in packages if not (path / "README.md").is_file()]
    long = [name(path) for path in packages if path not in missing and (path / "README.md").is_file() and lines_of(path / "README.md") > 15]
    assert (missing, long) == ([], [])


def lines_of(path: Path) -> int:
    """Lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())
