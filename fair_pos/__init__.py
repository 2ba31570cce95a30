"""fair_pos: the fair and showroom till that loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from fair_pos.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application factory (fair_pos/app.py), imported late so that `fair_pos.kernel` loads without Flask."""
    from fair_pos.app import create_app as make

    return make(settings)


def serve() -> Flask:
    """The application as a server runs it: with the thread that sends papers to the printers. Commands and tests do without."""
    from fair_pos.printing.sender import start_sending

    app = create_app()
    start_sending(app)
    return app
