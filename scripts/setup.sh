#!/usr/bin/env bash
# Brings this checkout to where `make run` (argument: run) or `make test` (argument: test) can start.
# Every step leaves a stamp with a hash of what it was made from, so a second run skips what has not changed.
. "$(dirname "$0")/common.sh"

mode=${1:-run}
total=5
[ "$mode" = test ] && total=6
catalogues='fair_pos/translations/*/LC_MESSAGES/messages'
mkdir -p "$setup_dir/log"
exec 9>"$setup_dir/lock"
flock 9 # `make run` and `make test` at the same moment would install into one .venv

# --- running a step -------------------------------------------------------------------------------------------------

number=0
ticker=""
stop_ticker() {
    [ -z "$ticker" ] || { kill "$ticker" && wait "$ticker"; } 2>/dev/null || true
    ticker=""
}
trap stop_ticker EXIT

# step NAME TITLE KEY COMMAND… : runs the command unless its stamp carries this key already.
step() {
    local name=$1 title=$2 key=$3 log="$setup_dir/log/$1.txt" started=$EPOCHREALTIME status=0
    shift 3
    number=$((number + 1))
    [ "$(cat "$setup_dir/$name" 2>/dev/null)" = "$key" ] && return
    printf '[%d/%d] %s … ' "$number" "$total" "$title"
    # The sleep holds neither the terminal nor the lock, so nothing waits for it when the ticker has been ended.
    (while sleep 10 >/dev/null 2>&1 9>&-; do printf '%d s … ' "$(since "$started" | cut -d. -f1)"; done) &
    ticker=$!
    set +e
    (
        set -e
        "$@"
    ) >"$log" 2>&1 9>&- </dev/null
    status=$?
    set -e
    stop_ticker
    if [ "$status" -ne 0 ]; then
        printf 'failed\n\n' && tail -n 30 "$log" >&2
        die "This step failed: $title. Its whole output is in $log"
    fi
    printf '%s s\n' "$(since "$started")"
    printf '%s' "$key" >"$setup_dir/$name"
}

# --- 1 Debian packages ----------------------------------------------------------------------------------------------

# Read whole and then searched: `ldconfig -p | grep -q` fails now and then, when grep is done before ldconfig is.
has_library() { [[ $(ldconfig -p 2>/dev/null) == *"$1"* ]]; }
has_chromium() { command -v chromium chromium-browser google-chrome; }
has_postgresql() { command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

# The first Python of at least 3.11 that can make a virtual environment; failing that, any of at least 3.11.
find_python() {
    local candidate fallback=""
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$candidate" -c 'import ensurepip, venv' 2>/dev/null && echo "$candidate" && return
        [ -n "$fallback" ] || fallback=$candidate
    done
    echo "$fallback"
}

venv_works() {
    "$python" -c "import sys, pip; sys.exit(sys.version_info < (3, 11) or sys.prefix != '$PWD/.venv')" 2>/dev/null
}

missing_packages() {
    local found
    if ! venv_works; then
        found=$(find_python)
        if [ -z "$found" ]; then
            echo python3 python3-venv
        elif ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
            case $found in
            python3 | /usr/bin/python3) echo python3-venv ;;
            *) echo "$(basename "$found")-venv" ;;
            esac
        fi
    fi
    # What WeasyPrint draws receipts with. Without the last library it works, but six times as slowly.
    has_library libpango-1.0.so.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    [ -n "$(fc-list 'Noto Sans' file 2>/dev/null)" ] || echo fonts-noto-core
    if [ "$mode" = test ]; then
        has_chromium >/dev/null || { grep -qs '^ID=ubuntu' /etc/os-release && echo chromium-browser; } || echo chromium
        has_postgresql >/dev/null || echo postgresql
        command -v pdftotext >/dev/null || echo poppler-utils
        has_library libatomic.so.1 || echo libatomic1 # the Node inside Playwright asks for it
    fi
}

apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
    [ "$(id -u)" -eq 0 ] || apt=(sudo -n "${apt[@]}")
    # Package lists may be missing or old; only then are they fetched. A foreign source that cannot be reached does no harm.
    "${apt[@]}" install -y --no-install-recommends "$@" || {
        "${apt[@]}" update || true
        "${apt[@]}" install -y --no-install-recommends "$@"
    }
}

