"""A day of forecasts that keeps every rule against looking ahead, and rows to plant in it."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from lakeflow.forecast.tables.audit import Looked
from lakeflow.forecast.tables.recalibrated import SHAPE as AGAIN
from lakeflow.forecast.tables.scored import SHAPE as SCORED
from lakeflow.forecast.tables.snapshots import SHAPE as SNAPSHOT
from lakeflow.forecast.tables.time_left import BORDERS_S
from lakeflow.forecast.tables.waiting import WAITS
from lakeflow.forecast.tables.yardsticks import SHAPE as YARDSTICK

TIME = pl.Datetime("ns", "UTC")
DAY = date(2026, 2, 2)
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
END = NOON + 24 * HOUR
SEEN = NOON - 30 * HOUR


def shot(name, anchor, horizon, p, **said):
    """A snapshot at noon of a market that ends a day later: a book that was heard a minute before, of two cents."""
    row = {
        "condition_id": name, "anchor": anchor, "horizon_s": horizon, "ts_cutoff": NOON, "p": p, "p_kind": "MID", "ts_quote": NOON - MINUTE,
        "quote_age_s": 60, "bid": p - 10_000, "ask": p + 10_000, "near_2c": 0, "tte_s": 86_400, "liquidity_bucket": "THIN",
        "category": "politics", "cluster_id": name, "rescheduled": False, "excluded": False, "ts_inputs_known": NOON - MINUTE,
    }  # fmt: skip
    return row | said


def market(name, token, **said):
    row = {
        "condition_id": name, "ts_valid_from": SEEN, "ts_valid_to": None, "category": "politics", "cluster_id": name, "group_id": None,
        "rescheduled": False, "ts_scheduled_end": END, "scheduled_by": "END_DATE", "ts_created": NOON - HOUR, "closed": False,
        "resolution_status": None, "ts_closed": None, "token_ids": [token, f"{token}no"], "active": True,
    }  # fmt: skip
    return row | said


WAITING = {name: SCORED.get(name, SNAPSHOT.get(name)) for name in WAITS} | {"dt": pl.Date}
TIMES = ("ts_valid_from", "ts_valid_to", "ts_scheduled_end", "ts_created", "ts_closed")
MARKET = {
    **dict.fromkeys(TIMES, TIME), "group_id": pl.String, "resolution_status": pl.String, "closed": pl.Boolean, "active": pl.Boolean,
}  # fmt: skip
GROUP = {"group_id": "0xg", "cluster_id": "0xg"}
IN_GROUP = GROUP | {"group_sum": 900_000}
HISTORY = {
    "p_kind": "HIST", "bid": None, "ask": None, "ts_quote": NOON - HOUR, "quote_age_s": 3_600, "ts_inputs_known": NOON,
    "p_norm": 666_667,
}  # fmt: skip
LABEL = dict.fromkeys(("ts_proposed", "ts_resolved", "ts_closed", "ts_told", "ts_known"), TIME)


def frame(rows, shape):
    """Rows of a table; a column that no row has is null."""
    whole = [{name: row.get(name) for name in {**dict.fromkeys(row), **shape}} for row in rows]
    return pl.DataFrame(whole, schema_overrides=shape)


def clean():
    """A day that keeps every rule: a market asked twice, a group of two, and a score of the day before with a map's answer."""
    asked = NOON - 24 * HOUR
    score = {
        "condition_id": "0xold", "anchor": "SCHED_END", "horizon_s": 3600, "ts_cutoff": asked, "forecaster": "MARKET", "p": 400_000, "y": 1,
        "cluster_id": "0xold", "ts_label_known": NOON + 3 * HOUR, "tte_s": 3600, "tte_bucket": "1h-6h", "weight_volume": 5.0, "weight_cap": 7.0,
    }  # fmt: skip
    taught = {"ts_trained_until": asked - 13 * HOUR, "trained_forecasts": 31, "trained_clusters": 30}
    past = [
        score
        | {
            "condition_id": f"m{place}",
            "cluster_id": f"c{n}",
            "ts_label_known": asked - 13 * HOUR,
            "y": n % 2,
        }
        for place, n in enumerate([*range(30), 7])
    ]
    before = shot("0xm", "CALENDAR", 0, 1, ts_cutoff=asked - 24 * HOUR, volume_24h=7_000_000)
    own = score | {"ts_label_known": asked - 20 * HOUR}  # the answer's own cluster had been scored before
    return Looked(
        snapshots=frame(
            [
                shot("0xa", "CALENDAR", 0, 400_000),
                shot("0xa", "OPEN_PLUS", 3_600, 400_000),
                shot("0xa", "SCHED_END", 86_400, 400_000),
                shot("0xb", "CALENDAR", 0, 300_000, p_norm=333_333, **IN_GROUP),
                shot("0xc", "CALENDAR", 0, 600_000, **IN_GROUP | HISTORY),
            ],
            SNAPSHOT,
        ).select(*SNAPSHOT),
        scored=frame([score], SCORED).select(*SCORED),
        markets=frame([market("0xa", "1"), market("0xb", "2", **GROUP), market("0xc", "3", **GROUP)], MARKET),
        labels=frame([{"condition_id": "0xold", "ts_told": NOON + 2 * HOUR, "ts_known": NOON + 3 * HOUR}], LABEL),
        gaps=frame([gap("", NOON - 3 * HOUR, NOON - 2 * HOUR), gap("9", NOON - HOUR, NOON)], {}),
        points=frame([point("3", NOON - HOUR, 600_000, 3600), point("3", NOON - HOUR, 1_000_000, 0)], {"ts_known": TIME, "ts_event": TIME}),
        rest_books=frame([rest("9", NOON, 1, 2)], {"ts_observed": TIME}),
        attrition=frame([{"anchor": anchor, "horizon_s": horizon, "category": "politics", "reason": "TAKEN", "markets": n} for anchor, horizon, n in (("CALENDAR", 0, 3), ("OPEN_PLUS", 3_600, 1), ("SCHED_END", 86_400, 1))], {}),
        recalibrated=frame([score | {"forecaster": "RECAL_BETA"} | taught], AGAIN).select(*AGAIN),
        past=frame([*past, own], SCORED).select(*SCORED),
        dt=DAY,
        embargo_s=3600,
        yardsticks=frame([score | {"segment": "all", "labels": 31, "yes": 16, "rate": 16 / 31}], YARDSTICK).select(*YARDSTICK),
        told=frame([shot("0xold", "SCHED_END", 3600, 400_000, ts_cutoff=asked, volume_24h=5_000_000, tte_s=3_600), before], SNAPSHOT),
        waiting=frame([score | {"volume_24h": 5_000_000, "dt": DAY - timedelta(days=1)}, score | {"condition_id": "0xa", "ts_cutoff": NOON, "dt": DAY}], WAITING).select(*WAITING),
        tte_borders_s=BORDERS_S,
    )  # fmt: skip


def gap(token, start, end):
    return {"token_id": token, "ts_start": start, "ts_end": end, "reason": "DESYNC", "ts_known": start}


def point(token, at, price, seconds):
    return {
        "token_id": token,
        "ts_event": at,
        "ts_known": at + seconds * SECOND,
        "price": price,
        "resolution_s": seconds,
    }


def rest(token, at, bid, ask):
    return {"token_id": token, "ts_observed": at, "bid_prices": [bid], "ask_prices": [ask]}


def counted(reason):
    """A market that is counted at noon."""
    return {"anchor": "CALENDAR", "horizon_s": 0, "category": "politics", "reason": reason, "markets": 1}


def on(name, **columns):
    """Columns of the rows of one market; an expression or a value each."""

    def change(rows):
        return rows.with_columns(
            pl.when(pl.col("condition_id") == name).then(value if isinstance(value, pl.Expr) else pl.lit(value)).otherwise(column)
            .cast(rows.schema[column]).alias(column) for column, value in columns.items()
        )  # fmt: skip

    return change


def with_rows(*rows):
    return lambda table: pl.concat([table, frame(rows, table.schema).select(table.columns)])
