#!/usr/bin/env bash
# `make lock`: compile each requirements*.in to its .txt (pins and hashes, for every Python from 3.11 on), and till's lock file.
. "$(dirname "$0")/common.sh"

scripts/setup.sh run
"$python" -m pip install --quiet --target "$setup_dir/uv" --upgrade 'uv==0.13.9'
for name in requirements requirements-test requirements-node; do
    "$setup_dir/uv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --system-certs "$name.in" --output-file "$name.txt"
    echo "$name.txt"
done
use_node
(cd till && npm install --package-lock-only --no-audit --no-fund --loglevel=error)
echo "till/package-lock.json"
