#!/usr/bin/env bash
# `make chaos`: the property tests about money shared and settled on ten times as many examples, 20,000 where the suite tries 2,000.
. "$(dirname "$0")/common.sh"

unset DATABASE_URL SECRET_KEY DATA_KEY HOST PORT DEMO_DAYS WEB_WORKERS
scripts/setup.sh test
exec "$python" -m pytest -q -n 0 -m chaos --hypothesis-profile chaos "$@"
