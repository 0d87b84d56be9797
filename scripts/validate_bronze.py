"""Validate bronze: every delivered record in one table, of its day, of a defined instrument. For CI: exit 0 whole, 1 red, 2 not asked well."""

import sys

from lakeflow.cli.auditor import main

if __name__ == "__main__":
    sys.exit(main("bronze", __doc__ or ""))
