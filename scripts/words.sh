#!/usr/bin/env bash
# `make words`: collect every text that goes through `_()` and put the new ones into the English catalogue, to be translated.
. "$(dirname "$0")/common.sh"

scripts/setup.sh run
catalogue=fair_pos/translations/en/LC_MESSAGES/messages.po
babel() { "$python" -m babel.messages.frontend "$@"; }
babel --quiet extract -F pyproject.toml -k _l -k lazy_gettext -k lazy_ngettext:1,2 --no-location --sort-output \
    --no-wrap -o "$setup_dir/words.pot" .
mkdir -p "$(dirname "$catalogue")"
if [ -e "$catalogue" ]; then
    # No guessing: an English text that was matched by likeness says something else.
    babel --quiet update -i "$setup_dir/words.pot" -o "$catalogue" -l en --no-fuzzy-matching --ignore-obsolete --no-wrap \
        --ignore-pot-creation-date
else
    babel --quiet init -i "$setup_dir/words.pot" -o "$catalogue" -l en --no-wrap
fi
awk -v file="$catalogue" '
    { if (bare && $0 == "") count++; bare = ($0 == "msgstr \"\"") }
    END { print file ": " count + bare + 0 " texts without English" }' "$catalogue"
