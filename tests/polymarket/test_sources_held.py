"""The checks that hold gold's values against their sources: what each of them catches when it is planted in a day of the simulated venue."""

from datetime import timedelta

import polars as pl
import pytest

from lakeflow.forecast.tables import maps_again
from lakeflow.forecast.tables.costed_again import ill_mapped
from lakeflow.forecast.tables.recalibrated import recalibrated
from lakeflow.forecast.tables.time_left import BORDERS_S
from stages.gold import polymarket_audit

CHECKS = [f"V{n:02}" for n in range(1, 12)]
DAY = 1  # of the simulated venue: it has scores, groups, trades and prices of every kind
FORGED = 987_654


def audited(kept, **changes):
    """Violations of each check on a day of the venue, some of its tables changed."""
    first, day = kept.days[0], kept.days[DAY]
    two = {name: pl.concat([first[name], day[name]]) for name in ("book_gaps", "price_points", "rest_books", "book_tops", "book_events", "trades", "last_trades", "open_interest", "marks", "fetch_ledger")}  # fmt: skip
    told = pl.concat([first["snapshots"], day["snapshots"]])
    have = two | {
        name: day[name]
        for name in ("snapshots", "scored", "markets", "labels", "attrition", "recalibrated", "yardsticks", "lookbacks", "unscored", "evidence", "taken")
    }  # fmt: skip
    have |= {"told": told, "past": first["scored"], "waited": waited(kept)}
    have |= {name: change(have[name]) for name, change in changes.items()}
    lazy = {name: have[name].lazy() for name in ("past", "told", "book_tops", "book_events")}
    of_dt = {
        "dt": day["snapshots"]["ts_cutoff"][0].date(),
        "embargo_s": 3600,
        "tte_borders_s": list(BORDERS_S),
    }
    found = polymarket_audit.audit(**have | lazy | of_dt, with_up_down=False, as_of="")
    return dict(found.select("check_id", "violations").iter_rows())


def waited(kept):
    """What had no answer at the end of the day before, and of the day."""
    ends = [(each["unanswered"], each["snapshots"]["ts_cutoff"][0].date()) for each in kept.days[: DAY + 1]]
    return pl.concat([rows.with_columns(dt=pl.lit(dt)) for rows, dt in ends])


def one(where, **columns):
    """A change of the first row that is so."""

    def change(rows):
        place = rows.with_row_index("n").filter(where)["n"][0]
        is_it = pl.int_range(pl.len()) == place
        return rows.with_columns(
            pl.when(is_it).then(value).otherwise(name).cast(rows.schema[name]).alias(name)
            for name, value in columns.items()
        )

    return change


def without(where):
    return lambda rows: rows.filter(~where.fill_null(value=False))


def asked_with(words, others):
    return lambda rows: rows.with_columns(pl.col("params").str.replace(words, others, literal=True))


def kind(name):
    return pl.col("p_kind") == name


