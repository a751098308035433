"""An array that grows: appending is constant time on average, reading is a view.

Everything in this room that is appended to one row at a time stands on it. It knows nothing of
what the numbers mean.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scalar = TypeVar("Scalar", bound=np.generic)

_SMALLEST = 16


class Growing(Generic[Scalar]):
    """Rows of one type and width; the space behind them doubles when it is full.

    `width` None makes an array of numbers (rows,), an integer one of vectors (rows, width).

    >>> numbers = Growing(np.int64)
    >>> numbers.extend([3, 4]); numbers.append(5); numbers.view.tolist()
    [3, 4, 5]
    """

    __slots__ = ("_space", "size")

    def __init__(self, dtype: type[Scalar], width: int | None = None) -> None:
        self._space: NDArray[Scalar] = np.empty((0,) if width is None else (0, width), dtype)
        self.size = 0

    @property
    def view(self) -> NDArray[Scalar]:
        """What was appended so far; it no longer follows after the next append."""
        return self._space[: self.size]

    @property
    def nbytes(self) -> int:
        """Bytes held, the room to grow included."""
        return self._space.nbytes

    def _reserve(self, more: int) -> None:
        wanted = self.size + more
        if wanted <= len(self._space):
            return
        # The first block gets what it needs (a load in one go wastes nothing); later ones double.
        room = wanted if self.size == 0 and more > 1 else max(wanted, 2 * self.size, _SMALLEST)
        space = np.empty((room, *self._space.shape[1:]), self._space.dtype)
        space[: self.size] = self.view
        self._space = space

    def append(self, row: ArrayLike) -> None:
        """Add one row."""
        if self.size == len(self._space):
            self._reserve(1)
        self._space[self.size] = row
        self.size += 1

    def extend(self, rows: ArrayLike) -> None:
        """Add many rows."""
        block = np.asarray(rows, self._space.dtype)
        self._reserve(len(block))
        self._space[self.size : self.size + len(block)] = block
        self.size += len(block)
