#!/usr/bin/env bash
# `make bench`: what a sale costs on this machine, as ratios, at the server (bench/run.py) and on the tablet (bench/till.py); and a closing report.
. "$(dirname "$0")/common.sh"

scripts/setup.sh test
"$python" -m bench.run
"$python" -m bench.closing_report
"$python" -m bench.settlement
exec "$python" -m bench.till
