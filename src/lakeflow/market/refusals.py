"""What is refused of ticks in datasets.yaml before anything runs: sizes that no price can step by."""

import math
from collections.abc import Mapping
from typing import Any


def of_ticks(params: Mapping[str, Any]) -> list[str]:
    """Each tick that is not a price above 0, in whole billionths."""
    ticks = params.get("ticks", {})
    if not isinstance(ticks, Mapping):
        return [f"ticks: expected a map of roots or * to ticks, found {ticks!r}"]
    return [
        f"ticks: {root}: expected a tick above 0 in whole billionths, found {tick!r}"
        for root, tick in ticks.items()
        if not is_tick(tick)
    ]


def is_tick(value: Any) -> bool:
    """Prices are whole billionths, so a finer step is none."""
    if type(value) not in (int, float) or not math.isfinite(value) or value <= 0:
        return False
    billionths = value * 1e9
    return math.isclose(billionths, round(billionths), rel_tol=1e-12) and round(billionths) > 0
