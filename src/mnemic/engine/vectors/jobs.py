"""Background work that survives its process: jobs in the file, each leased to one worker.

One task so far: `encode`, a partition's vectors by an encoder too slow for the write path, or by
another one than before (`encoders.py`). Vectors are kept batch by batch, so a worker that dies
loses a batch at most; its lease runs out and another takes over. Done by the memory's own thread,
by `flush()`, or by `mnemic work`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from mnemic.core.clock import Clock
from mnemic.core.errors import Busy, Closed, MnemicError, ReadOnly
from mnemic.core.ports import Encoder
from mnemic.core.storage import Job, Store
from mnemic.engine.vectors.encoders import ENCODE, OWN, Encoders, Group, settle
from mnemic.engine.vectors.shelves import fill_some

_LEASE: Final = 30_000_000
"""Microseconds until a job of a worker that died is given to another. A batch takes seconds; where
one takes longer, another worker does it again, which costs time and changes nothing."""


def work(
    store: Store,
    encoders: Encoders,
    clock: Clock,
    worker: str,
    ended: Callable[[], bool] = lambda: False,
) -> int:
    """Do jobs until none is free that can be done here; returns how many were done.

    They take turns, a batch each: a user whose new record waits for its vector does not wait until
    everybody else's were computed. One that asks for the own encoder of another process is given
    back. `ended` is asked after each batch. Raises ModelError when the encoder fails, InputError
    when it cannot be made with this memory's options; the job is given back with the reason.
    """
    done, passed = 0, set[int]()
    while not ended():
        with store.writing():
            job = store.lease(worker, clock(), clock() + _LEASE)
        if job is None:
            break
        if job.key in passed:
            _give_back(store, job, worker, "")
            break
        if job.task != ENCODE or not _doable(encoders, job.payload):
            passed.add(job.key)
            _give_back(store, job, worker, "")
            continue
        try:
            done += _encode_some(store, job, encoders, worker)
        except BaseException as error:  # also an interrupted flush: others need not wait for it
            _give_back(store, job, worker, str(error))
            raise
    return done


def _doable(encoders: Encoders, name: str) -> bool:
    return name != OWN or encoders.own is not None


def _encode_some(store: Store, job: Job, encoders: Encoders, worker: str) -> bool:
    """Encode a batch of a partition, and finish the job if it was the last; whether it is."""
    group = encoders.reads(store, job.payload)
    encoder = None if group is None else encoders.named(job.payload)
    if group is None or encoder is None:  # another choice was made since
        with store.writing():
            store.finish(job, worker)
        return True
    some = fill_some(store, job.partition, encoder, group)
    with store.writing():
        # Under the write lock nothing is added between the question and the answer.
        if some or _left(store, job, encoder, group):
            store.release(job, worker, "")
            return False
        store.finish(job, worker)
        settle(store)
    return True


def _left(store: Store, job: Job, encoder: Encoder, group: Group) -> bool:
    left = store.unencoded(job.partition, encoder.id, 1, only=group.only, others=group.others)
    return bool(left)


def finish(store: Store, encoders: Encoders, clock: Clock) -> int:
    """Do jobs until none is left that can be done here, waiting for those that others hold."""
    done = work(store, encoders, clock, name())
    while store.waiting() > (0 if _doable(encoders, OWN) else store.waiting(OWN)):
        time.sleep(0.02)
        done += work(store, encoders, clock, name())
    return done


def _give_back(store: Store, job: Job, worker: str, error: str) -> None:
    with store.writing():
        store.release(job, worker, error)


class Worker:
    """A thread of this process that does jobs when it is woken, and ends with `stop`."""

    def __init__(self, store: Store, encoders: Encoders, clock: Clock) -> None:
        self._store, self._encoders, self._clock = store, encoders, clock
        self._woken = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self._failed: str | None = None

    def wake(self) -> None:
        """There may be something to do."""
        if self._ended:
            return
        self._woken.set()
        if self._thread is None or not self._thread.is_alive():  # an encoder's bug may end it
            self._thread = threading.Thread(target=self._run, name="mnemic-work", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._ended:
            self._woken.wait()
            self._woken.clear()
            if self._ended:
                return
            try:
                work(self._store, self._encoders, self._clock, name(), lambda: self._ended)
            except (Busy, Closed, ReadOnly):
                continue  # the job stays in the file; the next wake, or process, does it
            except MnemicError as error:
                self._failed = str(error)  # told by stats; flush() raises it in the caller's thread

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
