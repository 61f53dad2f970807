"""How a run ends early: in order, so that nothing half done stays behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

REQUESTS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a process to end: `kill`, and a terminal that is closed. Not all systems have both."""


@contextmanager
def ended_in_order() -> Iterator[None]:
    """A request to end raises SystemExit, so that other processes and unfinished files go too.

    By default it would end this process at once; the others would wait for work for ever, and
    what was written beside the old files would stay. What is ignored, as under nohup, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    ours = [number for number in REQUESTS if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
