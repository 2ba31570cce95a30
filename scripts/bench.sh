#!/usr/bin/env bash
# `make bench`: what a sale costs on this machine, as ratios (bench/run.py says which).
. "$(dirname "$0")/common.sh"

scripts/setup.sh test
exec "$python" -m bench.run
