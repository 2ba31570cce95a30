# Sourced by the other scripts: where things are, how a step is run, which Node is used. Changes nothing by itself.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

unset PYTHONPATH PYTHONHOME              # another project's modules must not be found before ours
export PATH="$PATH:/usr/sbin:/sbin"      # ldconfig lives there and an ordinary user's PATH leaves it out
export PYTHONDONTWRITEBYTECODE=          # byte code is what makes the second start quick
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

python=.venv/bin/python
setup_dir=.setup                         # one stamp a step, and the log of the last run of each

die() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# Seconds since the given $EPOCHREALTIME, with one decimal. (10#: a fraction such as 089 is not octal.)
since() {
    local started=${1/[.,]/} now=${EPOCHREALTIME/[.,]/}
    local tenths=$(((10#$now - 10#$started) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# One hash over files, of folders over everything below them except what is made rather than written.
key_of() {
    find "$@" \( -name node_modules -o -name __pycache__ \) -prune -o \
        -type f ! -name '*.mo' ! -name '*.gen.ts' ! -name wire.schema.json -print0 2>/dev/null |
        LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# Vite asks for Node 20.19 and later in that line, or 22.12 and later; Debian's own package comes without npm.
node_is_fit() {
    local version major minor
    command -v npm >/dev/null && version=$(node --version 2>/dev/null) || return 1
    IFS=. read -r major minor _ <<<"${version#v}"
    ((major > 22 || (major == 22 && minor >= 12) || (major == 20 && minor >= 19)))
}

# The machine's own Node when it is recent enough, else the one that set-up puts into .venv.
use_node() {
    node_is_fit || export PATH="$PWD/.venv/bin:$PATH"
}
