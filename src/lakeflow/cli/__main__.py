"""`python -m lakeflow.cli` is the command, for where no script is installed."""

from lakeflow.cli.main import main

main()
