"""Code posts in several processes, in order, with back-pressure.

The parent reads and writes; workers clean, segment and score. Each worker builds the coder once. A
post is coded on its own, so the codings are the same for any number of workers.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import fields
from multiprocessing import active_children, get_context
from operator import attrgetter
from typing import Any

from govcode.coders.base import Coder
from govcode.engines.base import CoderSpec, batches
from govcode.errors import GovcodeError
from govcode.records import Coding, Post

# Batches on their way per worker: enough to keep it busy, few enough to keep memory flat.
AHEAD = 3

_coder: Coder | None = None

Parcel = list[tuple[str, str, str, str]]  # post_id, title, text, reply
# Codings travel as plain tuples of their fields: records of a class cost several times as much to pickle.
Answer = list[tuple[Any, ...]]
_fields = attrgetter(*(field.name for field in fields(Coding)))


def run(spec: CoderSpec, posts: Iterable[Post], workers: int) -> Iterator[tuple[Post, Coding]]:
    """Yield each post with its coding, in order; raise GovcodeError when a worker dies."""
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start, initargs=(spec,))
    waiting: deque[tuple[list[Post], Future[Answer]]] = deque()
    try:
        for batch in batches(posts):
            parcel: Parcel = [(p.post_id, p.title, p.text, p.reply) for p in batch]
            with _deaf_children():  # any of them may start a process
                waiting.append((batch, pool.submit(_code, parcel)))
            if len(waiting) >= AHEAD * workers:
                yield from _first(waiting)
        while waiting:
            yield from _first(waiting)
    except BrokenProcessPool as error:
        raise GovcodeError(
            "A worker process was ended from outside (perhaps for want of memory); nothing was written.",
            hint="Run again with fewer --workers.",
        ) from error
    except BaseException:
        _kill(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Start processes that never hear Ctrl-C, not even while they start: the parent alone answers it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def available_cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def children() -> list[int]:
    """Return the process ids of the running workers."""
    return [process.pid for process in active_children() if process.pid is not None]


def _first(waiting: deque[tuple[list[Post], Future[Answer]]]) -> Iterator[tuple[Post, Coding]]:
    batch, future = waiting.popleft()
    for post, values in zip(batch, future.result(), strict=True):
        yield post, Coding(*values)


def _start(spec: CoderSpec) -> None:
    """Prepare a worker."""
    global _coder
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _coder = spec.build()


def _code(parcel: Parcel) -> Answer:
    assert _coder is not None
    posts = (Post(i, text, title, reply=reply) for i, title, text, reply in parcel)
    return list(map(_fields, _coder.code(posts)))


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the workers at once, also those that are only starting: nobody waits for their results."""
    for process in list((pool._processes or {}).values()):
        process.kill()
