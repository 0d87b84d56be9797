"""The picture of a run on a terminal, drawn anew a few times a second."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from lakeflow.human import bytes_text, seconds_text
from lakeflow.progress import Tally, position

MOST = 12  # running steps drawn; a terminal is not higher than some machines are wide


class Picture:
    """One bar over all steps with the time left, and below it the steps that run, the oldest first."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def shown(self, console: Console | None = None) -> Live:
        """The picture while it is open; what is written to stderr meanwhile appears above it."""
        console = console or Console(stderr=True)
        return Live(self, console=console, refresh_per_second=4, transient=True, redirect_stdout=False)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Any]:
        yield self._bar()
        if self._tally.running:
            yield self._steps()

    def _bar(self) -> Table:
        tally = self._tally
        grid = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=max(1, tally.total), completed=tally.finished, width=40)
        grid.add_row(bar, Text(position(tally)))
        return grid

    def _steps(self) -> Table:
        """A copy is drawn: the run goes on in another thread."""
        running = sorted(dict(self._tally.running).items(), key=lambda item: item[1].since)
        grid = Table.grid(padding=(0, 2))
        for key, begun in running[:MOST]:
            size = f"{bytes_text(begun.bytes)} in" if begun.bytes else ""
            grid.add_row(Text(f"  {key}"), Text(seconds_text(self._tally.elapsed(begun))), Text(size))
        if len(running) > MOST:
            grid.add_row(Text(f"  and {len(running) - MOST} more"), Text(""), Text(""))
        return grid
