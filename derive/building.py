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
from concurrent.futures import InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context, parent_process

from derive import pipeline
from derive.budget import BUDGET, net
from derive.ending import ended_in_order
from derive.errors import DeriveError
from derive.notation.extent import require_extent
from derive.notation.story import Story
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

    `entry` is its part of the ledger, what its claims rest on; None without the exact judge.
    """

    name: str
    texts: Texts
    row: IndexRow
    steps: int
    seconds: float
    entry: LedgerEntry | None


def fewer_collections() -> None:
    """Formulas hold no circles, so the collector of garbage looks at them in vain: let it rest."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def finished_from_catalogue(
    name: str, file: str, command: str, exact: bool = False
) -> Finished:  # the pool hands over positions
    """A target of the catalogue, by its name: what another process can be asked for."""
    return _finished(Target(catalogue_subject(name), file, command, exact))


def in_order(targets: Sequence[Target], *, from_catalogue: bool) -> Iterator[Finished]:
    """All targets, in their order; those of the catalogue on all cores where they are many."""
    cores = os.cpu_count() or 1
    if not from_catalogue or len(targets) < MANY or cores < 2:
        for target in targets:
            yield _finished(target)
        return
    with ended_in_order(), _pool(cores) as pool:
        names = [target.subject.name for target in targets]
        files, commands = [t.file for t in targets], [t.command for t in targets]
        exact = [t.exact for t in targets]
        yield from pool.map(finished_from_catalogue, names, files, commands, exact)


def _ready() -> None:
    """A worker leaves Ctrl-C to its parent, and ends when that is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    fewer_collections()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the main thread waits for work that nobody will send


@contextmanager
def _pool(cores: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes, and not copies of this one: they behave alike on every system.

    Raises:
        DeriveError: The system ended one of them.
    """
    pool = ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=_ready)
    before = set(active_children())
    try:
        yield pool
    except BaseException as error:
        # Whatever ended us, nobody waits for what the others are still at.
        for child in set(active_children()) - before:
            child.terminate()
        pool.shutdown(cancel_futures=True)
        if isinstance(error, BrokenProcessPool | InvalidStateError):
            raise DeriveError(
                asked="derive on several cores",
                where=f"one of {cores} processes",
                wrong="the system ended it, perhaps because memory ran out",
                todo="ask again with fewer programs running, or for one problem at a time",
            ) from None
        raise
    pool.shutdown()


def all_files(made: Sequence[Finished], *, whole: bool, front: str) -> Texts:
    """The files of every target and of all together.

    `whole`: they are the catalogue, which has a page that lists it; so has `front`, the README.
    """
    texts = dict(pipeline.support())
    for one in made:
        texts |= one.texts
    if not whole:
        return texts
    entries = [one.entry for one in made if one.entry is not None]
    if entries:
        texts |= pipeline.ledger(entries)
    return texts | pipeline.index([one.row for one in made], front)


def built(targets: Sequence[Target]) -> tuple[Built, ...]:
    """The targets with all that is known of them, in this process."""
    return tuple(map(_built, targets))


def _built(target: Target) -> Built:
    subject = target.subject
    try:
        with net(f"derive the problem {subject.name!r}", BUDGET):
            require_extent(subject.problem if isinstance(subject, Story) else subject, BUDGET)
            return pipeline.build(subject, Source(target.file, target.command), exact=target.exact)
    except Exception as error:
        error.add_note(f"it appeared while deriving {target.subject.name}")
        raise


def _finished(target: Target) -> Finished:
    start = time.perf_counter()
    made = _built(target)
    row = index_row(made.proof, made.verdict, target.file)
    story = not target.file.startswith("derive/problems/")
    entry = ledger_entry(made.proof, made.verdict, story=story) if target.exact else None
    seconds = time.perf_counter() - start
    return Finished(target.subject.name, made.texts, row, len(made.verdict.steps), seconds, entry)
