"""One part of the machine as a process of its own: started in a process group, watched, started again with growing pauses, stopped."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 0.3, 20.0, 30.0  # seconds
ROOT = Path(__file__).resolve().parent.parent
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass
class Part:
    """A command that has to run; ``grace`` is how long it may take to end after ``ending`` was sent."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    grace: float = 2.0
    ending: signal.Signals = signal.SIGTERM
    descriptors: tuple[int, ...] = ()
    before: Callable[[], None] = lambda: None
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    retry_at: float = 0.0
    log: IO[str] = field(default_factory=lambda: sys.stdout)

    def start(self) -> None:
        """Starts the command in a group of its own; its output goes to ours, line by line, with the name in front."""
        self.before()
        self.process = subprocess.Popen(  # noqa: S603  # our own commands
            list(self.command), env=dict(self.environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            encoding="utf-8", errors="replace", start_new_session=True, pass_fds=self.descriptors, preexec_fn=end_with_parent,  # noqa: PLW1509  # prctl only
        )  # fmt: skip
        self.started = time.monotonic()
        threading.Thread(target=forward, args=(self.process.stdout, self.name, self.log), daemon=True).start()

    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> int | None:
        """Restarts a process that has died, after a pause that doubles; returns the exit code at the moment it is noticed."""
        moment = time.monotonic()
        if self.running():
            if moment - self.started > SETTLED:
                self.failures = 0
            return None
        if self.process is not None:
            code = self.process.returncode
            self.end_group(signal.SIGKILL)
            self.process = None
            self.retry_at = moment + min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.failures)
            self.failures += 1
            return int(code)
        if moment >= self.retry_at:
            self.start()
        return None

    def stop(self) -> None:
        """Asks the process to end; does not wait."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.ending)

    def wait(self, deadline: float) -> bool:
        """Waits for the end until ``grace`` is used up or ``deadline`` (monotonic), then kills the group; True when it ended by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.0, min(self.grace, deadline - time.monotonic())))
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
        self.end_group(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        return ended

    def end_group(self, number: signal.Signals) -> None:
        """Signals what is left of the group that this part started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def end_with_parent() -> None:
    """In the child, on Linux: SIGTERM when the supervisor dies, however it dies."""
    if LIBC is not None:
        LIBC.prctl(DIE_WITH_PARENT, int(signal.SIGTERM))


def forward(stream: IO[str] | None, name: str, log: IO[str]) -> None:
    """Copies lines with the part's name in front until the stream ends."""
    if stream is None:
        return
    with contextlib.suppress(ValueError, OSError):
        for line in stream:
            log.write(f"{name:<6} | {line.rstrip()}\n")
            log.flush()


def libc() -> ctypes.CDLL | None:
    """The C library for prctl; None where there is none."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


LIBC = libc()


def python_environment(environment: Mapping[str, str], **more: str) -> dict[str, str]:
    """The environment for a Python child: it finds this program, writes UTF-8, and does not hold back its lines."""
    path = os.pathsep.join(p for p in (str(ROOT), environment.get("PYTHONPATH", "")) if p)
    return {**environment, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **more}
