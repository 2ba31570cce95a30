"""`flask --app fair_pos …`: what is done at the server and not in a browser."""

from __future__ import annotations

import sys

import click
from flask import Flask, current_app

from fair_pos.plumbing.db import reading
from fair_pos.plumbing.migrations import upgrade
from fair_pos.proof.queries import prove
from fair_pos.proof.rules import Differs
from fair_pos.settings import Settings


def init_cli(app: Flask) -> None:
    """Add our commands."""
    for command in (migrate, verify):
        app.cli.add_command(command)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return settings


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    upgrade(_settings().database)


@click.command()
def verify() -> None:
    """Compute sums, stock, daily figures and chains again from the received commands; exit 1 naming the first difference."""
    try:
        proof = prove(reading())
    except Differs as differs:
        click.echo(f"KHÔNG KHỚP · DIFFERENCE — {differs.difference}")
        sys.exit(1)
    click.echo(
        f"KHỚP · all agree: {proof.commands} commands, {proof.sales} sales, {proof.quarantined} quarantined, {proof.oddities} oddities"
    )
    for gap in proof.gaps:
        click.echo(f"còn thiếu · still missing from device {gap}")
