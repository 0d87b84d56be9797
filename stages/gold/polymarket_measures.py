"""The figures of every segment."""

import polars as pl

from lakeflow.forecast.tables.leaks import behind, broken, untold
from lakeflow.forecast.tables.maps import maps
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.scored import holding


def measure(  # noqa: PLR0913  a stage's arguments are its reads and its params
    scored: pl.DataFrame,
    recalibrated: pl.DataFrame,
    labels: pl.DataFrame,
    audits: pl.DataFrame,
    draws: int,
    seed: int,
    with_up_down: bool,
) -> dict[str, pl.DataFrame]:
    """Metrics with intervals, reliability bins, isotonic curves and recalibration maps of a window of scored forecasts, by the labels of its last day; none while a day of it breaks a rule."""
    every = holding(pl.concat([scored, recalibrated.select(scored.columns)]), labels)
    made = measured(every, draws, seed, with_up_down=with_up_down)
    return untold(made | {"recal_maps": maps(holding(scored, labels))}, broken(audits, behind(every)))
