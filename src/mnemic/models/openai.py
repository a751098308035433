"""Any service that answers POST /v1/embeddings as OpenAI's does: hosted, or a server of your own.

The request is made with the standard library. What a service can do wrong is expected here: slow
answers, rate limits, broken JSON, vectors in another order, too few of them, another model than
before. What may pass is tried again with growing pauses; what will not pass is a ModelError at
once. The key is sent to the given address only (redirects are refused) and never appears in a
message.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mnemic.core.errors import InputError, ModelError
from mnemic.core.vectors import EncoderId, Floats, unit

if TYPE_CHECKING:
    from urllib.error import HTTPError
    from urllib.request import OpenerDirector

BASE_URL: Final = "https://api.openai.com/v1"
_PASSING: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Answers that say: not now."""
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0
_LONGEST_ANSWER: Final = 256 * 1024 * 1024
_LONGEST_REASON: Final = 65_536
_SHOWN: Final = 300
"""Characters of a service's own words that a message repeats."""
_REMEDIES: Final[Mapping[int, str]] = {
    401: "Check api_key",
    403: "Check what api_key is allowed to do",
    404: "Check base_url and the model's name",
    413: "Give a smaller batch",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one request brought."""

    rows: Floats
    model: str


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a request failed, in words, and whether it may be tried again (after how long)."""

    what: str
    again: bool
    pause: float | None = None


class OpenAIEncoder:
    """Encodes through an OpenAI-compatible service; threads may share it.

    `model` is the name the service knows it by. `base_url` ends before `/embeddings`. `api_key`
    may be None for servers that want none. `dimensions` asks the model for shorter vectors, if it
    can make them. `timeout` is the longest wait for one answer, in seconds; `batch`, how many texts
    go into one request; `tries`, how often a request is made before it counts as failed. `sleep`
    waits between tries.

    The vectors' size and the model's exact name are learned from a first short request, made when
    `id` is first asked for; give both `dimensions` and `revision` to do without it. If the service
    later answers with another model than `revision`, that is a ModelError: vectors of two models
    must not be mixed.

    Raises InputError if `base_url` is no http address, `api_key` cannot be a key or a number is not
    positive.
    """

    inline: Final = False

    def __init__(
        self,
        model: str,
        *,
        base_url: str = BASE_URL,
        api_key: str | None = None,
        dimensions: int | None = None,
        revision: str | None = None,
        timeout: float = 30.0,
        batch: int = 256,
        tries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not model:
            raise InputError('the model has no name. Give one such as "text-embedding-3-small"')
        if not base_url.startswith(("http://", "https://")):
            raise InputError(f"base_url is {base_url!r}. Give an address such as {BASE_URL!r}")
        if batch < 1 or tries < 1 or timeout <= 0 or (dimensions is not None and dimensions < 1):
            raise InputError(
                f"batch={batch}, tries={tries}, timeout={timeout}, dimensions={dimensions}. "
                "Give numbers above 0"
            )
        # http.client would refuse such a key in a message that repeats it
        key = (api_key or "").strip()
        if not (key.isascii() and key.isprintable()):
            raise InputError("api_key holds a line break or other odd characters. Copy it again")
        self._model = model
        self._url = f"{base_url.rstrip('/')}/embeddings"
        self._key = key
        self._dimensions = dimensions
        self._timeout, self._batch, self._tries, self._sleep = timeout, batch, tries, sleep
        self._lock = threading.Lock()
        self._id: EncoderId | None = None
        if dimensions is not None and revision is not None:
            self._id = EncoderId(f"openai:{model}", revision, "int8", dimensions)
        self._revision = revision

    def __repr__(self) -> str:
        return f"OpenAIEncoder({self._model!r}, base_url={self._url.removesuffix('/embeddings')!r})"

    @property
    def id(self) -> EncoderId:
        """Model "openai:<name>", the name the service answers with, int8, size.

        Makes a request the first time; raises ModelError if that fails.
        """
        with self._lock:
            if self._id is None:
                answer = self._ask(["size"])
                revision = self._revision or answer.model
                name = f"openai:{self._model}"
                self._id = EncoderId(name, revision, "int8", answer.rows.shape[1])
            return self._id

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows (len(texts), size); zero for blank texts, which are not sent."""
        made_by = self.id
        rows = np.zeros((len(texts), made_by.size), dtype=np.float32)
        places = [place for place, text in enumerate(texts) if text.strip()]
        for start in range(0, len(places), self._batch):
            some = places[start : start + self._batch]
            answer = self._ask([texts[place] for place in some])
            self._same_model(answer, made_by)
            rows[some] = unit(answer.rows)
        return rows

    def encode_query(self, text: str) -> Floats:
        """One unit row (size,); zero for a blank text."""
        row: Floats = self.encode([text])[0]
        return row

    def _same_model(self, answer: _Answer, made_by: EncoderId) -> None:
        if answer.rows.shape[1] != made_by.size or answer.model != made_by.revision:
            raise ModelError(
                f"{self._url} answered with {answer.model!r} ({answer.rows.shape[1]}-d) where "
                f"{made_by.revision!r} ({made_by.size}-d) was expected. Vectors of two models "
                "cannot be compared: open the memory with the new model and encode it again"
            )

    def _ask(self, texts: Sequence[str]) -> _Answer:
        """One request, tried again while that may help. Raises ModelError."""
        fields: dict[str, Any] = {"model": self._model, "input": list(texts)}
        if self._dimensions is not None:
            fields["dimensions"] = self._dimensions
        # JSON's \u escapes also carry what UTF-8 cannot, such as half a surrogate pair
        body = json.dumps(fields).encode("ascii")
        pause, attempt = _FIRST_PAUSE, 1
        while True:
            answer = self._request(body, len(texts))
            if isinstance(answer, _Answer):
                return answer
            if not answer.again or attempt >= self._tries:
                times = "" if attempt == 1 else f" (tried {attempt} times)"
                raise ModelError(f"{self._url}: {answer.what}{times}")
            self._sleep(min(pause if answer.pause is None else answer.pause, _LONGEST_PAUSE))
            pause, attempt = 2 * pause, attempt + 1

    def _request(self, body: bytes, count: int) -> _Answer | _Refusal:
        from http.client import HTTPException, InvalidURL
        from urllib.error import HTTPError, URLError
        from urllib.request import Request

        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(self._url, data=body, headers=headers, method="POST")
        try:
            with _opener().open(request, timeout=self._timeout) as response:
                data = response.read(_LONGEST_ANSWER)
        except HTTPError as error:
            with error:
                return _refused(error.code, error.headers, self._said(error))
        except TimeoutError:
            return _Refusal(f"no answer within {self._timeout:g} s. Give a longer timeout", True)
        except URLError as error:
            what = f"cannot be reached: {error.reason}. Check base_url and the network"
            return _Refusal(what, True)
        except InvalidURL as error:
            return _Refusal(f"is no address: {error}. Check base_url", False)
        except (OSError, HTTPException) as error:
            what = f"broke off: {error or type(error).__name__}. Check the service"
            return _Refusal(what, True)
        return _read(data, count, self._model)

    def _said(self, error: HTTPError) -> str:
        """The service's own words, without the key, which some repeat."""
        from http.client import HTTPException

        try:
            words = error.read(_LONGEST_REASON).decode("utf-8", "replace")
        except (OSError, HTTPException):
            return ""
        if self._key:
            words = words.replace(self._key, "***")
        return " ".join(words.split())[:_SHOWN]


def _opener() -> OpenerDirector:
    """Follows no redirect: urllib would take the key along to wherever it leads."""
    from urllib.request import HTTPRedirectHandler, build_opener

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    return build_opener(Stay)


def _refused(status: int, headers: Any, said: str) -> _Refusal:
    """An answer with an error status, in words."""
    remedy = _REMEDIES.get(status, "Try again later" if status in _PASSING else "Check the request")
    if 300 <= status < 400:
        remedy = "It redirects elsewhere: give that address as base_url if you trust it"
    what = f"answered {status}: {said or 'nothing more'}. {remedy}"
    return _Refusal(what, status in _PASSING, _pause(headers.get("Retry-After")))


def _pause(value: str | None) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _read(data: bytes, count: int, asked: str) -> _Answer | _Refusal:
    """The rows of an answer to `count` texts, in their order."""
    try:
        answer = json.loads(data)
        entries = answer["data"]
        rows: list[Any] = [None] * count
        for place, entry in enumerate(entries):
            rows[int(entry.get("index", place))] = entry["embedding"]
        if len(entries) != count or any(row is None for row in rows):
            raise ValueError(f"{len(entries)} vectors for {count} texts")
        vectors = np.array(rows, dtype=np.float32)
        if vectors.ndim != 2 or not vectors.shape[1] or not np.isfinite(vectors).all():
            raise ValueError(f"vectors of shape {vectors.shape} or with values that are no numbers")
        model = str(answer.get("model") or asked)
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        # a proxy that cuts an answer short sends half a JSON file, and the next try may be whole
        what = f"answered what is no list of {count} embeddings ({type(error).__name__}: {error})"
        return _Refusal(f"{what}. Check that base_url is an embeddings service", True)
    return _Answer(vectors, model)
