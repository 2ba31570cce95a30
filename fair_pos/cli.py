"""`flask --app fair_pos …`: what is done at the server and not in a browser."""

from __future__ import annotations

import click
from flask import Flask, current_app

from fair_pos.plumbing.migrations import upgrade
from fair_pos.settings import Settings


def init_cli(app: Flask) -> None:
    """Add our commands."""
    for command in (migrate,):
        app.cli.add_command(command)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return settings


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    upgrade(_settings().database)
