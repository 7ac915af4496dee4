"""`models check` as a real process: tiny real models, a real llama.cpp server, a scripted server, a hub on loopback."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def check(*options: str, **environ: str) -> tuple[int, dict[str, Any], str]:
    """Exit status, what was printed, and standard error."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SYMPTOM_INTAKE_", "HF_"))}
    command = [sys.executable, "-m", "symptom_intake.agent.cli", "models", "check", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, env={**clean, **environ})
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def steps(found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(each["role"], each["what"], each["works"]) for each in found["steps"]]


def test_without_names_it_shows_what_the_two_models_need_and_succeeds(tmp_path):
    status, found, error = check(HF_HOME=str(tmp_path))
    assert (status, error, found["steps"]) == (0, "", [])
    assert [(each["role"], each["model"]) for each in found["models"]] == [
        ("interviewer", "google/medgemma-27b-text-it"),
        ("image_reader", "google/medgemma-4b-it"),
    ]
    assert all("is not on this disk" in each["fault"] for each in found["models"])
    assert found["models"][0]["needs"][0]["weights"] > 50e9


def test_two_models_in_process_do_all_their_work(tiny_text_folder, tiny_image_folder):
    status, found, _ = check(
        "--model", f"medgemma:{tiny_text_folder}", "--image-model", f"medgemma:{tiny_image_folder}"
    )
    assert steps(found) == [
        ("interviewer", "load", True),
        ("interviewer", "plain turn", True),
        ("interviewer", "schema-bound answer", True),
        ("image_reader", "load", True),
        ("image_reader", "plain turn", True),
        ("image_reader", "schema-bound answer", True),
        ("image_reader", "image", True),
    ]
    assert all(each["tokens_per_second"] > 0 for each in found["steps"] if each["what"] != "load")
    assert (status, found["works"]) == (0, True)


def test_a_real_server_does_its_work(small_server):
    status, found, _ = check("--model", f"openai:any@{small_server}")
    assert steps(found) == [
        ("interviewer", "server", True),
        ("interviewer", "plain turn", True),
        ("interviewer", "schema-bound answer", True),
    ], found
    assert found["steps"][1]["said"] == "ok"
    assert "'any' is not on its list: it lists" in found["steps"][0]["said"]
    assert (status, found["models"]) == (0, [])


def test_only_looking_loads_and_asks_nothing(tiny_text_folder, model_server):
    status, found, _ = check("--no-load", "--model", f"medgemma:{tiny_text_folder}", "--image-model", f"openai:scripted@{model_server.url}")  # fmt: skip
    assert (status, steps(found)) == (0, [("interviewer", "files and memory", True), ("image_reader", "server", True)])
    assert model_server.requests == []


@pytest.mark.parametrize(
    ("spec", "environ", "said"),
    [
        ("openai:m@http://127.0.0.1:9/v1", {}, "cannot be reached"),
        ("medgemma:/nowhere/at/all", {}, "There is no folder '/nowhere/at/all'"),
        ("medgemma:{folder}", {"SYMPTOM_INTAKE_QUANTIZATION": "4bit"}, "pip install bitsandbytes"),
        ("medgemma:google/medgemma-4b-it", {"HF_HUB_OFFLINE": "1"}, "the hub cannot be reached"),
    ],
)
def test_what_is_missing_is_said_and_the_status_is_not_0(spec, environ, said, tiny_text_folder, tmp_path):
    free = {"HF_HOME": str(tmp_path), **environ}
    status, found, error = check("--model", spec.format(folder=tiny_text_folder), **free)
    assert (status, found["works"]) == (1, False)
    assert said in found["steps"][-1]["said"]
    assert "Traceback" not in error


def test_a_model_string_that_names_nothing_is_refused_at_once():
    status, found, error = check("--model", "medgema")
    assert (status, found) == (1, {})
    assert "did you mean 'medgemma'?" in error


