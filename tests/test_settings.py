"""Settings: read from the environment, with defaults that are safe on one machine."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import click
import pytest

from fair_pos.settings import Settings, read_settings


def read(folder: Path, **environ: str) -> Settings:
    return read_settings({"INSTANCE_DIR": str(folder), **environ})


def test_defaults_serve_this_machine_alone(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.host, found.port, found.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (found.database, found.testing, found.secure_cookies) == (
        f"sqlite:///{tmp_path}/fair_pos.sqlite3",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("environ", "public_url", "secure"),
    [
        ({"PORT": "9000"}, "http://127.0.0.1:9000", False),
        ({"HOST": "10.0.0.5"}, "http://10.0.0.5:8000", False),
        ({"HOST": "0.0.0.0"}, "http://127.0.0.1:8000", False),
        ({"HOST": "::"}, "http://127.0.0.1:8000", False),
        ({"PUBLIC_URL": "https://ocop.example/"}, "https://ocop.example", True),
        ({"PUBLIC_URL": "https://ocop.example///"}, "https://ocop.example", True),
        ({"PUBLIC_URL": "http://ocop.example"}, "http://ocop.example", False),
        ({"PUBLIC_URL": "", "HOST": "", "PORT": ""}, "http://127.0.0.1:8000", False),
    ],
)
def test_the_address_on_receipts_and_secure_cookies(
    tmp_path: Path, environ: dict[str, str], public_url: str, secure: bool
) -> None:
    found = read(tmp_path, **environ)
    assert (found.public_url, found.secure_cookies) == (public_url, secure)


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgresql://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgres://u@h/n", "postgresql+psycopg://u@h/n"),
        ("postgresql+psycopg://u@h/n", "postgresql+psycopg://u@h/n"),
        ("sqlite:////srv/x.sqlite3", "sqlite:////srv/x.sqlite3"),
    ],
)
def test_both_names_of_postgresql_are_understood(tmp_path: Path, url: str, database: str) -> None:
    assert read(tmp_path, DATABASE_URL=url).database == database


@pytest.mark.parametrize(("name", "value"), [("PORT", "x"), ("PORT", "-1"), ("DEMO_DAYS", "1.5"), ("DEMO_DAYS", "²")])
def test_a_number_that_is_none_is_said_plainly(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a whole number"):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize("url", ["mysql://x/y", "x", "oracle+cx://h", "sqlite:x"])
def test_a_database_we_do_not_speak_is_said_plainly(tmp_path: Path, url: str) -> None:
    with pytest.raises(click.UsageError, match="DATABASE_URL must begin with"):
        read(tmp_path, DATABASE_URL=url)


def test_a_relative_database_is_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(tmp_path, DATABASE_URL="sqlite:///x.db").database == f"sqlite:///{tmp_path}/x.db"


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = read(folder).secret_key
    assert len(first) >= 43
    assert read(folder).secret_key == first
    assert read(tmp_path / "another").secret_key != first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_secret_that_was_given_is_not_kept(tmp_path: Path) -> None:
    assert read(tmp_path, SECRET_KEY="given").secret_key == "given"
    assert not (tmp_path / "secret_key").exists()


def test_settings_never_print_their_secret(tmp_path: Path) -> None:
    found = read(tmp_path, SECRET_KEY="given by hand")
    assert "given by hand" not in repr(found)


def test_names_by_which_the_server_may_be_asked(tmp_path: Path) -> None:
    assert read(tmp_path).host_names == {"127.0.0.1", "localhost"}
    found = read(tmp_path, PUBLIC_URL="https://OCOP.example:8443", TRUSTED_HOSTS=" may-chu.lan, Old.example ,")
    assert found.host_names == {"ocop.example", "localhost", "may-chu.lan", "old.example"}


def test_the_data_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = read(folder).data_key
    assert len(base64.urlsafe_b64decode(first)) == 32
    assert read(folder).data_key == first != read(tmp_path / "another").data_key
    assert stat.S_IMODE((folder / "data_key").stat().st_mode) == 0o600
    assert first not in repr(read(folder))


def test_data_keys_can_be_given(tmp_path: Path) -> None:
    assert read(tmp_path, DATA_KEY="new,old").data_key == "new,old"
    assert not (tmp_path / "data_key").exists()
