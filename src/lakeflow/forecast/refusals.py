"""What is refused of the params of scored forecasts before anything runs: draws that give no interval, waits that look ahead."""

from collections.abc import Mapping
from typing import Any

MOST = 2**63 - 1
BOUNDS = {"draws": (1, 1_000_000), "seed": (0, MOST), "embargo_s": (0, MOST)}


def of_forecasts(params: Mapping[str, Any]) -> list[str]:
    """All that is wrong with how forecasts are scored and measured, each with what was expected and what was found."""
    return [
        f"{name}: expected a whole number from {least} to {most}, found {params[name]!r}"
        for name, (least, most) in BOUNDS.items()
        if name in params and (type(params[name]) is not int or not least <= params[name] <= most)
    ]
