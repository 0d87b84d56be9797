"""Validate silver: books, trades and flows that account for each other and for the orders they were made from. For CI: exit 0 whole, 1 red, 2 not asked well."""

import sys

from lakeflow.cli.auditor import main

if __name__ == "__main__":
    sys.exit(main("silver", __doc__ or ""))
