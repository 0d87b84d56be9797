"""Validate selections: one a session, never backwards, from what was known before the open. For CI: exit 0 whole, 1 red, 2 not asked well."""

import sys

from lakeflow.cli.auditor import main

if __name__ == "__main__":
    sys.exit(main("selection", __doc__ or ""))
