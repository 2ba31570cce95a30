"""`flask --app fair_pos …`: what is done at the server and not in a browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError

from fair_pos.board.queries import open_boards
from fair_pos.catalogue.actions import import_products, read_product_file
from fair_pos.demo.load import PASSWORD, PIN, is_empty, open_sign_ins
from fair_pos.demo.load import load_demo as fill_with_demo
from fair_pos.demo.organiser import freeze_last_year
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import Refusal
from fair_pos.people.actions import create_person, grant_role
from fair_pos.people.rules import Role, Scope
from fair_pos.plumbing.db import in_transaction, reading, snapshot, transaction
from fair_pos.plumbing.migrations import upgrade
from fair_pos.plumbing.sentences import row_sentence, sentence
from fair_pos.proof.day_sheets import prove_day_sheets
from fair_pos.proof.notes import prove_notes
from fair_pos.proof.queries import prove
from fair_pos.proof.rules import Differs
from fair_pos.proof.settlement import prove_settlements
from fair_pos.proof.visitors import prove_visitors
from fair_pos.settings import Settings
from fair_pos.terms.accounts import seal_again
from fair_pos.terms.vault import Vault
from fair_pos.till.waiting_file import import_waiting, read_waiting_file
from fair_pos.venues.rules import DEFAULT_BOUNDARY_MINUTES
from fair_pos.visitors.taps_file import import_taps, read_taps_file


def init_cli(app: Flask) -> None:
    """Add our commands."""
    for command in (
        migrate,
        create_admin,
        verify,
        prepare,
        load_demo,
        import_products_file,
        import_waiting_file,
        import_taps_file,
        reseal,
    ):
        app.cli.add_command(command)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return settings


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest schema."""
    upgrade(_settings().database)


@click.command()
@click.argument("login_name")
@click.argument("name")
@click.password_option(help="Asked for when not given.")
@with_appcontext
def create_admin(login_name: str, name: str, password: str) -> None:
    """Make an administrator. On an empty database this comes first: what is not empty gets no demo and no demo accounts."""
    upgrade(_settings().database)
    try:
        with transaction() as session:
            person = create_person(session, login_name=login_name, name=name, password=password, at=now(), by=None)
            grant_role(session, person, Role.ADMINISTRATOR, Scope(), at=now(), by=None)
            made = person.login_name
    except Refusal as refusal:
        with force_locale("vi"):
            click.echo(sentence(refusal.code, refusal.facts))
        sys.exit(1)
    click.echo(f"Đã tạo quản trị viên · administrator made: {made}")


@click.command()
@with_appcontext
def verify() -> None:
    """Compute sums, stock, daily figures and chains again from the received commands; exit 1 naming the first difference."""
    try:
        with snapshot() as session:
            proof = prove(session)
            visitors = prove_visitors(session)
            sheets = prove_day_sheets(session)
            notes = prove_notes(session)
            settlements = prove_settlements(session)
    except Differs as differs:
        click.echo(f"KHÔNG KHỚP · DIFFERENCE — {differs.difference}")
        sys.exit(1)
    click.echo(
        f"KHỚP · all agree: {proof.commands} commands, {proof.sales} sales, {proof.giveaways} giveaways, {proof.quarantined} quarantined, {proof.oddities} oddities"
    )
    if visitors.devices:
        click.echo(
            f"KHỚP · all agree: {visitors.entries} gate entries of {visitors.devices} phones in {visitors.hours} hours"
        )
    if sheets.sheets:
        click.echo(f"KHỚP · all agree: {sheets.sheets} day sheets with {sheets.receipts} signed receipts")
    if notes.notes:
        click.echo(f"KHỚP · all agree: {notes.notes} notes of goods, {notes.receipts} received")
    if settlements.statements:
        click.echo(
            f"KHỚP · all agree: {settlements.statements} statements of owners with {settlements.parts} parts, {settlements.payouts} payouts"
        )
    for gap in proof.gaps:
        click.echo(f"còn thiếu · still missing from device {gap}")


@click.command()
@with_appcontext
def prepare() -> None:
    """Bring the database to the newest schema, load the demo into an empty one, and say where to go."""
    settings = _settings()
    try:
        upgrade(settings.database)
    except OperationalError as error:
        # One sentence: whoever starts a server has no use for where in our code the connection failed.
        reason = str(error.orig).strip().partition("\n")[0]
        raise click.ClickException(f"Không kết nối được cơ sở dữ liệu · cannot reach the database: {reason}") from None
    _load_demo(settings.demo_days)
    _say_where(settings)


@click.command()
@with_appcontext
@click.option("--days", type=click.IntRange(0, 60), help="Days of sample sales before today; DEMO_DAYS when left out.")
def load_demo(days: int | None) -> None:
    """Load the demo fair; does nothing unless the database is empty."""
    if not _load_demo(_settings().demo_days if days is None else days):
        click.echo("Cơ sở dữ liệu đã có dữ liệu nên không nạp dữ liệu mẫu.")


def _load_demo(days: int) -> bool:
    at = now()
    today = fair_day(at, DEFAULT_BOUNDARY_MINUTES)
    if not is_empty(reading()):
        return False
    with transaction() as session:
        vault = Vault(_settings().data_key)
        loaded = fill_with_demo(session, today=today, at=at, demo_days=days, vault=vault)
    if loaded and days:
        with transaction(one_moment=True) as session:
            freeze_last_year(session, at=at)
    return loaded


