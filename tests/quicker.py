"""What thousands of fresh apps would otherwise pay again and again: addresses, templates and passwords are worked out once.

Each test makes its whole application, so that none leans on another. Half of the suite's time went into compiling the
same 300 addresses and the same templates, and into passwords that are slow to hash on purpose. None of it is what a test looks at.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from fair_pos.people import actions

_COMPILED: dict[tuple[object, ...], dict[str, Any]] = {}


class KnownRule(Rule):
    """An address that is compiled once for all apps: what comes of it depends on its text alone."""

    def compile(self) -> None:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), self.merge_slashes)
        if key not in _COMPILED:
            super().compile()
            names = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")
            _COMPILED[key] = {name: self.__dict__[name] for name in names}
        self.__dict__.update(_COMPILED[key])


def make_apps_quicker() -> None:
    """For this process and until it ends."""
    folder = tempfile.mkdtemp(prefix="fair_pos_templates_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    options: dict[str, Any] = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(folder)}
    Flask.jinja_options = options
    Flask.url_rule_class = KnownRule
    # tests/people/test_actions looks at what a password really costs.
    actions.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