TRADED = pl.col("last_price").is_not_null()
GROUPED = pl.col("group_sum").is_not_null()
CALENDAR = pl.col("anchor") == "CALENDAR"
HONEST = pl.col("anchor") == "SCHED_END"
SWUNG = pl.col("logit_volatility_24h").is_not_null()
FLIPPED = 1 - pl.col("y")
PLANTED = [
    ("V01", "another bid", "snapshots", one(kind("MID"), bid=FORGED)),
    ("V01", "another ask", "snapshots", one(kind("MID"), ask=FORGED)),
    ("V01", "dollars near that fit a forged bucket", "snapshots", one(kind("MID"), near_2c=30_000_000_000, liquidity_bucket=pl.lit("HIGH"))),
    ("V01", "a book that nobody told of", "book_tops", lambda rows: rows.clear()),
    ("V02", "another last trade", "snapshots", one(TRADED, last_price=FORGED)),
    ("V02", "no last trade where there was one", "snapshots", one(TRADED, last_price=None)),
    ("V03", "another price of a book", "snapshots", one(kind("MID"), p=FORGED)),
    ("V03", "another price of a book that is not verified", "snapshots", one(kind("MID_UNVERIFIED"), p=FORGED)),
    ("V03", "another price of a trade", "snapshots", one(kind("LAST"), p=FORGED)),
    ("V03", "another price of history", "snapshots", one(kind("HIST"), p=FORGED)),
    ("V03", "a book that counts as verified and is not", "snapshots", one(kind("MID_UNVERIFIED"), p_kind=pl.lit("MID"))),
    ("V03", "a trade where there was a book", "snapshots", one(kind("MID") & TRADED, p_kind=pl.lit("LAST"), p=pl.col("last_price"))),
    ("V03", "a price of another instant", "snapshots", one(kind("MID"), ts_quote=pl.col("ts_quote") - timedelta(seconds=1))),
    ("V03", "a price kept back", "snapshots", one(kind("MID"), p=None, p_kind=None, ts_quote=None, excluded=True, exclude_reason=pl.lit("NO_QUOTE"))),
    ("V04", "ten times the dollars", "snapshots", one(pl.col("volume_24h") > 0, volume_24h=pl.col("volume_24h") * 10)),
    ("V04", "the dollars of a day later", "snapshots", lambda rows: rows.with_columns(ts_cutoff=pl.col("ts_cutoff") - pl.duration(hours=12, time_unit="ns"))),
    ("V04", "no dollars where the service told them", "snapshots", one(pl.col("volume_24h") > 0, volume_24h=None)),
    ("V04", "nothing where nobody told anything", "fetch_ledger", lambda rows: rows.clear()),
    ("V04", "the dollars of a list of makers, too", "fetch_ledger", asked_with('"taker_only": "true"', '"taker_only": "false"')),
    ("V04", "the dollars of one user", "fetch_ledger", asked_with('"limit"', '"user": "0xme", "limit"')),
    ("V04", "dollars that no list of takers has", "trades", lambda rows: rows.with_columns(is_taker=False)),
    ("V05", "another open interest", "snapshots", one(pl.col("open_interest").is_not_null(), open_interest=FORGED)),
    ("V05", "no open interest where there was one", "snapshots", one(pl.col("open_interest").is_not_null(), open_interest=None)),
    *(("V06", f"a group's sum that is {more} more", "snapshots", one(GROUPED, group_sum=pl.col("group_sum") + more)) for more in (1, 440_000)),
    ("V07", "another forecast than the snapshot's", "scored", one(HONEST, p=FORGED)),
    ("V07", "a score of what was not forecast", "scored", one(HONEST, condition_id=pl.lit("0xnobody"))),
    ("V08", "another answer, and its cost", "scored", one(HONEST, y=FLIPPED, brier=1 - pl.col("brier"))),
    ("V08", "an answer that was known before", "scored", one(HONEST, ts_label_known=pl.col("ts_label_known") - timedelta(hours=1))),
    ("V08", "half the cost", "scored", one(HONEST & (pl.col("brier") > 0), brier=pl.col("brier") / 2)),
    ("V08", "another log score", "scored", one(HONEST, log_loss=pl.col("log_loss") + 0.1)),
    ("V11", "another volatility", "snapshots", one(SWUNG, logit_volatility_24h=pl.col("logit_volatility_24h") + 0.001)),
    ("V11", "no volatility where there was one", "snapshots", one(SWUNG, logit_volatility_24h=None)),
    ("V11", "another hourly price", "marks", lambda rows: rows.with_columns(p=pl.when(pl.int_range(pl.len()) % 50 == 7).then(1).otherwise("p"))),
    ("V10", "all snapshots of a market gone, whatever attrition counts", "snapshots", without(pl.col("condition_id") == pl.col("condition_id").filter(CALENDAR).first())),
]  # fmt: skip


def test_a_day_of_the_venue_is_what_its_sources_say_and_every_check_but_that_of_maps_looks_at_something(kept):
    found = kept.days[DAY]["leakage_audit"].filter(pl.col("check_id").is_in(CHECKS))
    assert found["check_id"].to_list() == CHECKS
    assert found["passed"].all()
    assert found.filter(pl.col("rows_checked") == 0)["check_id"].to_list() == ["V09"]


