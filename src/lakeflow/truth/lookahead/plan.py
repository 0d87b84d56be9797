"""What a calibration is asked for."""

from typing import NamedTuple

from lakeflow.truth.lookahead.folds import Choices, Walk


class Plan(NamedTuple):
    """Horizons and `embargo` in seconds, all else in ticks; `fee` is what a signal pays beside half the spread."""

    horizons: tuple[int, ...] = (1, 2, 5, 10, 20, 30)
    rule: Walk | Choices = Walk()
    embargo: int = 128
    flat_band: float = 0.5
    bins: int = 15
    thresholds: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5)
    fee: float = 0.0
    times: int = 2000
