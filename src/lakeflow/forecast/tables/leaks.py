"""What keeps figures and scoreboards from being published: a broken rule on any day whose forecasts they count, or a day that nobody held against the rules."""

import polars as pl

from lakeflow.forecast.tables import cutoffs
from lakeflow.forecast.tables.group_scores import OF as GROUP
from lakeflow.forecast.tables.group_scores import SCORES

BLOCKED, NOT_AUDITED = "BLOCKED", "not audited"
KEPT = (
    "segment", "anchor", "horizon_s", "forecaster", "forecasts", "markets", "clusters", "n_eff", "weighting", "metric", "ci_method", "params",
    "label_window",
)  # fmt: skip


class Leak(ValueError):
    """A table that is about to be published holds what nobody could have known."""


def behind(scored: pl.DataFrame) -> set[object]:
    """The days that scores stand on: those on which they were scored, and those of their snapshots."""
    honest = scored.filter(pl.col("anchor") != cutoffs.CLOSE_EXPOST)
    return {*scored["dt"].unique(), *honest["ts_cutoff"].dt.date().unique()}


def broken(audits: pl.DataFrame, days: set[object]) -> list[str]:
    """The rules that were broken on any of the days, each as its day and its name; a day without an audit is one."""
    failed = audits.filter(~pl.col("passed"), pl.col("day").is_in(list(days)))
    unheld = days - {*audits["day"].unique()}
    told = [f"{day} {rule}" for day, rule in failed.select("day", "check_id").iter_rows()]
    return sorted([*told, *(f"{day} {NOT_AUDITED}" for day in unheld)])


def withheld(board: pl.DataFrame, blocked_by: list[str]) -> pl.DataFrame:
    """A table of segments with why it is blocked, and then without a figure; whole where nothing blocks it."""
    reasons = pl.lit(blocked_by, dtype=pl.List(pl.String)).alias("blocked_by")
    if not blocked_by:
        return board.with_columns(reasons)
    none = [pl.lit(None, dtype).alias(name) for name, dtype in board.schema.items() if name not in KEPT]
    return board.with_columns(none).with_columns(reasons, status=pl.lit(BLOCKED))


def untold(made: dict[str, pl.DataFrame], blocked_by: list[str]) -> dict[str, pl.DataFrame]:
    """The tables of figures with why they are blocked, and then without a figure, bin, curve or map; whole where nothing blocks them."""
    if not blocked_by:
        return made | {"metrics": withheld(made["metrics"], [])}
    empty = {name: rows.clear() for name, rows in made.items()}
    counts = made["metrics"].filter(pl.col("metric") == "brier")
    return empty | {"metrics": withheld(counts, blocked_by)}


def withheld_groups(groups: pl.DataFrame, scored: pl.DataFrame, audits: pl.DataFrame) -> pl.DataFrame:
    """Scores of groups, blocked where a forecast of a member was asked or scored on a day that breaks a rule or has no audit."""
    bad = [day for day in behind(scored) if broken(audits, {day})]
    stands_on = pl.any_horizontal(pl.col("dt").is_in(bad), pl.col("ts_cutoff").dt.date().is_in(bad))
    blocked = scored.filter(stands_on).select(GROUP).unique().with_columns(is_blocked=True)
    rows = groups.join(blocked, on=GROUP, how="left", maintain_order="left")
    none = [pl.when(pl.col("is_blocked").is_null()).then(name).alias(name) for name in SCORES]
    status = pl.when(pl.col("is_blocked")).then(pl.lit(BLOCKED)).otherwise("status")
    return rows.with_columns(*none, status=status).drop("is_blocked")


def refuse_leaks(audits: pl.DataFrame, blocked_by: list[str]) -> None:
    """Raise unless nothing blocks the boards: a run whose scoreboards say BLOCKED does not end well."""
    if not blocked_by:
        return
    rules = audits.filter(pl.format("{} {}", "day", "check_id").is_in(blocked_by)).sort("day", "check_id")
    told = [
        f"{row['day']} {row['check_id']} ({row['about']}): {row['violations']} of {row['rows_checked']} rows, such as {row['sample_keys'][:2]}"
        for row in rules.to_dicts()
    ]
    unheld = [each for each in blocked_by if each.endswith(NOT_AUDITED)]
    raise Leak(
        "leakage audit: expected no violation on a day whose forecasts are counted, found\n"
        + "\n".join([*told, *unheld])
        + f"\nthe scoreboards say {BLOCKED} until these days are mended and made again"
    )
