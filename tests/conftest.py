"""A server that speaks the protocol of OpenAI's chat completions on loopback, and misbehaves on order."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

MODEL = "scripted"
CONFIDENTIAL = "told in confidence"


@dataclass(frozen=True)
class Behaviour:
    """What the server does with one request.

    Attributes:
        pieces: The answer as it is streamed; None for no answer at all. `endless`: the last piece comes for ever.
        delay_s: Before each piece.
        status: Of HTTP. `message`: in the body of an error.
        finish: What the last event says. `cut`: the connection breaks off before it.
        unless_bound: Refuses with 400 as long as the request has a response_format.
    """

    pieces: tuple[str, ...] | None = ()
    endless: bool = False
    delay_s: float = 0.0
    status: int = 200
    message: str = ""
    finish: str = "stop"
    cut: bool = False
    unless_bound: bool = False


class ModelServer:
    """Answers each request with the next behaviour of its script, and the last one from then on."""

    def __init__(self) -> None:
        self.script_left: deque[Behaviour] = deque()
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.left_early = 0
        self.closing = threading.Event()
        self._http: _Http | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Listen, after a stop on the same port as before."""
        self.closing.clear()
        self._http = _Http(("127.0.0.1", self.port), _Handler)
        self._http.owner = self
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Die: nothing listens on the port any longer, and calls under way break off."""
        self.closing.set()
        http, self._http = self._http, None
        if http:
            http.shutdown()
            http.server_close()

    def script(self, *behaviours: "Behaviour | str | dict[str, Any]") -> None:
        """Set what comes next: a text or an object is answered as it is."""
        self.script_left = deque(each if isinstance(each, Behaviour) else self.says(each) for each in behaviours)

    def next(self) -> Behaviour:
        return self.script_left.popleft() if len(self.script_left) > 1 else self.script_left[0]

    @staticmethod
    def says(answer: "str | dict[str, Any]", chunks: int = 3, **more: Any) -> Behaviour:
        """A text or an object, in so many pieces."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        size = max(1, -(-len(text) // chunks))
        return Behaviour(tuple(text[at : at + size] for at in range(0, len(text), size)), **more)

    @classmethod
    def drips(cls, answer: "str | dict[str, Any]", delay_s: float = 0.2, chunks: int = 1000) -> Behaviour:
        return cls.says(answer, chunks, delay_s=delay_s)

    @classmethod
    def disconnects(cls, answer: "str | dict[str, Any]") -> Behaviour:
        """Half of the answer, and then the connection is gone."""
        pieces = cls.says(answer, 4).pieces or ()
        return Behaviour(pieces[:2], cut=True)

    @classmethod
    def cut_off(cls, answer: "str | dict[str, Any]") -> Behaviour:
        """Half of the answer, for the limit of tokens is reached."""
        pieces = cls.says(answer, 4).pieces or ()
        return Behaviour(pieces[:2], finish="length")

    @classmethod
    def thinks(cls, answer: "str | dict[str, Any]", thought: str = "The patient says a thing.") -> Behaviour:
        text = cls.says(answer, 1).pieces or ("",)
        return cls.says(f"<unused94>thought\n{thought}<unused95>{text[0]}")

    @classmethod
    def fences(cls, answer: "str | dict[str, Any]") -> Behaviour:
        text = cls.says(answer, 1).pieces or ("",)
        return cls.says(f"Sure! Here is the JSON:\n```json\n{text[0]}\n```\nLet me know if you need anything else.")

    @staticmethod
    def hangs() -> Behaviour:
        return Behaviour(None)

    @staticmethod
    def fails(status: int, message: str = CONFIDENTIAL) -> Behaviour:
        return Behaviour(status=status, message=message)

    @classmethod
    def refuses_schema(cls, answer: "str | dict[str, Any]") -> Behaviour:
        """400 while a schema is sent along, else the answer."""
        return cls.says(answer, message="response_format is not supported", unless_bound=True)

    @staticmethod
    def loops(piece: str = "\n", delay_s: float = 0.001) -> Behaviour:
        return Behaviour((piece,), endless=True, delay_s=delay_s)

    @staticmethod
    def echoes() -> Behaviour:
        """The last message, given back."""
        return Behaviour(("{prompt}",))


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: ModelServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.server.owner.paths.append(f"GET {self.path}")
        listing = {"object": "list", "data": [{"id": MODEL, "object": "model"}]}
        bodies = {"/v1/models": (200, listing), "/v1/page/models": (200, ["a page"])}
        statuses = {"/v1/refused/models": 401, "/v1/broken/models": 500}
        self._reply(*bodies.get(self.path, (statuses.get(self.path, 404), {"error": {"message": CONFIDENTIAL}})))

    def do_POST(self) -> None:
        owner = self.server.owner
        owner.paths.append(f"POST {self.path}")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        owner.headers.append({name.lower(): value for name, value in self.headers.items()})
        owner.requests.append(body)
        doing = owner.next()
        try:
            self._answer(body, doing)
        except OSError:
            owner.left_early += 1
        self.close_connection = True

    def _answer(self, body: dict[str, Any], doing: Behaviour) -> None:
        if doing.pieces is None:
            self._wait(3600)
        elif doing.unless_bound and "response_format" in body:
            self._reply(400, {"error": {"message": doing.message}})
        elif doing.status != 200:
            self._reply(doing.status, {"error": {"message": doing.message}})
        elif body.get("stream"):
            self._stream(body, doing)
        else:
            text = "".join(self._pieces(body, doing))
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": doing.finish}
            self._reply(200, {**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _usage(body, text)})

    def _stream(self, body: dict[str, Any], doing: Behaviour) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._event([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
        written = ""
        for piece in self._pieces(body, doing):
            written += piece
            self._event([{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
        if doing.cut:
            return
        self._event([{"index": 0, "delta": {}, "finish_reason": doing.finish}])
        if (body.get("stream_options") or {}).get("include_usage"):
            self._event([], usage=_usage(body, written))
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _pieces(self, body: dict[str, Any], doing: Behaviour) -> Iterable[str]:
        for piece in doing.pieces or ():
            self._wait(doing.delay_s)
            yield body["messages"][-1]["content"] if piece == "{prompt}" else piece
        while doing.endless and doing.pieces:
            self._wait(doing.delay_s)
            yield doing.pieces[-1]

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.server.owner.closing.wait(min(0.05, seconds)):
                raise ConnectionAbortedError

    def _event(self, choices: list[dict[str, Any]], **more: Any) -> None:
        event = {**_HEAD, "object": "chat.completion.chunk", "choices": choices, **more}
        self._chunk(f"data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _reply(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)


_HEAD = {"id": "chatcmpl-1", "created": 0, "model": MODEL}


def _usage(body: dict[str, Any], written: str) -> dict[str, int]:
    """Words stand for tokens."""
    read, wrote = sum(len(str(each["content"]).split()) for each in body["messages"]), len(written.split())
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.stop()
