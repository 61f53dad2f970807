"""What one problem may cost: limits by counts, and a last net of time and memory.

The counts decide what is done, so they are the same on every machine. The net only ends a build
with an error: it never chooses between two results, so no byte depends on a clock.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from derive.errors import BudgetError

try:
    import resource
except ImportError:  # Windows has neither this module nor the timer below
    resource = None  # type: ignore[assignment]

_TIMED = hasattr(signal, "setitimer") and resource is not None


@dataclass(frozen=True)
class Budget:
    """The limits of one problem.

    Attributes:
        characters: Of a text that is read.
        statements: Lines of a text that are neither empty nor a comment.
        digits: Of a number, also of one that a power of numbers would have.
        position: The largest position x[k] that a formula may name by a number: the judge needs
            arrays at least as long.
        seconds: Of computing, per problem.
        megabytes: Of memory that this problem adds to what the process had before.
    """

    characters: int = 1_000_000
    statements: int = 1_000
    digits: int = 4_000
    position: int = 100
    seconds: float = 45.0
    megabytes: int = 850


BUDGET = Budget()
"""What the command line allows."""

TICK = 0.25
"""Seconds of computing between two looks at time and memory."""

STATUS = Path("/proc/self/statm")
"""Where Linux tells a process how many pages of memory it has, as the second number."""

STAGES = {
    "readers": "reading the text",
    "calculus": "differentiating",
    "certify": "looking for certificates",
    "matrices": "writing in matrix form",
    "stabilise": "looking for forms that lose no digits",
    "programs": "writing the functions",
    "judge": "judging",
    "routes": "following the route of a story",
    "publish": "writing the texts",
}
"""What is done in the rooms of the house, for the place in an error."""


class _Ended(BaseException):
    """The net was reached. Not an Exception: nothing on the way may catch it and go on."""

    def __init__(self, what: str, stage: str) -> None:
        super().__init__(what, stage)
        self.what, self.stage = what, stage


@contextmanager
def net(subject: str, budget: Budget) -> Iterator[None]:
    """End what is done inside with an error in four lines where it is over the budget.

    Time is that of the process's own computing. Only the main thread of a system with interval
    timers has the net; the counts hold everywhere. Formulas too deep for Python's stack end here
    as well.

    Raises:
        BudgetError: Time, memory or depth is used up.
    """
    try:
        with _watched(budget):
            yield
    except _Ended as ended:
        raise BudgetError(
            asked=subject,
            where=ended.stage,
            wrong=f"it was ended after {ended.what}",
            todo="state a smaller problem: sums over an index instead of terms one by one, "
            "vectors instead of many numbers",
        ) from None
    except RecursionError as error:
        raise BudgetError(
            asked=subject,
            where=_stage(_frames(error)),
            wrong="formulas or definitions stand inside each other hundreds deep",
            todo="write a sum over an index, or fewer brackets and functions inside each other",
        ) from None
    except MemoryError:
        raise BudgetError(
            asked=subject,
            where="the memory of this machine",
            wrong="there is not enough of it",
            todo="state a smaller problem",
        ) from None


@contextmanager
def _watched(budget: Budget) -> Iterator[None]:
    main = threading.current_thread() is threading.main_thread()
    if not _TIMED or not main or signal.getsignal(signal.SIGPROF) is not signal.SIG_DFL:
        yield  # no timer here, or the net hangs already
        return
    start, before = time.process_time(), _megabytes()

    def look(_number: int, frame: FrameType | None) -> None:
        if time.process_time() - start > budget.seconds:
            raise _Ended(f"{budget.seconds:g} seconds of computing", _stage(_callers(frame)))
        if _megabytes() - before > budget.megabytes:
            raise _Ended(f"{budget.megabytes} MB of memory", _stage(_callers(frame)))

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _megabytes() -> int:
    """The memory of this process now; where the system does not tell, the largest so far.

    What an earlier problem took, and gave back, is no fault of the next one.
    """
    try:
        pages = int(STATUS.read_bytes().split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # kilobytes on most systems, bytes on macOS
        return peak // (1_000_000 if sys.platform == "darwin" else 1_000)
    return pages * resource.getpagesize() // 1_000_000


def _callers(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back


def _frames(error: BaseException) -> Iterator[str]:
    """The modules on the way to an error, innermost first."""
    names: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        names.append(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    return reversed(names)


def _stage(modules: Iterator[str]) -> str:
    """What was being done: the outermost room."""
    rooms = [name.split(".")[1] for name in modules if name.startswith("derive.")]
    return next((STAGES[room] for room in reversed(rooms) if room in STAGES), "preparing")
