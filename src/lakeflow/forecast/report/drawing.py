"""The reliability diagram as SVG: the diagonal, the bands, the isotonic curve, the bins, and how many forecasts there were."""

from html import escape

import polars as pl

SIDE, EDGE = 420, 46
FOOT = 60  # how high the bar of a bin would be that has every forecast


def diagram(curve: pl.DataFrame, bins: pl.DataFrame, title: str) -> str:
    """One segment's diagram; a point of the curve is the table's p and x, to four digits."""
    banded = curve.filter("band_p").sort("p")
    parts = [
        frame(),
        *bars(bins.sort("bin")),
        area(banded, "consistency_lo", "consistency_hi", "band"),
        area(banded, "confidence_lo", "confidence_hi", "doubt"),
        f'<line class="even" x1="{across(0)}" y1="{up(0)}" x2="{across(1)}" y2="{up(1)}"/>',
        f'<polyline class="curve" points="{points(curve.sort("p").select("p", "x").rows())}"/>',
        *(
            dot(*row)
            for row in bins.sort("bin")
            .select("mean_p", "obs_rate", "forecasts", "clusters", "wilson_lo", "wilson_hi")
            .iter_rows()
        ),
    ]
    size = SIDE + 2 * EDGE
    return f'<figure><svg viewBox="0 0 {size} {size}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg><figcaption>{escape(title)}</figcaption></figure>'


def across(p: float) -> str:
    return f"{EDGE + SIDE * p:.2f}"


def up(rate: float) -> str:
    return f"{EDGE + SIDE * (1 - rate):.2f}"


def points(rows: list[tuple[float, float]]) -> str:
    return " ".join(f"{across(p)},{up(x)}" for p, x in rows)


def area(banded: pl.DataFrame, low: str, high: str, kind: str) -> str:
    """The space between two bounds; none where no bounds were drawn."""
    if not banded.height:
        return ""
    there = banded.select("p", high).rows()
    back = banded.select("p", low).rows()[::-1]
    return f'<polygon class="{kind}" points="{points([*there, *back])}"/>'


def dot(mean_p: float, rate: float, forecasts: int, clusters: int, low: float, high: float) -> str:
    """A bin with its interval, and in words what it holds."""
    words = f"mean forecast {mean_p:.4f}, came true {rate:.4f} [{low:.4f}, {high:.4f}], {forecasts} forecasts in {clusters} clusters"
    x = across(mean_p)
    return (
        f'<line class="whisker" x1="{x}" y1="{up(low)}" x2="{x}" y2="{up(high)}"/>'
        f'<circle class="bin" cx="{x}" cy="{up(rate)}" r="4"><title>{words}</title></circle>'
    )


def bars(bins: pl.DataFrame) -> list[str]:
    """How many of the forecasts each of ten bins has, at the foot of the square."""
    shares = bins.select("bin", pl.col("forecasts") / pl.col("forecasts").sum()).rows()
    return [
        f'<rect class="share" x="{across(bin_ / 10)}" y="{EDGE + SIDE - FOOT * share:.2f}" width="{SIDE / 10:.0f}" height="{FOOT * share:.2f}"/>'
        for bin_, share in shares
    ]


def frame() -> str:
    """The square, with a mark every fifth."""
    marks = []
    for fifth in range(6):
        value = fifth / 5
        marks.append(
            f'<text x="{across(value)}" y="{EDGE + SIDE + 18}" text-anchor="middle">{value:.1f}</text>'
        )
        marks.append(
            f'<text x="{EDGE - 8}" y="{float(up(value)) + 4:.2f}" text-anchor="end">{value:.1f}</text>'
        )
    middle = EDGE + SIDE / 2
    return (
        f'<rect class="frame" x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}"/>{"".join(marks)}'
        f'<text x="{middle}" y="{EDGE + SIDE + 38}" text-anchor="middle">forecast</text>'
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">came true</text>'
    )
