"""Commands at the server: what they print and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import inspect, select, update

from fair_pos import create_app
from fair_pos.people.tables import Person
from fair_pos.plumbing.db import db, reading, transaction
from fair_pos.sales.tables import Sale
from fair_pos.settings import TOP, Settings, new_data_key
from tests.builders import make_fair, sign_in
from tests.databases import Databases
from tests.sales.histories import a_fair_with_tablets
from tests.terms.test_accounts import offer
from tests.visitors.phones import make_gates, pair_phone


def run(app: Flask, command_line: FlaskCliRunner, *words: str) -> Result:
    """As `flask --app fair_pos …` does it, which opens the application context first."""
    with app.app_context():
        return command_line.invoke(args=words)


def test_verify_agrees_and_counts(app: Flask, command_line: FlaskCliRunner) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(4)]
    tablet.send(parcels[0], parcels[1] | {"text": "{"}, parcels[3])
    done = run(app, command_line, "verify")
    assert done.exit_code == 0
    said, gaps = done.output.splitlines()
    assert "KHỚP" in said
    assert "2 commands, 2 sales, 0 giveaways, 1 quarantined, 0 oddities" in said
    assert gaps.endswith("A: 1 (3…)")


def test_verify_names_the_first_difference_and_fails(app: Flask, command_line: FlaskCliRunner) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    parcel = tablet.sale([(fair.goods[0], 1)])
    tablet.send(parcel)
    with app.app_context(), transaction() as session:
        session.execute(update(Sale).values(total_dong=219_999))
    done = run(app, command_line, "verify")
    assert done.exit_code == 1
    assert done.output.startswith("KHÔNG KHỚP")
    assert parcel["id"] in done.output
    assert "total_dong is 219999, computed 220000" in done.output


def test_verify_of_an_empty_server_agrees(app: Flask, command_line: FlaskCliRunner) -> None:
    done = run(app, command_line, "verify")
    assert (done.exit_code, "0 commands, 0 sales" in done.output) == (0, True)


def test_migrate_makes_all_tables_and_may_run_again(settings: Settings, databases: Databases) -> None:
    empty = Settings(**{**vars(settings), "database_url": databases.empty()})
    made = create_app(empty)
    for _ in range(2):
        assert run(made, made.test_cli_runner(), "migrate").exit_code == 0
    with made.app_context():
        assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())
        db.engine.dispose()


def test_an_administrator_can_be_made_before_any_demo(app: Flask, command_line: FlaskCliRunner) -> None:
    done = run(app, command_line, "create-admin", "chị.lan", "Lò Thị Lan", "--password", "một câu dài dễ nhớ")
    assert (done.exit_code, "chi.lan" in done.output) == (0, True)
    sign_in(app.test_client(), "chi.lan", "một câu dài dễ nhớ")
    done = run(app, command_line, "prepare")
    assert done.exit_code == 0
    for path in ("/sign-in", "/till/", "/gate/  (mã ghép", "/wall/  (mở địa chỉ"):
        assert path in done.output, path
    assert "/fair/" not in done.output, "no board is public yet"
    with app.app_context():
        assert [person.login_name for person in reading().scalars(select(Person))] == ["chi.lan"]


def test_an_administrator_with_a_poor_password_is_not_made(app: Flask, command_line: FlaskCliRunner) -> None:
    done = run(app, command_line, "create-admin", "lan", "Lò Thị Lan", "--password", "ngắn")
    assert (done.exit_code, done.output.strip()) == (1, "Mật khẩu cần ít nhất 8 ký tự.")


def test_a_file_of_waiting_sales_is_taken_in_once(app: Flask, command_line: FlaskCliRunner, tmp_path: Path) -> None:
    fair, (tablet,) = a_fair_with_tablets(app, 1)
    parcels = [tablet.sale([(fair.goods[0], 1)]) for _ in range(3)]
    devices = [{"device_id": "đã mất", "letter": "Q", "parcels": [*parcels, "không phải đơn"]}]
    file = tmp_path / "don-cho-gui-Q-3.json"
    file.write_text(json.dumps({"devices": devices}), encoding="utf-8")
    words = ("import-waiting", str(file), "--booth", fair.booth_ids[0])
    first, again = (run(app, command_line, *words) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "3 new, 0 known, 1 quarantined" in first.output
    assert "0 new, 3 known, 1 quarantined" in again.output
    assert "3 commands, 3 sales, 0 giveaways, 1 quarantined" in run(app, command_line, "verify").output


def test_a_file_that_is_something_else_is_refused(app: Flask, command_line: FlaskCliRunner, tmp_path: Path) -> None:
    fair, _ = a_fair_with_tablets(app, 1)
    file = tmp_path / "gia.csv"
    file.write_text("Tên sản phẩm,Giá", encoding="utf-8")
    done = run(app, command_line, "import-waiting", str(file), "--booth", fair.booth_ids[0])
    assert (done.exit_code, "không phải tệp đơn chờ" in done.stderr) == (1, True)
    file.write_text('{"devices": []}', encoding="utf-8")
    assert run(app, command_line, "import-waiting", str(file), "--booth", "không có").exit_code == 1


def test_the_taps_of_a_phone_come_in_from_a_file(app: Flask, command_line: FlaskCliRunner, tmp_path: Path) -> None:
    fair = make_fair(app)
    (gate,) = make_gates(app, fair)
    phone = pair_phone(app, fair, gate)
    phone.tap()
    file = tmp_path / "luot-dem.json"
    file.write_text(json.dumps({"gate_phones": [{"device_id": phone.device_id, "entries": phone.made}]}))
    for said in ("1 lượt mới, 0 lượt đã có", "0 lượt mới, 1 lượt đã có"):
        done = run(app, command_line, "import-taps", str(file), "--gate", gate)
        assert (done.exit_code, said in done.output) == (0, True)
    assert run(app, command_line, "import-taps", str(file), "--gate", "none").exit_code == 1
    file.write_text("[]")
    done = run(app, command_line, "import-taps", str(file), "--gate", gate)
    assert (done.exit_code, "không phải tệp lượt đếm" in done.output) == (1, True)


def test_a_server_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    environment = os.environ | {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "fair_pos", "prepare"],
        cwd=TOP, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "cannot reach the database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    environment = os.environ | {"INSTANCE_DIR": str(tmp_path), "DEMO_DAYS": "-3"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "fair_pos", "prepare"],
        cwd=TOP, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "DEMO_DAYS must be a whole number" in done.stderr
    assert "Traceback" not in done.stderr


def test_accounts_are_sealed_again_and_those_no_key_opens_are_named(app: Flask, settings: Settings) -> None:
    fair, fresh = make_fair(app), new_data_key()
    offer(app, fair)
    for keys, code, words in (
        (fresh, 1, "thiếu khóa cũ trong DATA_KEY"),
        (f"{fresh},{settings.data_key}", 0, "Đã mã hóa lại 1 tài khoản."),
        (fresh, 0, "Đã mã hóa lại 1 tài khoản."),
        (settings.data_key, 1, "Đã mã hóa lại 0 tài khoản."),
    ):
        other = create_app(Settings(**{**vars(settings), "data_key": keys}))
        done = run(other, other.test_cli_runner(), "reseal")
        assert (done.exit_code, words in done.output) == (code, True), done.output
        with other.app_context():
            db.engine.dispose()
