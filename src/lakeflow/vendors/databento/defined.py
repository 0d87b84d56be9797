"""What a delivery's definitions tell of its instruments: which there are on the day, and whose price must be above zero."""

import numpy as np
import numpy.typing as npt

from lakeflow.vendors.databento.directory import Page
from lakeflow.vendors.databento.verdict import above_zero

# By instrument_class, never by security_type, which calls a future's spread a future.
ALWAYS_ABOVE = frozenset({b"K", b"C", b"P"})  # stock, call, put
SPREADS = frozenset({b"S", b"T", b"M"})  # of futures, of options, of both

Records = npt.NDArray[np.void]
Yes = npt.NDArray[np.bool_]


class Defined:
    """The class of each instrument that the definitions of a day name; the last one of an instrument holds."""

    def __init__(self, product_type: str) -> None:
        self._product_type = product_type
        self._classes: dict[int, bytes] | None = None

    def add(self, rows: Records) -> None:
        """Take definitions in; once any file of them is there, what it does not name is not defined."""
        ids, classes = rows["instrument_id"].tolist(), rows["instrument_class"].tolist()
        self._classes = {**(self._classes or {}), **dict(zip(ids, classes, strict=True))}

    def on(self, page: Page, symbols: list[str]) -> tuple[Yes, Yes]:
        """Of each id of a directory's page, whether it is defined, and whether its prices must be above zero."""
        by_symbol = above_zero(self._product_type, symbols)[page.codes] if symbols else np.zeros(0, np.bool_)
        if self._classes is None:
            return np.ones(len(page.ids), np.bool_), by_symbol
        classes = [self._classes.get(instrument_id) for instrument_id in page.ids.tolist()]
        defined = np.array([each is not None for each in classes], np.bool_)
        above = [
            (by_name or each in ALWAYS_ABOVE) and each not in SPREADS
            for each, by_name in zip(classes, by_symbol.tolist(), strict=True)
        ]
        return defined, np.array(above, np.bool_)
