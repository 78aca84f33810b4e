"""Code posts in several processes, in order, with back-pressure.

Workers clean, segment and score, and make the lines of outputs that have lines; where the input is lines,
they read it too, and the parent only cuts and writes. A post is coded on its own, so the codings are the
same for any number of workers.

Where that is safe (Linux, a coder that allows it, no other threads) workers are forked and share the
coder's memory with the parent; anywhere else they are spawned, and each builds the coder once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import active_children, get_context
from operator import attrgetter
from typing import Any, TypeVar

from govcode.coders.base import Coder, batch_of
from govcode.engines.base import CoderSpec, batches
from govcode.engines.rendering import Lines, Renderer, Rendering
from govcode.errors import GovcodeError
from govcode.readers.base import Account, Each
from govcode.readers.pieces import Batch, Piece, Unread
from govcode.records import Coding, Post

# Batches on their way per worker: enough to keep it busy, few enough to keep memory flat.
AHEAD = 3
PIPE = 1 << 20

_coder: Coder | None = None
_renderer: Renderer | None = None

Item = TypeVar("Item")
Result = TypeVar("Result")
Parcel = list[tuple[str, str, str, str]]  # post_id, title, text, reply
# Codings travel as plain tuples of what differs: records of a class cost several times as much to pickle.
Answer = tuple[str, str, list[tuple[Any, ...]]]  # coder, codebook, and of each coding:
_whole = attrgetter(
    "post_id", "text", "title", "account", "platform", "published_at", "reply", "url", "extra"
)  # of a post, in the order in which it takes them
_differs = attrgetter("code", "secondary", "form", "sure", "note", "status", "probabilities", "evidence")


@contextmanager
def crew(
    spec: CoderSpec, workers: int, coder: Coder | None = None, rendering: Rendering | None = None
) -> Iterator[Crew]:
    """Start the workers at once: later there may be threads (a progress bar), and nothing could be shared.

    `coder`: the coder of `spec` where the parent has built it already, for workers to share. Raises
    GovcodeError when a worker dies.
    """
    global _coder
    _coder = coder if _may_fork() and coder is not None and _shared(coder) else None
    how, told = ("spawn", spec) if _coder is None else ("fork", None)
    try:
        with _pool(workers, how, told, rendering) as pool:
            with _deaf_children():
                pool.submit(os.getpid)
            _widen(pool)
            yield Crew(pool, workers)
    finally:
        _coder = None


def _widen(pool: Any) -> None:
    """Let whole parcels wait in the pipes: else workers wait for the parent several times a parcel."""
    if sys.platform == "linux":
        from fcntl import F_SETPIPE_SZ, fcntl

        for queue in (pool._call_queue, pool._result_queue):
            with suppress(AttributeError, OSError):  # as small as it was, it is only slower
                fcntl(queue._reader.fileno(), F_SETPIPE_SZ, PIPE)


class Crew:
    """Workers that have the coder."""

    def __init__(self, pool: ProcessPoolExecutor, workers: int) -> None:
        self._pool, self._workers = pool, workers

    def run(self, posts: Iterable[Post]) -> Iterator[tuple[Post, Coding]]:
        """Yield each post with its coding, in order."""
        for batch, (name, codebook, answers) in self._answers(batches(posts), _parcel, _code):
            for post, answer in zip(batch, answers, strict=True):
                code, secondary, form, sure, note, status, probabilities, evidence = answer
                yield (
                    post,
                    Coding(
                        post.post_id, name, code, secondary, form, sure, note, codebook, "", status,
                        probabilities, evidence,
                    ),
                )  # fmt: skip

    def lines(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Lines, Account]]:
        """Yield each piece with its coded rows as lines of an output, and what else it held, in order.

        Nobody but the caller settles the pieces.
        """
        for piece, (made, account) in self._answers(pieces, _packed, _render):
            if isinstance(piece.rows, Batch):  # what was left out has stayed here
                account = Account(excluded=piece.rows.excluded)
            yield piece, made, account

    def _answers(
        self, items: Iterable[Item], pack: Callable[[Item], Any], work: Callable[[Any], Result]
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with what `work` made of it, packed, in another process; in order."""
        waiting: deque[tuple[Item, Future[Result]]] = deque()
        for item in items:
            parcel = pack(item)
            with _deaf_children():  # any of them may start a process
                waiting.append((item, self._pool.submit(work, parcel)))
            if len(waiting) >= AHEAD * self._workers:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def mapped(workers: int) -> Each:
    """Return a `map` over several processes where these can be forked; errors are those of `crew`."""

    def each(work: Callable[[int], Result], items: Sequence[int]) -> Iterable[Result]:
        number = min(workers, len(items))
        if number < 2 or not _may_fork():
            return map(work, items)
        with _pool(number, "fork") as pool:
            with _deaf_children():
                results = pool.map(work, items)
            return list(results)

    return each


