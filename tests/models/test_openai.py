import json
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from mnemic.core.errors import InputError, ModelError
from mnemic.core.vectors import EncoderId
from mnemic.models.openai import OpenAIEncoder

KEY = "sk-a-very-secret-key"


def vector(text):
    """What the service makes of a text: its length, its first letter, and 1."""
    return [float(len(text)), float(ord(text[0])), 1.0]


def expected(text):
    row = np.float32(vector(text))
    return row / np.linalg.norm(row)


class Service(ThreadingHTTPServer):
    """An embeddings service that answers as `plan` says, then as it should."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.plan: list = []
        self.requests: list[dict] = []
        self.headers: list[dict] = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.server.headers.append({"path": self.path, **self.headers})
        step = self.server.plan.pop(0) if self.server.plan else right
        step(self, body)

    def reply(self, status, data, **headers):
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def answer(body, model="made-up-2"):
    size = body.get("dimensions", 3)
    data = [
        {"object": "embedding", "index": place, "embedding": vector(text)[:size]}
        for place, text in enumerate(body["input"])
    ]
    return {"object": "list", "data": data, "model": model}


def right(handler, body):
    handler.reply(200, answer(body))


def status(code, said="", **headers):
    return lambda handler, body: handler.reply(code, said.encode(), **headers)


def says(change):
    """A right answer, spoilt by `change`."""

    def step(handler, body):
        whole = answer(body)
        handler.reply(200, change(whole) or whole)

    return step


def slow(seconds):
    def step(handler, body):
        time.sleep(seconds)
        handler.close_connection = True

    return step


def hangs_up(handler, body):
    handler.close_connection = True


def cut_short(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [')
    handler.close_connection = True


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Service()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def encoder(service, pauses):
    encoder = OpenAIEncoder(
        "made-up",
        base_url=service.url,
        api_key=KEY,
        timeout=5,
        batch=3,
        tries=3,
        sleep=pauses.append,
    )
    assert encoder.id.size == 3
    service.requests.clear()
    service.headers.clear()
    return encoder


def test_the_id_is_learned_from_the_first_answer(encoder, service):
    assert encoder.id == EncoderId("openai:made-up", "made-up-2", "int8", 3)
    assert service.requests == []
    assert encoder.inline is False


def test_with_size_and_revision_given_nothing_is_asked():
    encoder = OpenAIEncoder("m", base_url="http://127.0.0.1:9/v1", dimensions=4, revision="m-1")
    assert encoder.id == EncoderId("openai:m", "m-1", "int8", 4)


def test_texts_come_back_as_unit_rows_in_order(encoder, service):
    texts = ["a", "tea", "in the river", "b", "last"]
    rows = encoder.encode(texts)
    np.testing.assert_allclose(rows, [expected(text) for text in texts], rtol=1e-5)
    assert [request["input"] for request in service.requests] == [texts[:3], texts[3:]]
    np.testing.assert_allclose(encoder.encode_query("tea"), rows[1])


def test_the_request_is_what_the_services_expect(encoder, service):
    encoder.encode(["tea"])
    assert service.requests == [{"model": "made-up", "input": ["tea"]}]
    assert service.headers[0]["path"] == "/v1/embeddings"
    assert service.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert service.headers[0]["Content-Type"] == "application/json"


def test_without_a_key_none_is_sent(service):
    encoder = OpenAIEncoder("m", base_url=service.url + "/", dimensions=2)
    assert encoder.encode(["tea"]).shape == (1, 2)
    assert "Authorization" not in service.headers[0]
    assert service.headers[0]["path"] == "/v1/embeddings"
    assert service.requests[0]["dimensions"] == 2


def test_blank_texts_are_not_sent(encoder, service):
    rows = encoder.encode(["", "tea", " \n"])
    assert rows.any(axis=1).tolist() == [False, True, False]
    assert [request["input"] for request in service.requests] == [["tea"]]
    assert encoder.encode([]).shape == (0, 3)


def test_half_a_surrogate_pair_can_be_sent(encoder):
    assert encoder.encode(["a\ud800"]).any()


def test_the_index_decides_the_order(encoder, service):
    service.plan = [says(lambda whole: whole["data"].reverse())]
    texts = ["a", "tea", "in the river"]
    np.testing.assert_allclose(encoder.encode(texts), [expected(t) for t in texts], rtol=1e-5)


@pytest.mark.parametrize(
    "step",
    [
        status(429, "slow down"),
        status(500, "oops"),
        status(503),
        hangs_up,
        cut_short,
        lambda handler, body: handler.reply(200, b"<html>busy</html>"),
        lambda handler, body: handler.reply(200, b'{"data": [{"embedding": [1.0, '),
        lambda handler, body: handler.reply(200, []),
        lambda handler, body: handler.reply(200, b"[" * 200_000),
        says(lambda whole: whole["data"].pop()),
        says(lambda whole: whole["data"][0].update(index=1)),
        says(lambda whole: whole["data"][0].update(index=99)),
        says(lambda whole: whole["data"][0].update(embedding=[1.0, 2.0])),
        says(lambda whole: whole["data"][0].update(embedding="AAAA")),
        says(lambda whole: whole["data"][1].update(embedding=[1.0, None, 0.0])),
        says(lambda whole: whole["data"][1].update(embedding=[1.0, float("nan"), 0.0])),
    ],
)
def test_what_may_pass_is_tried_again(encoder, service, pauses, step):
    service.plan = [step, step]
    assert encoder.encode(["tea", "b"]).all()
    assert len(service.requests) == 3
    assert pauses == [0.5, 1.0]


def test_a_slow_answer_is_tried_again_then_told(service, pauses):
    encoder = OpenAIEncoder("m", base_url=service.url, timeout=0.15, tries=2, sleep=pauses.append)
    service.plan = [slow(0.4), slow(0.4)]
    with pytest.raises(ModelError, match=r"no answer within 0\.15 s.*tried 2 times"):
        encoder.encode(["tea"])
    assert pauses == [0.5]


def test_after_the_last_try_the_reason_is_told(encoder, service, pauses):
    service.plan = [status(500, "out of order")] * 3
    with pytest.raises(ModelError, match=r"answered 500: out of order.*\(tried 3 times\)"):
        encoder.encode(["tea"])
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (400, "Check the request"),
        (401, "Check api_key"),
        (403, "Check what api_key is allowed to do"),
        (404, "Check base_url and the model's name"),
        (413, "Give a smaller batch"),
    ],
)
def test_what_will_not_pass_is_told_at_once(encoder, service, pauses, code, remedy):
    service.plan = [status(code, f"no, {KEY}\nis wrong")]
    with pytest.raises(ModelError, match=remedy) as caught:
        encoder.encode(["tea"])
    assert len(service.requests) == 1
    assert pauses == []
    assert KEY not in str(caught.value)
    assert "no, *** is wrong" in str(caught.value)


def test_a_key_in_a_long_answer_is_not_shown_in_part(encoder, service):
    service.plan = [status(400, "x" * 290 + KEY)]
    with pytest.raises(ModelError) as caught:
        encoder.encode(["tea"])
    assert KEY[:5] not in str(caught.value)


def test_a_key_read_from_a_file_may_end_in_a_line_break(service):
    encoder = OpenAIEncoder("m", base_url=service.url, api_key=f" {KEY}\n")
    encoder.encode(["tea"])
    assert service.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", [f"{KEY}\nX-Other: 1", f"{KEY}\u2026"])
def test_a_key_that_cannot_be_sent_is_not_repeated(key):
    with pytest.raises(InputError) as caught:
        OpenAIEncoder("m", api_key=key)
    assert KEY not in str(caught.value)


def test_an_address_with_a_blank_is_told_at_once(pauses):
    encoder = OpenAIEncoder("m", base_url="http://127.0.0.1/v 1", sleep=pauses.append)
    with pytest.raises(ModelError, match="Check base_url"):
        encoder.encode(["tea"])
    assert pauses == []


def test_retry_after_is_honoured(encoder, service, pauses):
    later = formatdate(time.time() + 7, usegmt=True)
    service.plan = [status(429, Retry_After="3"), status(503, Retry_After=later)]
    encoder.encode(["tea"])
    assert pauses[0] == 3
    assert 4 < pauses[1] <= 7


@pytest.mark.parametrize(
    ("value", "pause"), [("100000", 60), ("soon", 0.5), ("-4", 0), ("nan", 0.5), ("", 0.5)]
)
def test_odd_pauses_are_bounded(encoder, service, pauses, value, pause):
    service.plan = [status(429, Retry_After=value)]
    encoder.encode(["tea"])
    assert pauses == [pause]


def test_a_redirect_does_not_get_the_key(encoder, service):
    other = Service()
    service.plan = [status(307, Location=f"{other.url}/embeddings")]
    with pytest.raises(ModelError, match="give that address as base_url"):
        encoder.encode(["tea"])
    assert other.requests == []
    other.server_close()


def test_another_model_than_before_is_refused(encoder, service):
    service.plan = [says(lambda whole: whole.update(model="made-up-3"))]
    with pytest.raises(ModelError, match=r"'made-up-3' \(3-d\) where 'made-up-2' \(3-d\)"):
        encoder.encode(["tea"])


def test_nobody_listening_is_told(pauses):
    server = Service()
    url = server.url
    server.server_close()
    encoder = OpenAIEncoder("m", base_url=url, api_key=KEY, tries=2, sleep=pauses.append)
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        encoder.encode(["tea"])
    assert KEY not in str(caught.value) + repr(encoder)


@pytest.mark.parametrize(
    "options",
    [
        {"model": ""},
        {"base_url": "localhost:8000/v1"},
        {"base_url": "file:///etc"},
        {"batch": 0},
        {"tries": 0},
        {"timeout": 0},
        {"dimensions": 0},
    ],
)
def test_options_are_checked(options):
    with pytest.raises(InputError):
        OpenAIEncoder(**{"model": "m", **options})
