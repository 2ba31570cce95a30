#!/usr/bin/env bash
# `make test`: every check, each named and timed; stops at the first that fails. Arguments choose steps: scripts/test.sh types till
. "$(dirname "$0")/common.sh"

scripts/setup.sh test
use_node
# What the shell that started us keeps for its own server must not reach the tests.
unset DATABASE_URL SECRET_KEY DATA_KEY HOST PORT DEMO_DAYS WEB_WORKERS

steps=(format lint types imports till tests postgresql journeys)

format()     { "$python" -m ruff format --check .; }
lint()       { "$python" -m ruff check .; }
types()      { "$python" -m mypy; }
imports()    { "$python" -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'; }
till()       { (cd till && npm run --silent check && npx --no-install prettier --check --log-level warn src tests ./*.ts ./*.mjs "!src/wire.gen.ts" && npm test --silent); }
tests()      { "$python" -m pytest -n 2 --dist worksteal -m 'not journey'; }
postgresql() { "$python" -m pytest -n 2 --dist worksteal -m 'not journey' --db postgresql; }
journeys()   { "$python" -m pytest -n 2 --dist worksteal -m journey; }

summary=""
finish() {
    printf '\n%s\n%s' "Summary / tổng kết" "$summary"
    [ -z "${1:-}" ] || die "FAILED: $1"
}

for name in "${@:-${steps[@]}}"; do
    [[ " ${steps[*]} " == *" $name "* ]] || die "There is no step '$name'; there are: ${steps[*]}"
    printf '\n== %s\n' "$name"
    started=$EPOCHREALTIME status=0
    set +e
    (
        set -e
        "$name"
    ) </dev/null
    status=$?
    set -e
    summary+=$(printf '  %-12s %7s s  %s' "$name" "$(since "$started")" "$([ $status -eq 0 ] && echo ok || echo FAILED)")$'\n'
    [ "$status" -eq 0 ] || finish "$name"
done
finish
