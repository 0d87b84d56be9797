"""Validate gold: sessions second by second, events and what came after them, that account for each other and for the books they were made from. For CI: exit 0 whole, 1 red, 2 not asked well."""

import sys

from lakeflow.cli.auditor import main

if __name__ == "__main__":
    sys.exit(main("gold", __doc__ or ""))
