"""Ctrl-C while tasks run: noted at once, raised only where nothing is cut in two."""

import os
import signal
import threading
from multiprocessing import Pipe
from multiprocessing.connection import wait
from types import FrameType
from typing import Self


class Interrupts:
    """Holds an interrupt back until `raise_noted`; a second one before that is raised on the spot.

    While it does, a commit that the first Ctrl-C falls into is finished. Somebody else's handler, and a process that was
    started with interrupts ignored, are left as they are.
    """

    def __init__(self) -> None:
        self.alarm, self._bell = Pipe(duplex=False)  # what waits for other things can wait for this as well
        self._noted = False
        self._installed = False

    def __enter__(self) -> Self:
        is_default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_default and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._note)
            self._installed = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.alarm.close()
        self._bell.close()

    @property
    def is_noted(self) -> bool:
        return self._noted

    def raise_noted(self) -> None:
        """Let an interrupt that came meanwhile happen here."""
        if self._noted:
            self._noted = False
            raise KeyboardInterrupt

    def pause(self, seconds: float) -> None:
        """Sleep, but not through an interrupt."""
        wait([self.alarm], timeout=seconds)

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        if self._noted:
            raise KeyboardInterrupt
        self._noted = True
        os.write(self._bell.fileno(), b"\0")