@pytest.mark.parametrize(
    ("check", "planted", "table", "change"), PLANTED, ids=[f"{each[0]}: {each[1]}" for each in PLANTED]
)
def test_what_is_planted_in_a_value_is_caught(kept, check, planted, table, change):
    assert audited(kept, **{table: change})[check] > 0, planted


def test_one_market_that_is_gone_is_one_violation(kept):
    gone = pl.col("condition_id") == pl.col("condition_id").filter(CALENDAR).first()
    assert audited(kept, snapshots=without(gone))["V10"] == 1


def test_every_price_of_the_day_forged_is_every_price_caught(kept):
    forged = audited(
        kept, snapshots=lambda rows: rows.with_columns(p=pl.when(~pl.col("excluded")).then(FORGED))
    )
    taken = kept.days[DAY]["snapshots"].filter(~pl.col("excluded"))
    assert forged["V03"] == len(taken)


def test_a_sum_of_members_that_are_asked_at_different_times_is_held_to_the_last_millionth(kept):
    """Their prices at the cutoff are read off the sources, so a sum cannot move within what unknown prices would leave open."""
    staggered = one(GROUPED & (pl.col("anchor") != "CALENDAR"), group_sum=550_000)
    assert audited(kept, snapshots=staggered)["V06"] == 1


def forecasts(count, clusters, day, known):
    """Forecasts of one day and horizon, their answers known at an instant, from a fixed sequence."""
    noon = pl.datetime(2026, 2, day, 12, time_zone="UTC", time_unit="ns")
    n = pl.int_range(count)
    return pl.DataFrame({"n": range(count)}).select(
        condition_id=pl.format("0x{}-{}", pl.lit(known), n), anchor=pl.lit("SCHED_END"), horizon_s=pl.lit(3600, pl.Int64), ts_cutoff=noon,
        forecaster=pl.lit("MARKET"), p=((n * 37 + 11) % 101 * 10_000).cast(pl.Int64), y=((n * 53 + 29) % 97 < n % 101).cast(pl.Int8),
        cluster_id=pl.format("c{}", n % clusters),
        ts_label_known=pl.datetime(2026, 2, known, 12, time_zone="UTC", time_unit="ns"),
        category=pl.lit("politics"), group_id=pl.lit(None, pl.String), liquidity_bucket=pl.lit("LOW"), p_kind=pl.lit("MID"),
        weight_equal=pl.lit(1.0), weight_volume=pl.lit(0.0), tte_s=pl.lit(3600, pl.Int64), tte_bucket=pl.lit("1h-6h"), weight_cap=pl.lit(None, pl.Float64),
        brier=pl.lit(0.0), log_loss=pl.lit(0.0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def mapped():
    past, today = forecasts(200, 45, 1, 2), forecasts(30, 60, 10, 11)
    return recalibrated(today, past), today, past


def test_the_answers_of_the_maps_of_the_past_are_those_of_maps_fitted_by_their_definitions(mapped):
    again, today, past = mapped
    assert set(again["forecaster"]) == set(maps_again.FITS)
    assert ill_mapped(again, today, past).is_empty()


@pytest.mark.parametrize("method", sorted(maps_again.FITS))
def test_the_answer_in_the_place_of_a_maps_answer_is_caught(mapped, method):
    again, today, past = mapped
    told = one(pl.col("forecaster") == method, p=pl.col("y").cast(pl.Int64) * 1_000_000)(again)
    assert ill_mapped(told, today, past)["forecaster"].to_list() == [method]


def test_a_map_that_saw_what_was_known_later_is_caught(mapped):
    again, today, past = mapped
    later = past.with_columns(y=pl.when(pl.int_range(pl.len()) % 3 == 0).then(1 - pl.col("y")).otherwise("y"))
    assert len(ill_mapped(again, today, later)) > len(again) / 2
