# Each target is one script in scripts/, so it can be read, and run, without make.
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench chaos words lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target words; do printf '  make %-6s %s\n' "$$target" "$$words"; done

run: ## set up what is missing and serve, with a demo fair, at http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL, DEMO_DAYS)
	@bash scripts/run.sh

test: ## every check and test, on SQLite, PostgreSQL and in a real browser
	@bash scripts/test.sh

check: ## only the quick checks: format, lint, types, imports, till
	@bash scripts/test.sh format lint types imports till

fix: ## put formatting right and repair what can be repaired
	@bash scripts/fix.sh

bench: ## sales as ratios to the raw transaction, on this machine; never part of a test
	@bash scripts/bench.sh

chaos: ## property tests of money shared and settled, on ten times as many examples
	@bash scripts/chaos.sh

words: ## put new texts into the English catalogue
	@bash scripts/words.sh

lock: ## compile requirements*.in and till/package.json to lock files
	@bash scripts/lock.sh

# instance/ holds the database and is not ours to delete.
clean: ## remove what set-up and tests made; the database in instance/ stays
	rm -rf .setup .venv till/node_modules till/wire.schema.json till/src/wire.gen.ts static/till static/gate static/wall static/vendor build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find fair_pos migrations tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	find fair_pos -name '*.mo' -delete