@contextmanager
def _pool(
    workers: int, how: str, spec: CoderSpec | None = None, rendering: Rendering | None = None
) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(workers, get_context(how), initializer=_start, initargs=(spec, rendering))
    try:
        yield pool
    except BrokenProcessPool as error:
        _abandon(pool)
        raise GovcodeError(
            "A worker process was ended from outside (perhaps for want of memory); nothing was written.",
            hint="Run again with fewer --workers.",
        ) from error
    except BaseException:
        _abandon(pool)
        raise
    else:
        pool.shutdown(wait=True)


def _may_fork() -> bool:
    """Tell whether a fork is safe: elsewhere than on Linux system libraries are not made for it."""
    return sys.platform == "linux" and threading.active_count() == 1


def _shared(coder: Coder) -> bool:
    """Let the coder build what all workers need, once; coders that cannot be forked have no `share`."""
    share = getattr(coder, "share", None)
    if share is None:
        return False
    share()
    return True


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


def _first(waiting: deque[tuple[Item, Future[Result]]]) -> tuple[Item, Result]:
    item, future = waiting.popleft()
    return item, future.result()


def _start(spec: CoderSpec | None, rendering: Rendering | None) -> None:
    """Prepare a worker; without `spec` it has the coder of the parent."""
    global _coder, _renderer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if spec is not None:
        _coder = spec.build()
    _renderer = Renderer(rendering) if rendering else None


def _parcel(batch: list[Post]) -> Parcel:
    return [(p.post_id, p.title, p.text, p.reply) for p in batch]


def _code(parcel: Parcel) -> Answer:
    assert _coder is not None
    posts = (Post(i, text, title, reply=reply) for i, title, text, reply in parcel)
    return _coder.name, _coder.codebook_hash, list(map(_differs, _coder.code(posts)))


def _packed(piece: Piece) -> Unread | list[tuple[Any, ...]]:
    rows = piece.rows
    return list(map(_whole, rows.posts)) if isinstance(rows, Batch) else rows


def _render(parcel: Unread | list[tuple[Any, ...]]) -> tuple[Lines, Account]:
    assert _coder is not None
    assert _renderer is not None
    if isinstance(parcel, list):
        posts, account = [Post(*values) for values in parcel], Account()
    else:
        posts, account = parcel.read()
    return _renderer.lines(posts, chain.from_iterable(map(_coder.code, _even(posts)))), account


def _even(posts: list[Post]) -> Iterator[list[Post]]:
    """Cut a list into as few batches as there can be, all about as large: small ones cost more a post."""
    assert _coder is not None
    number = -(-len(posts) // batch_of(_coder))
    return batches(posts, -(-len(posts) // number)) if number else iter(())


def _abandon(pool: ProcessPoolExecutor) -> None:
    """End the workers at once, also those that are only starting: nobody waits for their results.

    Nor for the threads of the pool, which may wait for workers that are gone.
    """
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)
