"""Background work that survives its process: jobs in the file, each leased to one worker.

One task so far: `encode`, a partition's vectors by an encoder too slow for the write path. Vectors
are kept batch by batch, so a worker that dies loses a batch at most; its lease runs out and
another takes over. Done by the memory's own thread, by `flush()`, or by `mnemic work`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from mnemic.core.clock import Clock
from mnemic.core.errors import Busy, Closed, MnemicError, ModelError
from mnemic.core.ports import Encoder
from mnemic.core.storage import Job, Store
from mnemic.engine.shelves import ENCODE, fill_some

_LEASE: Final = 120_000_000
"""Microseconds until a job of a worker that died is given to another."""


def work(
    store: Store,
    encoder: Encoder | None,
    clock: Clock,
    worker: str,
    ended: Callable[[], bool] = lambda: False,
) -> int:
    """Do jobs, until none is free; returns how many were done. Without an encoder none can be.

    `ended` is asked after each batch. Raises ModelError when the encoder fails; the job is given
    back with the reason.
    """
    done, seen = 0, set[int]()
    while not ended():
        with store.writing():
            job = store.lease(worker, clock(), clock() + _LEASE)
        if job is None:
            break
        again = job.key in seen
        seen.add(job.key)
        if again or encoder is None or job.task != ENCODE:
            _give_back(store, job, worker, "")
            if again:
                break
            continue
        try:
            done += _encode(store, job, encoder, clock, worker, ended)
        except MnemicError as error:
            _give_back(store, job, worker, str(error))
            raise
    return done


def _encode(
    store: Store,
    job: Job,
    encoder: Encoder,
    clock: Clock,
    worker: str,
    ended: Callable[[], bool],
) -> bool:
    """Encode a partition to its end; False when it was stopped, or another worker took over."""
    while not ended():
        some = fill_some(store, job.partition, encoder)
        with store.writing():
            if not store.renew(job, worker, clock() + _LEASE):
                return False
            # Under the write lock nothing is added between the question and the answer.
            if not some and not store.unencoded(job.partition, encoder.id, 1):
                store.finish(job, worker)
                return True
    _give_back(store, job, worker, "")
    return False


def finish(store: Store, encoder: Encoder | None, clock: Clock) -> int:
    """Do jobs until none is left, waiting for those that others hold."""
    done = work(store, encoder, clock, name())
    while encoder is not None and store.waiting():
        time.sleep(0.02)
        done += work(store, encoder, clock, name())
    return done


def _give_back(store: Store, job: Job, worker: str, error: str) -> None:
    with store.writing():
        store.release(job, worker, error)


class Worker:
    """A thread of this process that does jobs when it is woken, and ends with `stop`."""

    def __init__(self, store: Store, encoder: Encoder, clock: Clock) -> None:
        self._store, self._encoder, self._clock = store, encoder, clock
        self._woken = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self._failed: str | None = None

    def wake(self) -> None:
        """There may be something to do."""
        if self._ended:
            return
        self._woken.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mnemic-work", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._ended:
            self._woken.wait()
            self._woken.clear()
            if self._ended:
                return
            try:
                work(self._store, self._encoder, self._clock, name(), lambda: self._ended)
            except ModelError as error:
                self._failed = str(error)  # told by stats; flush() raises it in the caller's thread
            except (Busy, Closed):
                continue  # the job stays in the file; the next wake, or process, does it

    @property
    def failed(self) -> str | None:
        """Why the encoder failed last, if it did."""
        return self._failed

    def stop(self) -> None:
        """End after the batch that is being done."""
        self._ended = True
        self._woken.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()


def name() -> str:
    """This thread, as a holder of leases."""
    return f"{os.getpid()}-{threading.get_ident()}"
