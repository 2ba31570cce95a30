"""Databases that tests are given: files of SQLite, and a PostgreSQL that is started for the session."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from fair_pos.plumbing.migrations import upgrade
from fair_pos.settings import Settings


class PostgresServer:
    """A PostgreSQL of this test session: own folder, own port on 127.0.0.1, gone when the session ends.

    PostgreSQL refuses to run as root, so root starts it as the user that Debian's package made. `fsync` is off here and
    nowhere else: this data is meant to be lost.
    """

    def __init__(self) -> None:
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="fair_pos_pg_", dir=quickest_folder(self._user)))
        self._port = free_port()
        self._password = secrets.token_hex(16)
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        if self._user:
            for path in (self._folder, password_file):
                shutil.chown(path, self._user, pwd.getpwnam(self._user).pw_gid)
        data = self._folder / "data"
        self._call(
            "initdb", "-D", str(data), "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=fair_pos",
            "--auth=scram-sha-256", f"--pwfile={password_file}",
        )  # fmt: skip
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": str(self._folder),
            "max_connections": "200",
            "fsync": "off",
            "full_page_writes": "off",
            "timezone": "America/St_Johns",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._log = (self._folder / "log").open("wb")
        self._process = subprocess.Popen(
            [postgres_program("postgres"), "-D", str(data), *options],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, cwd=self._folder, **self._as_user(),
        )  # fmt: skip
        self._wait()

    def _as_user(self) -> dict[str, Any]:
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if self._user else {}

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [postgres_program(program), *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=self._folder, **self._as_user(),
        )  # fmt: skip
        assert done.returncode == 0, f"{program} failed: {done.stderr}"

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                log = (self._folder / "log").read_text(errors="replace")
                assert self._process.poll() is None, f"PostgreSQL stopped: {log}"
                assert time.monotonic() < deadline, f"PostgreSQL does not answer: {log}"
                time.sleep(0.05)
            else:
                return

    def url(self, database: str) -> str:
        return f"postgresql://fair_pos:{self._password}@127.0.0.1:{self._port}/{database}"

    def stop(self) -> None:
        self._process.send_signal(2)  # «fast»: ends sessions that a failed test left open
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def quickest_folder(other_user: str | None) -> str | None:
    """Where data that is lost anyway is made and dropped quickest: in memory, if there is plenty; None is the usual folder.

    Root's own temporary folder may be closed to `other_user`.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 << 30:
        return str(memory)
    return "/tmp" if other_user else None


def postgres_program(name: str) -> str:
    """The newest installed; Debian keeps these out of PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which(name)
    assert found, "PostgreSQL is not installed; `make test` installs it"
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Databases:
    """Makes databases of one kind: empty ones, and copies of one that was migrated once."""

    def empty(self) -> str:
        """The address of a new database without tables."""
        raise NotImplementedError

    def migrated(self) -> str:
        """The address of a new database with all tables."""
        raise NotImplementedError

    def copy_of(self, name: str, fill: Callable[[str], None]) -> str:
        """The address of a copy of a migrated database that `fill` put rows into, once for all tests of this worker that name it.

        `fill` is given an address and must have closed every connection when it returns.
        """
        raise NotImplementedError

    def drop_all(self) -> None:
        """Give back what the last test was given."""


class SqliteFiles(Databases):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filled: dict[str, Path] = {}
        self._template: Path | None = None
        self._numbers = count()

    def _new_path(self) -> Path:
        return self._folder / f"{next(self._numbers)}.sqlite3"

    def empty(self) -> str:
        return f"sqlite:///{self._new_path()}"

    def migrated(self) -> str:
        if self._template is None:
            self._template = self._new_path()
            upgrade(f"sqlite:///{self._template}")
            # The app turns WAL on at its first connection; here that is paid once.
            with contextlib.closing(sqlite3.connect(self._template)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        return self._copy(self._template)

    def copy_of(self, name: str, fill: Callable[[str], None]) -> str:
        if name not in self._filled:
            url = self.migrated()
            fill(url)
            path = Path(url.removeprefix("sqlite:///"))
            assert not path.with_name(f"{path.name}-wal").exists(), "somebody still has it open"
            self._filled[name] = path
        return self._copy(self._filled[name])

    def _copy(self, template: Path) -> str:
        path = self._new_path()
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"


class PostgresDatabases(Databases):
    def __init__(self, url: str, prefix: str) -> None:
        self._url = url
        self._prefix = prefix
        self._template = ""
        self._filled: dict[str, str] = {}
        self._given: list[str] = []
        self._numbers = count()
        self._connection = psycopg.connect(url.format("postgres"), autocommit=True)

    def _create(self, template: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy" if template else "CREATE DATABASE {}")
        self._connection.execute(statement.format(*(sql.Identifier(part) for part in (name, template) if part)))
        return name

    def _give(self, name: str) -> str:
        self._given.append(name)
        return self._url.format(name)

    def empty(self) -> str:
        return self._give(self._create(""))

    def migrated(self) -> str:
        if not self._template:
            self._template = self._create("")
            upgrade(Settings(database_url=self._url.format(self._template)).database)
        return self._give(self._create(self._template))

    def copy_of(self, name: str, fill: Callable[[str], None]) -> str:
        if name not in self._filled:
            self.migrated()
            made = self._create(self._template)
            fill(self._url.format(made))
            self._filled[name] = made
        return self._give(self._create(self._filled[name]))

    def drop_all(self) -> None:
        for name in self._given:
            self._connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        self._given.clear()

    def close(self) -> None:
        self._connection.close()
