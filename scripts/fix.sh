#!/usr/bin/env bash
# `make fix`: put formatting right and repair what the tools can repair by themselves.
. "$(dirname "$0")/common.sh"

scripts/setup.sh test
use_node
"$python" -m ruff check --fix-only --quiet .
"$python" -m ruff format .
(cd till && npm run --silent format -- --log-level warn)
