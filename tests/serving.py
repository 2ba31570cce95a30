"""A real server on a real socket, for tests that need one: gunicorn as `make run` starts it."""

from __future__ import annotations

import http.client
import json
import os
import time
from pathlib import Path
from typing import Any

from flask import Flask

from fair_pos import serve
from fair_pos.settings import Settings
from tests.nursery import Process, nursery


class Server:
    """gunicorn with the app on 127.0.0.1; ends with `stop()`, dies with `kill()` and can be started again."""

    def __init__(self, settings: Settings, port: int, log: Path, static: Path | None = None) -> None:
        self.settings = settings
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self._log = log
        self._app = "fair_pos:serve()" if static is None else f"tests.serving:app_with_static({str(static)!r})"
        self._process: Process | None = None

    def start(self) -> None:
        environment = os.environ | {
            "DATABASE_URL": self.settings.database_url,
            "INSTANCE_DIR": str(self.settings.instance_dir),
            "SECRET_KEY": self.settings.secret_key,
            "DATA_KEY": self.settings.data_key,
            "PUBLIC_URL": self.address,
        }
        arguments = [
            "-k", "gthread", "-w", "1", "--threads", "8", "--no-control-socket",
            "--bind", f"127.0.0.1:{self.port}", self._app,
        ]  # fmt: skip
        self._process = nursery().start(arguments, environment, self._log)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                if get(self.port, "/sign-in")[0] == 200:
                    return
            except OSError:
                assert self._process is not None
                assert not self._process.wait(0), self._log.read_text(errors="replace")
                assert time.monotonic() < deadline, self._log.read_text(errors="replace")
                time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL to master and worker at once: what a power cut is to a process."""
        assert self._process is not None
        self._process.kill_group()
        self._forget()

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        if not self._process.wait(20):
            self._process.kill_group()
        self._forget()

    def _forget(self) -> None:
        assert self._process is not None
        self._process.close()
        self._process = None


def app_with_static(folder: str) -> Flask:
    """The app with another folder of built files, which a test may change under the running server."""
    app = serve()
    app.static_folder = folder
    return app


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """(status, body) of a GET; raises OSError when there is no server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def post_json(port: int, path: str, body: object, headers: dict[str, str]) -> tuple[int, Any]:
    """(status, JSON) of a POST; raises OSError or HTTPException when the server goes away in the middle."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", path, json.dumps(body), headers | {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
