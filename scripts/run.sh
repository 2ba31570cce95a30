#!/usr/bin/env bash
# `make run`: set up what is missing, prepare the database, serve. Settings come from the environment (README).
. "$(dirname "$0")/common.sh"

export HOST=${HOST:-127.0.0.1} PORT=${PORT:-8000}
[[ $PORT =~ ^[1-9][0-9]{0,4}$ ]] && ((PORT <= 65535)) || die "PORT must be a number from 1 to 65535, and is '$PORT'."

# Asked before a set-up that may take a minute, when there may be no Python yet.
(: <"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null &&
    die "Port $PORT is busy: another program answers there. Stop it, or choose another port: make run PORT=8001"

scripts/setup.sh run

# Taken but not answering, reserved, or an address that is not this machine's.
refused=$("$python" scripts/can_listen.py "$HOST" "$PORT") || die "$refused"

# One process for all of it: bring the database up to date, load the demo fair into an empty one, print the addresses.
"$python" -m flask --app fair_pos prepare

# SQLite has one writer, and the gate before it is kept per process and file: one process with threads is its best shape.
workers=1
case ${DATABASE_URL:-} in
postgresql*) workers=${WEB_WORKERS:-1} ;;
esac

case $HOST in
*:*) address="[$HOST]:$PORT" ;;
*) address="$HOST:$PORT" ;;
esac
exec "$python" -m gunicorn -k gthread -w "$workers" --threads 8 --no-control-socket --log-level warning \
    --bind "$address" 'fair_pos:serve()'
