#!/usr/bin/env bash
# Bring the last days up to date: for cron or a timer. Usage: scripts/nightly.sh [PROJECT] [BUDGET] [DATES]
set -u
project=${1:-.}
budget=${2:-2h}
dates=${3:-last 7 days}
lakeflow=$project/.venv/bin/lakeflow
[ -x "$lakeflow" ] || lakeflow=lakeflow

"$lakeflow" backfill --project "$project" --dt "$dates" --budget "$budget" --wait 0
code=$?
# Nothing delivered yet is a quiet night, not a failure.
[ "$code" -eq 6 ] && exit 0
exit "$code"
