"""Recalibrated forecasts learn from the past alone and never from their own group; dollars are weights with a bound."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lakeflow.forecast.tables import audit as rules
from lakeflow.forecast.tables.cutoffs import TIME
from lakeflow.forecast.tables.maps import maps
from lakeflow.forecast.tables.measured import measured
from lakeflow.forecast.tables.populations import ill_taught
from lakeflow.forecast.tables.recalibrated import METHODS, recalibrated
from lakeflow.forecast.tables.scored import SHAPE, UNSAID, costed
from lakeflow.forecast.tables.time_left import BORDERS_S

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
WEEK_AGO = NOON - timedelta(days=7)


def forecasts(count, cutoff, known, key, name="m"):
    """Prices that are too bold by half: the chance has half the log-odds."""
    rng = np.random.Generator(np.random.Philox(key))
    p = np.round(rng.uniform(0.02, 0.98, count), 3)
    y = (rng.uniform(size=count) < 1 / (1 + ((1 - p) / p) ** 0.5)).astype(int)
    rows = pl.DataFrame({"p": np.rint(p * 1e6).astype(int), "y": y})
    named = pl.format("{}{}", pl.lit(name), pl.int_range(count))
    made = rows.with_columns(
        condition_id=named, cluster_id=named, anchor=pl.lit("SCHED_END"), horizon_s=pl.lit(3600), forecaster=pl.lit("MARKET"),
        group_id=pl.lit(None), category=pl.lit("world"), liquidity_bucket=pl.lit("HIGH"), p_kind=pl.lit("MID"),
        ts_cutoff=pl.lit(cutoff).cast(TIME), ts_label_known=pl.lit(known).cast(TIME), weight_equal=pl.lit(1.0),
        weight_volume=pl.int_range(count).cast(pl.Float64),
    )  # fmt: skip
    assert set(SHAPE) - {"brier", "log_loss", *UNSAID} == set(made.columns)
    return costed(made)


@pytest.fixture(scope="module")
def past():
    return forecasts(2_000, WEEK_AGO, WEEK_AGO + timedelta(hours=3), 1)


@pytest.fixture(scope="module")
def today():
    return forecasts(500, NOON, NOON + timedelta(hours=3), 2, "n")


def test_every_map_of_the_past_makes_bold_prices_better(today, past):
    made = recalibrated(today, past)
    better = dict(made.group_by("forecaster").agg(pl.col("brier").mean()).iter_rows())
    assert set(better) == {f"RECAL_{method}" for method in METHODS}
    assert max(better.values()) < today["brier"].mean()
    assert (made["ts_trained_until"] < made["ts_cutoff"]).all()
    assert set(made["trained_clusters"]) == {2_000}


@pytest.mark.parametrize(("hours", "tried"), [(4, 500), (3, 0), (1, 0)])
def test_a_map_is_tried_on_what_was_forecast_after_its_labels_were_known(past, hours, tried):
    cutoff = WEEK_AGO + timedelta(hours=hours)  # the labels of the past are known after three
    later = forecasts(500, cutoff, NOON, 2, "n")
    made = maps(pl.concat([past, later])).filter(pl.col("segment") == "all")
    assert set(made["oot_forecasts"]) == {tried}
    assert made["oot_brier_delta"].is_null().all() == (tried == 0)


def test_a_label_that_was_not_known_when_the_day_began_changes_nothing(today, past):
    late = forecasts(300, WEEK_AGO, NOON.replace(hour=0), 3, "late")
    assert recalibrated(today, pl.concat([past, late])).equals(recalibrated(today, past))


def test_a_forecast_is_not_corrected_by_its_own_group(today, past):
    kin = past.head(40).with_columns(
        condition_id=pl.format("kin{}", pl.int_range(40)), cluster_id=pl.lit("n7"), y=pl.lit(1, pl.Int8)
    )
    with_kin, alone = recalibrated(today, pl.concat([past, kin])), recalibrated(today, past)
    own = pl.col("cluster_id") == "n7"
    assert with_kin.filter(own).equals(alone.filter(own))
    assert not with_kin.filter(~own)["p"].equals(alone.filter(~own)["p"])


def test_too_few_witnesses_of_the_past_correct_nothing(today, past):
    assert recalibrated(today, past.head(29)).is_empty()
    assert recalibrated(today.clear(), past).schema == recalibrated(today, past).schema


def test_the_order_of_rows_does_not_matter(today, past):
    assert recalibrated(today.reverse(), past.reverse()).equals(recalibrated(today, past))


def test_every_method_is_kept_as_a_map(past):
    assert set(maps(past).filter(pl.col("segment") == "all")["method"]) == set(METHODS)


def test_a_random_dollar_is_another_question_than_a_random_forecast(past):
    metrics = measured(past, 20, 1)["metrics"].filter(pl.col("segment") == "all", pl.col("metric") == "brier")
    found = {row["weighting"]: row for row in metrics.iter_rows(named=True)}
    weights = past["weight_volume"].to_numpy()
    assert found["EQUAL"]["value"] == pytest.approx(past["brier"].mean(), abs=1e-12)
    assert found["VOLUME"]["value"] == pytest.approx(
        np.average(past["brier"].to_numpy(), weights=weights), abs=1e-12
    )
    assert found["VOLUME"]["n_eff"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert (found["VOLUME"]["forecasts"], found["EQUAL"]["forecasts"]) == (1_999, 2_000)  # one had no dollar


def test_the_rule_on_maps_counts_what_there_was_to_learn_from_without_the_own_cluster(today, past):
    same = today.with_columns(
        cluster_id=pl.when(pl.int_range(500) < 5).then(pl.lit("m7")).otherwise("cluster_id")
    )
    made = recalibrated(same, past)
    assert ill_taught(made, past).is_empty()
    assert set(made["trained_clusters"]) == {2_000, 1_999}
    assert ill_taught(made.with_columns(trained_forecasts=2_000), past)["cluster_id"].unique().to_list() == [
        "m7"
    ]


def verdicts(kept, **change):
    """The rules on a day of the simulated venue, with some of its tables changed."""
    day = kept.days[-1]
    own = [day[name] for name in ("snapshots", "scored", "markets", "labels")]
    looked = rules.Looked(
        *own, *(kept.last(name, 2) for name in ("book_gaps", "price_points", "rest_books")), day["attrition"], day["recalibrated"],
        pl.concat([each["scored"] for each in kept.days[:-1]]), date(2026, 1, 8), 3600, day["yardsticks"],
        kept.last("snapshots", 31), kept.waiting(date(2026, 1, 8)), BORDERS_S,
    )  # fmt: skip
    found = rules.audit(looked._replace(**{name: of(getattr(looked, name)) for name, of in change.items()}))
    return dict(found.select("check_id", "passed").iter_rows())


def test_the_rules_hold_on_a_day_as_it_is(kept):
    assert all(verdicts(kept).values())


def test_a_lake_as_of_an_instant_that_knows_later_things_is_seen(kept):
    late = verdicts(kept, as_of=lambda _: "2026-01-01T00:00:00+00:00")
    fine = verdicts(kept, as_of=lambda _: "2027-01-01T00:00:00+00:00")
    assert (late["L13"], fine["L13"]) == (False, True)
