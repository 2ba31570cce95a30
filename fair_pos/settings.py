"""Every setting, typed, with its default and its meaning; read once from the environment."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

TOP = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """All settings of one running server. Names in capitals are the environment variables."""

    instance_dir: Path = TOP / "instance"
    """INSTANCE_DIR: database, uploads and secrets; readable by the server's user alone."""
    database_url: str = ""
    """DATABASE_URL: empty for SQLite in `instance/`; `postgresql://user@host/name` where one machine is outgrown."""
    public_url: str = "http://127.0.0.1:8000"
    """PUBLIC_URL: the address written into receipt QR codes; default http://HOST:PORT."""
    host: str = "127.0.0.1"
    """HOST: the address to listen on."""
    port: int = 8000
    """PORT: the port to listen on."""
    trusted_hosts: tuple[str, ...] = ()
    """TRUSTED_HOSTS: further names by which the server may be asked, with commas between them; see `host_names`."""
    demo_days: int = 3
    """DEMO_DAYS: how many days before today the demo fair fills with sample sales; 0 leaves them out."""
    secure_cookies: bool = False
    """Derived from PUBLIC_URL: an https address makes cookies Secure and named `__Host-`."""
    secret_key: str = field(default="", repr=False)
    """SECRET_KEY: signs sessions; made at first start and kept in `instance/secret_key` when empty."""
    data_key: str = field(default="", repr=False)
    """DATA_KEY: seals bank accounts of owners of goods; several with commas between them, the newest first. Made at first start and kept
    in `instance/data_key` when empty. Without it the accounts are lost: keep it where no backup of the database lies."""
    hooks_file: Path | None = None
    """HOOKS_FILE: the secrets of SePay, Casso and payOS; default `hooks.json` in INSTANCE_DIR (docs/payments.md)."""
    testing: bool = False
    """Set by tests only: lets errors through instead of showing the fallback page."""

    @property
    def host_names(self) -> frozenset[str]:
        """The names a request may be addressed to: that of PUBLIC_URL, this machine's own, and TRUSTED_HOSTS. Plain addresses always may."""
        own = urlsplit(self.public_url).hostname or ""
        return frozenset({own, "localhost", *self.trusted_hosts})

    @property
    def hooks_path(self) -> Path:
        """Where the secrets of providers lie; there need not be any."""
        return self.hooks_file or self.instance_dir / "hooks.json"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; `postgres://` and `postgresql://` both mean psycopg 3."""
        url = self.database_url
        if not url:
            return f"sqlite:///{self.instance_dir / 'fair_pos.sqlite3'}"
        if url.startswith("sqlite:///"):
            # One place for migrations, the app and its lock file, wherever each was started.
            return f"sqlite:///{Path(url.removeprefix('sqlite:///')).resolve()}"
        for old in ("postgres://", "postgresql://"):
            if url.startswith(old):
                return "postgresql+psycopg://" + url.removeprefix(old)
        return url


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises SettingWrong with a plain sentence."""
    env = os.environ if environ is None else environ
    instance_dir = Path(env.get("INSTANCE_DIR") or TOP / "instance")
    host = env.get("HOST") or "127.0.0.1"
    port = _number(env, "PORT", 8000)
    shown_host = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (compared, not bound)
    public_url = (env.get("PUBLIC_URL") or f"http://{shown_host}:{port}").rstrip("/")
    return Settings(
        instance_dir=instance_dir,
        database_url=_database_url(env),
        public_url=public_url,
        host=host,
        port=port,
        trusted_hosts=tuple(one.strip().lower() for one in env.get("TRUSTED_HOSTS", "").split(",") if one.strip()),
        demo_days=_number(env, "DEMO_DAYS", 3),
        hooks_file=Path(env["HOOKS_FILE"]) if env.get("HOOKS_FILE") else None,
        secure_cookies=public_url.startswith("https://"),
        secret_key=env.get("SECRET_KEY") or _kept_secret(instance_dir, "secret_key", secrets.token_urlsafe(48)),
        data_key=env.get("DATA_KEY") or _kept_secret(instance_dir, "data_key", new_data_key()),
    )


class SettingWrong(click.UsageError, ValueError):
    """A setting that cannot be meant. The command line prints its sentence and no traceback."""


DATABASES = ("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")


def _database_url(env: Mapping[str, str]) -> str:
    url = env.get("DATABASE_URL", "")
    if url and not url.startswith(DATABASES):
        kind = url.partition(":")[0]
        raise SettingWrong(f"DATABASE_URL must begin with sqlite:/// or postgresql://, not {kind!r}")
    return url


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal():
        raise SettingWrong(f"{name} must be a whole number of 0 or more, not {text!r}")
    return int(text)


def new_data_key() -> str:
    """A key that seals: 32 random bytes as text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept_secret(instance_dir: Path, name: str, fresh: str) -> str:
    """A secret of this installation, made once; the file is created readable by its owner alone from the first byte."""
    instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = instance_dir / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(fresh)
    return fresh
