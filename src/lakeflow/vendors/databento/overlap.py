"""Whether two files of one delivery hold the same stretch of time of an instrument, as a file delivered twice does."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from lakeflow.vendors.databento.records import Records
from lakeflow.vendors.errors import ForeignFile


class Last(NamedTuple):
    """The latest record of an instrument so far, and the file it is in."""

    received: int
    path: Path


class Overlap:
    """What was received last of every instrument, over the files read so far."""

    def __init__(self) -> None:
        self._last: dict[int, Last] = {}

    def refuse(self, path: Path, offset: int, rows: Records) -> None:
        """Raise if a file goes on with an instrument earlier than another file of the delivery left it."""
        ids, times = rows["instrument_id"], rows["ts_recv"]
        for instrument_id in np.unique(ids).tolist():
            received = times[ids == instrument_id]
            last = self._last.get(instrument_id)
            if last is not None and last.path != path and int(received.min()) < last.received:
                raise ForeignFile(
                    path,
                    offset,
                    f"instrument {instrument_id} to go on where {last.path.name} ends",
                    "records of earlier times",
                    "keep one of the two files: they hold the same stretch of the day",
                )
            self._last[instrument_id] = Last(max(int(received.max()), last.received if last else 0), path)
