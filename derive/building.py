"""Targets built one after the other, or those of the catalogue on all cores at once.

A proof holds functions and cannot leave its process, so what another process hands back are
texts and the rows of the pages that list everything.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from derive import pipeline
from derive.pipeline import Built, Texts
from derive.publish.index import IndexRow, index_row
from derive.publish.ledger import LedgerEntry, ledger_entry
from derive.publish.module import Source
from derive.readers.asked import Target
from derive.readers.file import catalogue_subject

MANY = 6
"""So many targets are worth the start of further processes."""


@dataclass(frozen=True)
class Finished:
    """One target done: its files, its row of the pages, how many steps were judged, how long.

    `entry` is its part of the ledger: what its claims rest on.
    """

    name: str
    texts: Texts
    row: IndexRow
    steps: int
    seconds: float
    entry: LedgerEntry


def fewer_collections() -> None:
    """Formulas hold no circles, so the collector of garbage looks at them in vain: let it rest."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def finished_from_catalogue(name: str, file: str, command: str) -> Finished:
    """A target of the catalogue, by its name: what another process can be asked for."""
    return _finished(Target(catalogue_subject(name), file, command))


def in_order(targets: Sequence[Target], *, from_catalogue: bool) -> Iterator[Finished]:
    """All targets, in their order; those of the catalogue on all cores where they are many."""
    cores = os.cpu_count() or 1
    if not from_catalogue or len(targets) < MANY or cores < 2:
        for target in targets:
            yield _finished(target)
        return
    # Fresh processes, and not copies of this one: they behave alike on every system.
    with (
        _ended_in_order(),
        ProcessPoolExecutor(
            cores, mp_context=get_context("spawn"), initializer=fewer_collections
        ) as pool,
    ):
        names = [target.subject.name for target in targets]
        files, commands = [t.file for t in targets], [t.command for t in targets]
        yield from pool.map(finished_from_catalogue, names, files, commands)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """A request to end (SIGTERM) raises SystemExit, so that the pool ends its processes too.

    By default it would end this process at once, and the others would wait for work for ever,
    with the semaphores that they share.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def all_files(made: Sequence[Finished], *, whole: bool, front: str) -> Texts:
    """The files of every target and of all together.

    `whole`: they are the catalogue, which has a page that lists it; so has `front`, the README.
    """
    texts = dict(pipeline.support())
    for one in made:
        texts |= one.texts
    if not whole:
        return texts
    texts |= pipeline.ledger([one.entry for one in made])
    return texts | pipeline.index([one.row for one in made], front)


def built(targets: Sequence[Target]) -> tuple[Built, ...]:
    """The targets with all that is known of them, in this process."""
    return tuple(map(_built, targets))


def _built(target: Target) -> Built:
    try:
        return pipeline.build(target.subject, Source(target.file, target.command))
    except Exception as error:
        error.add_note(f"it appeared while deriving {target.subject.name}")
        raise


def _finished(target: Target) -> Finished:
    start = time.perf_counter()
    made = _built(target)
    row = index_row(made.proof, made.verdict, target.file)
    story = not target.file.startswith("derive/problems/")
    entry = ledger_entry(made.proof, made.verdict, story=story)
    seconds = time.perf_counter() - start
    return Finished(target.subject.name, made.texts, row, len(made.verdict.steps), seconds, entry)