def test_a_server_that_answers_nonsense_fails_at_the_schema(model_server):
    model_server.script("A nurse cares for people.", "No JSON here.", "Nor here.", "Nor here.")
    status, found, _ = check("--model", f"openai:scripted@{model_server.url}")
    assert (status, steps(found)[-1]) == (1, ("interviewer", "schema-bound answer", False))


def test_tables_are_for_people():
    done = subprocess.run(
        [sys.executable, "-m", "symptom_intake.agent.cli", "models", "check"],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0
    for word in ("interviewer: google/medgemma-27b-text-it", "54.0 GB", "Health AI Developer Foundations terms of use"):
        assert word in done.stdout


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as a download needs: the list of files and the files, or a refusal."""

    folder: Path
    refusal: tuple[int, str] | None = None
    served: list[str]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.served.append(path)
        if self.refusal:
            return self.reply(self.refusal[0], b"{}", {"X-Error-Code": self.refusal[1]})
        if path.startswith("/api/models/"):
            files = [{"type": "file", "path": file.name, "rfilename": file.name, "size": file.stat().st_size, "oid": "0" * 40}
                     for file in sorted(self.folder.iterdir())]  # fmt: skip
            about = {"id": "someone/tiny", "sha": COMMIT, "siblings": files}
            return self.reply(200, json.dumps(files if "/tree/" in path else about).encode(), {})
        file = self.folder / Path(path).name
        if not file.exists():
            return self.reply(404, b"{}", {"X-Error-Code": "EntryNotFound"})
        self.reply(200, file.read_bytes(), {"X-Repo-Commit": COMMIT, "ETag": f'"{file.name}"'})

    def reply(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


@pytest.fixture
def hub(tiny_text_folder) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneHub", (Hub,), {"folder": tiny_text_folder, "served": []}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def of_hub(hub: ThreadingHTTPServer, home: Path) -> dict[str, str]:
    return {"HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}", "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1"}


def test_weights_named_in_full_are_fetched_once_and_pinned(hub, tmp_path):
    status, found, error = check("--model", "medgemma:someone/tiny", **of_hub(hub, tmp_path))
    assert (status, steps(found)[0]) == (0, ("interviewer", "load", True)), (found, error)
    assert found["steps"][0]["said"] == f"someone/tiny@{COMMIT}"
    hub.RequestHandlerClass.served.clear()
    status, found, _ = check("--model", "medgemma:someone/tiny", **of_hub(hub, tmp_path))
    assert (status, found["models"][0]["revision"], hub.RequestHandlerClass.served) == (0, COMMIT, [])


def test_only_looking_fetches_nothing(hub, tmp_path):
    status, found, _ = check("--no-load", "--model", "medgemma:someone/tiny", **of_hub(hub, tmp_path))
    assert (status, hub.RequestHandlerClass.served) == (1, [])
    assert "is not on this disk" in found["steps"][0]["said"]


def test_hostile_settings_are_refused_before_the_weights_are_fetched(hub, tiny_text_folder, tmp_path):
    import shutil

    folder = Path(shutil.copytree(tiny_text_folder, tmp_path / "hostile"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "evil.Model"}}))
    hub.RequestHandlerClass.folder = folder
    status, found, _ = check("--model", "medgemma:someone/tiny", **of_hub(hub, tmp_path))
    assert (status, "'auto_map'" in found["steps"][0]["said"]) == (1, True)
    assert not [path for path in hub.RequestHandlerClass.served if path.endswith(".safetensors")]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, "GatedRepo", "is gated: accept its terms on https://huggingface.co/someone/tiny"),
        (401, "RepoNotFound", "The hub knows no 'someone/tiny'"),
        (404, "RevisionNotFound", "but not this revision"),
        (500, "", "could not be fetched"),
    ],
)
def test_what_the_hub_refuses_is_said_in_plain_words(hub, tmp_path, status, code, said):
    hub.RequestHandlerClass.refusal = (status, code)
    ended, found, error = check("--model", "medgemma:someone/tiny", **of_hub(hub, tmp_path))
    assert ended == 1
    assert said in found["steps"][0]["said"]
    assert "Traceback" not in error
