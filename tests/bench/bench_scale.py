"""Speed, memory and quality side by side at growing sizes: ours, RapidFuzz over all texts, BM25 on words, SQLite's full text index.

    python -m tests.bench.bench_scale --shared DIR [--sizes 600 10000 100000 1000000] [--results FILE]

Ours is measured in a process that has answered 400 other questions. 600 are the 599 real documents (with quality, on 200 answerable and 200 unanswerable questions); larger sizes are made of
their sentences. Every method and size is a process of its own; the others have a minute of processor time and 6 GB for
building and asking, else "not run". Times are wall clock; "p95 cpu" is the processor time of the same questions, which other work on the machine
disturbs less. "worst" is the slowest of the messages of tests/responder/hostile_messages.py.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from responder.archive import Archive
from responder.archive_writing import write_archive
from responder.corpus import document_from_plain
from responder.evaluation import read_rows
from responder.matching import Matcher, load_settings
from tests.bench.bench_match import Answer, Method, measure
from tests.bench.made_up import SEED, made_up
from tests.bench.plain_methods import METHODS
from tests.responder.hostile_messages import MESSAGES

ROOT = Path(__file__).resolve().parents[2]
REAL, OURS = 600, "ours"
ASKED, FEWEST = 200, 10
# Processor time and memory that another method may use, and how long it is waited for on a busy machine.
MINUTE, MEMORY, WALL = 60, 6 << 30, 300
HEADING = "## Scale"
PANELS = {
    "build s": ("building the index", "seconds"), "median ms": ("one question, median", "milliseconds (wall clock)"),
    "p95 cpu ms": ("one question, p95", "milliseconds (processor)"), "memory MB": ("memory of the asking process", "MB"),
}  # fmt: skip
COLUMNS = ("documents", "method", "build s", "cold s", "median ms", "p95 ms", "p95 cpu ms", "worst ms", "memory MB", "recall@1", "bearing@1", "evidence@1", "AUROC")


def documents(shared: Path, size: int) -> Any:
    """The real documents, or as many made-up ones."""
    if size == REAL:
        return [document_from_plain(row["id"], row["text"]) for row in read_rows(shared / "data" / "policy_documents.jsonl", ("id", "text"))]
    return made_up(shared, size)


def questions(shared: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """200 answerable and 200 unanswerable questions, the same every time, and as many others to warm up with."""
    rng, data = random.Random(SEED), shared / "data"
    halves = [read_rows(data / name, ("id", "question", "answer")) for name in ("policy_questions.jsonl", "policy_questions_unanswerable.jsonl")]
    picked = [rng.sample(half, 2 * ASKED) for half in halves]
    asked = [row for half in picked for row in half[:ASKED]]
    rng.shuffle(asked)
    return asked, [row["question"] for half in picked for row in half[ASKED:]]


def memory(field: str) -> float:
    """Megabytes of this process: VmRSS now, VmHWM at most."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def timed(method: Method, asked: list[dict[str, Any]], until: float) -> dict[str, float]:
    """Median and p95 over different questions, as many as there is time for."""
    wall, cpu = [], []
    for row in asked:
        begun, spent = time.perf_counter(), time.thread_time()
        method(row["question"])
        wall.append(1_000 * (time.perf_counter() - begun))
        cpu.append(1_000 * (time.thread_time() - spent))
        if time.process_time() > until:
            break
    if len(wall) < FEWEST:
        raise TimeoutError
    place = int(0.95 * len(wall))
    return {"median ms": sorted(wall)[len(wall) // 2], "p95 ms": sorted(wall)[place], "p95 cpu ms": sorted(cpu)[place]}


def build_ours(shared: Path, size: int, directory: Path) -> dict[str, float]:
    """Write the archive."""
    search, begun = load_settings(ROOT / "config").search, time.perf_counter()
    write_archive(directory, documents(shared, size), {}, search.k1, search.b)
    return {"build s": time.perf_counter() - begun, "build memory MB": memory("VmHWM")}


def ask_ours(shared: Path, size: int, directory: Path) -> dict[str, float]:
    """Start over the archive, answer for the first time, then all questions and the hostile messages."""
    (asked, others), settings = questions(shared), load_settings(ROOT / "config")
    begun = time.perf_counter()
    matcher = Matcher(settings, Archive(directory))
    matcher.match(asked[0]["question"])
    found = {"cold s": time.perf_counter() - begun}
    for question in others:
        matcher.match(question)
    found |= timed(lambda question: answer_of(matcher, question), asked, float("inf"))
    worst = []
    for message in MESSAGES.values():
        begun = time.thread_time()
        matcher.match(message)
        worst.append(1_000 * (time.thread_time() - begun))
    found |= {"worst ms": max(worst), "memory MB": memory("VmHWM")}
    return found | (quality(lambda question: answer_of(matcher, question), asked, shared) if size == REAL else {})


def answer_of(matcher: Matcher, question: str) -> Answer:
    """What the matcher says first."""
    match = matcher.match(question)
    first = match.candidates[0] if match.candidates else None
    return Answer(first.document_id if first else "", first.evidence[0].quote if first and first.evidence else "", match.confidence)


def quality(method: Method, asked: list[dict[str, Any]], shared: Path) -> dict[str, float]:
    """recall@1, answer-bearing@1, evidence@1 and AUROC on the real documents."""
    texts = {document.id: document.text for document in documents(shared, REAL)}
    recall, bearing, evidence, known, _ = measure(method, asked, texts)
    return {"recall@1": recall, "bearing@1": bearing, "evidence@1": evidence, "AUROC": known}


def other(name: str, shared: Path, size: int) -> dict[str, float]:
    """Another method in this process: built, asked, and measured on the real documents."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    until = time.process_time() + MINUTE
    texts: dict[str, str] = {document.id: document.text for document in documents(shared, size)}
    (asked, _), begun = questions(shared), time.perf_counter()
    method = METHODS[name](texts)
    found = {"build s": time.perf_counter() - begun} | timed(method, asked, until) | {"memory MB": memory("VmHWM")}
    return found | (quality(method, asked, shared) if size == REAL else {})


def in_process(*arguments: str, seconds: float | None = None) -> dict[str, float] | None:
    """Run one part in a process of its own; None when it ran out of time or memory."""
    command = [sys.executable, "-m", "tests.bench.bench_scale", *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        sys.stderr.write(f"{' '.join(arguments[:3])}: {last[0][:200]}\n")
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_size(shared: Path, size: int, given_up: set[str]) -> list[dict[str, Any]]:
    """All methods at one size; who was not run at a smaller size is not tried again."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        common = ("--shared", str(shared), "--directory", folder)
        built = in_process("--part", "build", str(size), *common) or {}
        rows.append({"documents": size, "method": OURS} | built | (in_process("--part", "ask", str(size), *common) or {}))
    for name in METHODS:
        found = None if name in given_up else in_process("--part", name, str(size), *common, seconds=WALL)
        given_up |= set() if found else {name}
        rows.append({"documents": size, "method": name} | (found or {}))
        sys.stderr.write(f"{size} {name}: {'done' if found else 'not run'}\n")
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        ran = "median ms" in row
        values = [shown(name, row[name]) if name in row else ("" if ran else "not run" if name == "build s" else "") for name in COLUMNS]
        lines.append("| " + " | ".join(values) + " |")
    return "\n".join(lines)


def shown(name: str, value: Any) -> str:
    """One value with sensible digits."""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:.3f}" if "@" in name or name == "AUROC" else f"{value:,.0f}" if name == "memory MB" else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Build time, median, p95 and memory over the number of documents; the methods are named once, below, with those that were not run."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FuncFormatter, NullFormatter

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.size": 9, "font.family": "sans-serif"}):
        figure, axes = plt.subplots(2, 2, figsize=(9, 6.8), layout="constrained")
        for axis, (name, (title, measure)) in zip(axes.flat, PANELS.items(), strict=True):
            for method in dict.fromkeys(row["method"] for row in rows):
                points = [(row["documents"], row[name]) for row in rows if row["method"] == method and name in row]
                label = method if points else f"{method} (not run)"
                axis.plot(*zip(*points, strict=True) if points else ([], []), marker="o", markersize=4, linewidth=2.5 if method == OURS else 1.2, label=label)
            axis.set(xscale="log", yscale="log", title=title, xlabel="documents", ylabel=measure, xticks=sorted({row["documents"] for row in rows}))
            axis.grid(visible=True, which="both", alpha=0.25)
            for line in (axis.xaxis, axis.yaxis):
                line.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
                line.set_minor_formatter(NullFormatter())
            axis.minorticks_off()
            low, high = axis.get_ylim()
            axis.set_yticks([step * 10**power for power in range(-2, 5) for step in (1, 2, 5) if low <= step * 10**power <= high])
        figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


def section(rows: list[dict[str, Any]], loads: str) -> str:
    """The section of the results."""
    length = "larger ones are made of sentences of real documents, 260 characters on the average"
    build = "; ".join(f"{row['documents']:,}: {row['build memory MB']:,.0f}" for row in rows if "build memory MB" in row)
    return (
        f"{HEADING}\n\n600 are the real documents; {length}. Load average of the machine (two cores) during the run: {loads}.\n\n{table(rows)}\n\n"
        f"Memory of building ours, MB: {build}. Memory is the most that the asking process ever had; the files of the index are read, not mapped. "
        "The worst message is processor time. Plot: [scale.svg](scale.svg).\n"
    )


def write_section(path: Path, text: str) -> None:
    """Put the section in its place, or at the end; the other sections stay."""
    before, _, rest = (path.read_text(encoding="utf-8") if path.exists() else "").partition(f"\n{HEADING}\n")
    after = re.split(r"\n(?=## )", rest, maxsplit=1)[1:]
    path.write_text("\n\n".join(part.strip("\n") for part in (before, text, *after) if part.strip()) + "\n", encoding="utf-8")


def main() -> None:
    """Run everything, or one part for the process that asked for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("HUIYING_SHARED") or ROOT.parent / "shared"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[600, 10_000, 100_000])
    parser.add_argument("--results", type=Path, help="the file whose section is replaced; the plot goes beside it")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--directory", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        what, size = given.part[0], int(given.part[1])
        parts: dict[str, Callable[[], dict[str, float]]] = {
            "build": lambda: build_ours(given.shared, size, given.directory),
            "ask": lambda: ask_ours(given.shared, size, given.directory),
        }
        print(json.dumps(parts.get(what, lambda: other(what, given.shared, size))()))
        return
    rows: list[dict[str, Any]] = []
    loads, given_up = [], set[str]()
    for size in given.sizes:
        loads.append(f"{os.getloadavg()[0]:.1f}")
        rows += run_size(given.shared, size, given_up)
    loads.append(f"{os.getloadavg()[0]:.1f}")
    text = section(rows, ", ".join(loads))
    print(text)
    if given.results:
        write_section(given.results, text)
        plot(rows, given.results.with_name("scale.svg"))


if __name__ == "__main__":
    main()
