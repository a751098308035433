"""`examples/assistant.py` as a newcomer runs it: a process that reads lines and remembers them."""

import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import mnemic

ASSISTANT = Path(__file__).parents[2] / "examples" / "assistant.py"
KEY = "key-of-the-test"


def command(db: Path, *options: str) -> list[str]:
    return [sys.executable, str(ASSISTANT), "--db", str(db), *options]


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    return kept | {"PYTHONUTF8": "1", "OPENAI_API_KEY": KEY} | more


def chat(db: Path, said: list[str], *options: str) -> str:
    """What the assistant prints in one run in which these lines are typed, then Ctrl-D."""
    done = subprocess.run(
        command(db, *options),
        input="".join(f"{line}\n" for line in said),
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr
    return done.stdout


def remembered(db: Path) -> list[tuple[str | None, str]]:
    with mnemic.Memory(db) as memory:
        return [(record.role, record.text) for record in memory.list(user_id="you", limit=100)]


@dataclass
class Endpoint:
    """An endpoint of the OpenAI chat protocol that gives prepared answers and keeps requests."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def replies(self, text: str | None) -> None:
        body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}
        self.answers.append((200, json.dumps(body)))

    def told(self, request: int) -> str:
        """The system message of a request: what the model was given to remember."""
        return str(self.requests[request]["messages"][0]["content"])


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            served.requests.append({"path": self.path} | json.loads(body))
            served.headers.append(dict(self.headers.items()))
            status, text = served.answers.pop(0)
            answer = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Be silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def test_it_remembers_across_two_runs(tmp_path: Path) -> None:
    db = tmp_path / "memory.db"
    told = ["My cat is called Doufu.", "My sister lives in Lisbon.", "I bake bread at night."]
    first = chat(db, ["What is my cat called?", *told], "--scripted")
    assert "I know nothing about that yet." in first
    assert first.count("I'll remember that.") == len(told)
    asked = ["What is my cat called?", "Where does my sister live?", "What is my cat called?"]
    cat, sister, again = chat(db, asked, "--scripted").split("assistant> ")[1:]
    assert "Doufu" in cat
    assert "Lisbon" in sister
    assert "Doufu" in again, "a question asked before is not its own answer"


def test_other_scripts_and_blank_lines(tmp_path: Path) -> None:
    db = tmp_path / "memory.db"
    told = ["", "   ", "我的猫叫豆腐。", "O meu irmão tem uma padaria."]
    printed = chat(db, [*told, "我的猫叫什么？", "Quem tem uma padaria?"], "--scripted")
    cat, brother = printed.split("assistant> ")[3:]
    assert "豆腐" in cat
    assert "irmão" in brother


def test_the_model_is_given_what_was_recalled(tmp_path: Path, endpoint: Endpoint) -> None:
    db = tmp_path / "memory.db"
    model = ["--base-url", endpoint.url, "--model", "some-model"]
    endpoint.replies("Nice to meet her.")
    assert "assistant> Nice to meet her." in chat(db, ["My cat is called Doufu."], *model)
    endpoint.replies("Doufu [1]")
    assert "assistant> Doufu [1]" in chat(db, ["What is my cat called?"], *model)
    assert [request["path"] for request in endpoint.requests] == ["/v1/chat/completions"] * 2
    assert endpoint.requests[1]["model"] == "some-model"
    assert endpoint.requests[1]["messages"][1:] == [
        {"role": "user", "content": "What is my cat called?"}
    ]
    assert "Doufu" not in endpoint.told(0)
    assert "My cat is called Doufu." in endpoint.told(1)
    assert "What is my cat called?" not in endpoint.told(1)
    assert endpoint.headers[1]["Authorization"] == f"Bearer {KEY}"
    assert sorted(remembered(db), key=str) == sorted(
        [
            ("user", "My cat is called Doufu."),
            ("assistant", "Nice to meet her."),
            ("user", "What is my cat called?"),
            ("assistant", "Doufu [1]"),
        ],
        key=str,
    )


def test_errors_are_sentences_and_the_talk_goes_on(tmp_path: Path, endpoint: Endpoint) -> None:
    db = tmp_path / "memory.db"
    no_chat = f"{endpoint.url} does not speak the OpenAI chat format"
    failures = [
        (401, '{"error": {"message": "Incorrect API key"}}', "401"),
        (500, "<html>broken</html>", "500"),
        (200, "this is no JSON", no_chat),
        (200, "[]", no_chat),
        (200, '{"choices": []}', no_chat),
        (200, '{"choices": [{"message": {"content": null}}]}', no_chat),
    ]
    endpoint.answers += [(status, body) for status, body, _ in failures]
    endpoint.replies("  ")
    endpoint.replies("I am back.")
    lines = [f"My cat number {number} is called Doufu." for number in range(len(failures))]
    model = ["--base-url", endpoint.url, "--model", "m"]
    printed = chat(db, [*lines, "Hm.", "What is my cat called?"], *model).split("you> ")[1:-1]
    for (_, _, says), sentence in zip(failures, printed, strict=False):
        assert says in sentence
        assert sentence.endswith("What you wrote is remembered.\n")
    assert printed[-2:] == ["assistant> (nothing)\n", "assistant> I am back.\n"]
    assert {("user", line) for line in lines} <= set(remembered(db))
    assert all(line in endpoint.told(-1) for line in lines)
    last = [(each["role"], each["content"]) for each in endpoint.requests[-1]["messages"][-3:]]
    assert last == [("user", "Hm."), ("assistant", "(nothing)"), ("user", "What is my cat called?")]


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/v1", "no-address", "http://[half/v1"])
def test_nobody_at_the_address(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    nothing = mnemic.Pack(text="", citations=(), tokens=0, max_tokens=1)
    ask = runpy.run_path(str(ASSISTANT))["ask"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        address = url.format(port=taken.getsockname()[1])
        with pytest.raises(ConnectionError, match=re.escape(address)):
            ask(address, "m", nothing, [{"role": "user", "content": "Hello"}])


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to one process on Windows")
def test_ctrl_c_leaves_quietly_and_keeps_everything(tmp_path: Path) -> None:
    db = tmp_path / "memory.db"
    with subprocess.Popen(
        command(db, "--scripted"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(PYTHONUNBUFFERED="1"),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("My cat is called Doufu.\n")
        process.stdin.flush()
        assert "I'll remember that." in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert errors == ""
    assert ("user", "My cat is called Doufu.") in remembered(db)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Mei, " * 500, encoding="utf-8")
    done = subprocess.run(
        command(letter, "--scripted"),
        input="Hello\n",
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "letter.txt" in done.stderr
    assert "Traceback" not in done.stderr
    assert letter.read_text(encoding="utf-8") == "Dear Mei, " * 500
