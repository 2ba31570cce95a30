"""Print the JSON Schema of the wire, which becomes TypeScript at build."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import models_json_schema

from fair_pos.till import commands, wire
from fair_pos.till.commands import Shape


def wire_schema() -> dict[str, Any]:
    """All shapes of commands.py and wire.py under `$defs`."""
    named = vars(commands) | vars(wire)
    shapes = [
        value for value in named.values() if isinstance(value, type) and issubclass(value, Shape) and value is not Shape
    ]
    _, schema = models_json_schema([(shape, "validation") for shape in shapes], ref_template="#/$defs/{model}")
    return schema


if __name__ == "__main__":
    json.dump(wire_schema(), sys.stdout, ensure_ascii=False, indent=1)