def _say_where(settings: Settings) -> None:
    click.echo(f"\nfair_pos: {settings.public_url}")
    click.echo(f"  Ban tổ chức, chủ thể:  {settings.public_url}/sign-in")
    click.echo(f"  Máy bán hàng:          {settings.public_url}/till/")
    click.echo(f"  Điện thoại cổng:       {settings.public_url}/gate/  (mã ghép ở «Khách → Cổng và điện thoại»)")
    click.echo(f"  Màn hình lớn:          {settings.public_url}/wall/  (mở địa chỉ tạo ở «Trực tiếp → Màn hình»)")
    for slug in open_boards(reading()):
        click.echo(f"  Bảng cho mọi người:    {settings.public_url}/fair/{slug}")
    if settings.host not in {"127.0.0.1", "localhost", "::1"} and "127.0.0.1" in settings.public_url:
        click.echo(
            "\nĐặt PUBLIC_URL là địa chỉ mà điện thoại và máy bán hàng mở được (https), nếu không mã QR dẫn về chính máy của khách."
            "\nSet PUBLIC_URL to the https address that phones and tablets can open; QR codes lead there."
        )
    accounts = open_sign_ins(reading())
    if accounts:
        click.echo(f"\nTài khoản mẫu, mật khẩu đều là «{PASSWORD}» (chỉ để xem thử, hãy đổi trước khi dùng thật):")
        for account in accounts:
            click.echo(f"  {account.login_name:<12} {account.name}")
        click.echo(f"Mã PIN mẫu của người bán và ban tổ chức ở máy bán hàng: {PIN}")
    click.echo()


@click.command("import-products")
@with_appcontext
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
def import_products_file(file: Path, *, dry_run: bool) -> None:
    """Import products from a CSV or XLSX file, all rows or none; exit 1 with every error, in Vietnamese."""
    with force_locale("vi"):
        try:
            parsed = read_product_file(file.read_bytes(), file.name)
        except Refusal as refusal:
            click.echo(sentence(refusal.code, refusal.facts), err=True)
            sys.exit(1)
        for remark in (*parsed.errors, *parsed.notes):
            click.echo(row_sentence(remark.number, remark.code, remark.facts), err=True)
        if parsed.errors:
            click.echo(sentence("rows_wrong", {"count": len(parsed.errors)}), err=True)
            sys.exit(1)
        try:
            if dry_run:
                with snapshot() as session:
                    result = import_products(session, parsed.rows, now(), None, write=False)
            else:
                result = in_transaction(lambda session: import_products(session, parsed.rows, now(), None))
        except Refusal as refusal:  # what the rows say does not go with what is known
            click.echo(sentence(refusal.code, refusal.facts), err=True)
            sys.exit(1)
    done = "Sẽ thêm" if dry_run else "Đã thêm"
    click.echo(f"{done} {result.created}, cập nhật {result.updated}, giữ nguyên {result.unchanged} sản phẩm.")


@click.command("import-waiting")
@with_appcontext
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--booth", "booth_id", required=True, help="Id of the booth a tablet unknown to this server stood at.")
def import_waiting_file(file: Path, *, booth_id: str) -> None:
    """Take in the file a tablet saved with «Lưu đơn chờ ra tệp»; the same file again changes nothing."""
    try:
        held = read_waiting_file(file.read_bytes())
        done = in_transaction(lambda session: import_waiting(session, held, booth_id=booth_id, at=now()))
    except Refusal as refusal:
        with force_locale("vi"):
            click.echo(sentence(refusal.code, refusal.facts), err=True)
        sys.exit(1)
    stored, had, aside = (done.answers[one] for one in ("stored", "already_have", "quarantined"))
    click.echo(
        f"Đã nhập {stored} đơn mới, {had} đơn đã có, {aside} đơn để riêng; "
        f"máy {', '.join(done.letters) or '—'} · {stored} new, {had} known, {aside} quarantined"
    )


@click.command("import-taps")
@with_appcontext
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--gate", "gate_id", required=True, help="Id of the gate a phone unknown to this server stood at.")
def import_taps_file(file: Path, *, gate_id: str) -> None:
    """Take in the file a gate's phone saved with «Lưu lượt ra tệp»; the same file again changes nothing."""
    try:
        held = read_taps_file(file.read_bytes())
        answers = in_transaction(lambda session: import_taps(session, held, gate_id=gate_id, at=now()))
    except Refusal as refusal:
        with force_locale("vi"):
            click.echo(sentence(refusal.code, refusal.facts), err=True)
        sys.exit(1)
    stored, had, aside = (answers[one] for one in ("stored", "already_have", "quarantined"))
    click.echo(
        f"Đã nhập {stored} lượt mới, {had} lượt đã có, {aside} lượt để riêng · "
        f"{stored} new, {had} known, {aside} quarantined"
    )


@click.command()
@with_appcontext
def reseal() -> None:
    """Seal all bank accounts of owners with the first of the keys in DATA_KEY, so that the older ones can be taken away."""
    vault = Vault(_settings().data_key)
    sealed, lost = in_transaction(lambda session: seal_again(session, vault))
    click.echo(f"Đã mã hóa lại {sealed} tài khoản.")
    for account_id in lost:
        click.echo(f"Không mở được tài khoản {account_id}: thiếu khóa cũ trong DATA_KEY.")
    if lost:
        sys.exit(1)