install_packages() {
    local missing
    missing=$(missing_packages | xargs)
    if [ -n "$missing" ]; then
        if ! command -v apt-get >/dev/null || { [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; }; then
            die "Please install these packages, then try again: sudo apt-get install --no-install-recommends $missing"
        fi
        # shellcheck disable=SC2086 # a list of names
        step packages "Debian packages / gói Debian: $missing" "$missing $EPOCHREALTIME" apt_install $missing
        missing=$(missing_packages | xargs)
        [ -z "$missing" ] || die "These were installed but cannot be found: $missing (Python must be 3.11 or newer)"
    else
        number=$((number + 1))
    fi
}

# --- 2, 3 Python ----------------------------------------------------------------------------------------------------

# Only what the lock files name, and only files whose hash they carry, whatever other index pip is told to look at.
# One retry first: an extra index that does not answer would otherwise cost its pauses again for every library.
pip_install() {
    local pip=("$python" -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r "$1")
    "${pip[@]}" --retries 1 || "${pip[@]}"
}

install_python() {
    venv_works || { rm -rf .venv && "$(find_python)" -m venv .venv; }
    pip_install requirements.txt
}

# --- 4, 5 Node and the till -----------------------------------------------------------------------------------------

install_node_packages() {
    node_is_fit || [ -x .venv/bin/npm ] || pip_install requirements-node.txt
    use_node
    # --include=dev: with NODE_ENV=production in the environment npm would leave out the builder.
    (cd till && npm ci --include=dev --no-audit --no-fund --loglevel=error)
}

copy_fonts() {
    mkdir -p static/vendor
    local fonts=till/node_modules/@fontsource/be-vietnam-pro subset weight
    for subset in vietnamese latin latin-ext; do
        for weight in 400 600; do
            cp "$fonts/files/be-vietnam-pro-$subset-$weight-normal.woff2" static/vendor/
        done
    done
    cp "$fonts/LICENSE" static/vendor/be-vietnam-pro-LICENSE.txt # the Open Font License travels with the font
}

build_till() {
    use_node
    copy_fonts
    # Written aside and moved, so that a failure leaves no half file to build from.
    "$python" -m fair_pos.till.wire_schema >"$setup_dir/wire.schema.json"
    mv "$setup_dir/wire.schema.json" till/wire.schema.json
    (cd till && npm run --silent build)
}

# --- 6 translations -------------------------------------------------------------------------------------------------

compile_translations() {
    compgen -G "$catalogues.po" >/dev/null || return 0 # Vietnamese needs no catalogue
    "$python" -m babel.messages.frontend compile -d fair_pos/translations
}

# --- all of it ------------------------------------------------------------------------------------------------------

# A stamp says nothing when somebody has deleted what the step made.
venv_works || rm -f "$setup_dir"/python*
[ -e till/node_modules/.package-lock.json ] || rm -f "$setup_dir/node"
[ -e static/till ] && [ -e static/gate ] && [ -e static/wall ] && [ -e till/wire.schema.json ] && compgen -G 'static/vendor/*.woff2' >/dev/null || rm -f "$setup_dir/till"
compgen -G "$catalogues.mo" >/dev/null || rm -f "$setup_dir/translations"

install_packages
step python "Python libraries / thư viện Python" "$PWD $(key_of requirements.txt)" install_python
if [ "$mode" = test ]; then
    step python-test "Test tools / công cụ kiểm thử" "$PWD $(key_of requirements-test.txt)" pip_install requirements-test.txt
fi
node=$(node_is_fit && echo "this machine's" || echo "our own")
step node "Till libraries / thư viện máy bán hàng, with $node Node" \
    "$node $(key_of till/package-lock.json requirements-node.txt)" install_node_packages
step till "Till program / dựng máy bán hàng" \
    "$(key_of till fair_pos/till/commands.py fair_pos/till/wire.py fair_pos/till/wire_schema.py fair_pos/visitors/wire.py static/tokens.css)" build_till
step translations "Translations / bản dịch" "$(key_of fair_pos/translations)" compile_translations
