"""A simulated venue carried through the stages day by day, as the engine would, without the engine."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT)) if str(ROOT) not in sys.path else None

from lakeflow.contract import load_contract  # noqa: E402  stages are found through the project's root
from lakeflow.forecast.tables.time_left import BORDERS_S  # noqa: E402  the same
from lakeflow.simulate.polymarket.recorders import write_day  # noqa: E402  the same
from lakeflow.simulate.polymarket.truth import Venue, venue  # noqa: E402  the same
from lakeflow.types import polars_schema  # noqa: E402  the same
from lakeflow.vendors.polymarket.replay import Day, Sizes, replayed  # noqa: E402  the same
from stages.bronze import polymarket as bronze  # noqa: E402  the same
from stages.gold import (  # noqa: E402  the same
    polymarket_audit,
    polymarket_lookbacks,
    polymarket_marks,
    polymarket_recalibration,
    polymarket_scores,
    polymarket_snapshots,
    polymarket_yardsticks,
)
from stages.silver import (  # noqa: E402  the same
    polymarket_bars,
    polymarket_history,
    polymarket_trades,
)
from tests.polymarket.answers import parsed  # noqa: E402  the same

Tables = dict[str, pl.DataFrame]
FIRST = date(2026, 1, 5)
DAYS, WALKS = 4, 12
ONCE = ("trades", "fills", "price_points")  # what several days tell
HEARD = {
    name: load_contract(ROOT / f"contracts/silver/{name}.avsc")
    for name in (
        "book_events",
        "book_tops",
        "book_gaps",
        "last_trades",
        "endings",
        "frame_quarantine",
        "standing_books",
        "connections",
    )
}
PRICED = ("book_tops", "book_events", "rest_books", "trades", "last_trades", "price_points")


def silver_of(
    frames: pl.DataFrame, dt: date, silent_s: int, archived: pl.DataFrame | None = None, sizes: Sizes | None = None,
    before: Tables | None = None,
) -> Tables:  # fmt: skip
    """What the replay of a day streams, each table whole."""
    rows = pl.DataFrame(schema=ARCHIVED) if archived is None else archived
    left = [before[name] if before else None for name in ("standing_books", "connections")]
    found = {name: [pl.DataFrame(schema=polars_schema(contract))] for name, contract in HEARD.items()}
    for tables in replayed(frames.lazy(), rows.lazy(), Day(dt, silent_s, 45, *left), sizes):
        for name, some in tables.items():
            found[name].append(some.select(found[name][0].columns))
    return {name: pl.concat(some[1:] or some) for name, some in found.items()}


class Kept:
    """The tables of every day, and the windows of them that stages read."""

    def __init__(self) -> None:
        self.days: list[Tables] = []

    def last(self, name: str, days: int = 1) -> pl.DataFrame:
        found = [day[name] for day in self.days[-days:] if name in day]
        return pl.concat(found)

    def before(self, name: str) -> pl.DataFrame | None:
        return self.days[-2][name] if len(self.days) > 1 else None

    def earlier(self, name: str) -> pl.LazyFrame:
        found = [day[name].lazy() for day in self.days[:-1]]
        return pl.concat(found) if found else self.days[-1][name].clear().lazy()

    def waiting(self, dt: date) -> pl.DataFrame:
        """The forecasts without an answer of the day and the one before, as a window of both is read."""
        days = [dt - timedelta(days=1), dt][-len(self.days) :]
        return pl.concat([each["unanswered"].with_columns(dt=pl.lit(day)) for day, each in zip(days, self.days[-2:], strict=True)])  # fmt: skip

    def add(
        self, files: Sequence[Path], dt: date, as_of: str = "", change: Callable[[Tables], None] | None = None
    ) -> Tables:
        made: Tables = {}
        for part in bronze.capture(files, as_of):
            made |= {
                ("bronze_quarantine" if name == "quarantine" else name): rows for name, rows in part.items()
            }
        self.days.append(made)
        day_before = self.before("fetches")
        made |= parsed(made["fetches"], [], None if day_before is None else day_before.lazy())
        made |= {f"told_{name}": made[name] for name in ONCE}
        told = (made[name] for name in ONCE), (self.earlier(f"told_{name}") for name in ONCE)
        made |= polymarket_trades.once(*told[0], *told[1], dt)
        made["price_points"] = made.pop("points")
        made |= silver_of(
            made["frames"],
            dt,
            1800,
            archived=made.get("archived"),
            before=self.days[-2] if len(self.days) > 1 else None,
        )
        if change:
            change(made)
        told = self.before("markets"), self.before("evidence"), self.before("labels")
        made |= polymarket_history.history(
            made["sightings"].lazy(), made["resolution_events"], made["endings"], *told, dt
        )
        made |= polymarket_bars.minutes(made["book_tops"], made["last_trades"])
        self.judge(made, dt)
        return made

    def judge(self, made: Tables, dt: date) -> None:
        """Gold of a day."""
        priced = {name: self.last(name, 2) for name in PRICED} | {
            "book_events": self.last("book_events", 2).lazy()
        }
        ledger = self.last("fetch_ledger", 2)
        made["marks"] = polymarket_marks.mark(made["markets"], **priced, dt=dt, as_of="")
        known = {
            "open_interest": self.last("open_interest", 2),
            "marks": self.last("marks", 2),
            "before": self.before("taken"),
        }
        made |= polymarket_snapshots.snapshot(
            made["markets"], made["evidence"], **priced, **known, fetch_ledger=ledger, dt=dt, as_of=""
        )
        made["lookbacks"] = polymarket_lookbacks.look_back(made["markets"], self.last("marks", 93), dt)
        waited = self.before("unanswered")
        made |= polymarket_scores.score(
            made["snapshots"], self.earlier("snapshots"), made["lookbacks"], made["labels"], waited, dt, 3600, list(BORDERS_S),
        )  # fmt: skip
        past = pl.concat([made["scored"].clear(), *(day["scored"] for day in self.days[:-1])])
        made["recalibrated"] = polymarket_recalibration.recalibrate(made["scored"], past)
        made["yardsticks"] = polymarket_yardsticks.compare(made["scored"], past, with_up_down=False)
        made["leakage_audit"] = polymarket_audit.audit(
            made["snapshots"], made["scored"], made["markets"], made["labels"], self.last("book_gaps", 2), self.last("price_points", 2),
            self.last("rest_books", 2), made["attrition"], made["recalibrated"], past.lazy(), made["yardsticks"],
            self.last("snapshots", 31).lazy(), self.waiting(dt), made["lookbacks"], made["unscored"], made["evidence"], made["taken"],
            self.last("book_tops", 2).lazy(), priced["book_events"], self.last("trades", 2), self.last("last_trades", 2),
            self.last("open_interest", 2), self.last("marks", 2), ledger, dt, 3600, list(BORDERS_S), False, "",
        )  # fmt: skip


ARCHIVED: Mapping[str, Any] = {
    "row": pl.Int64, "ts_recv": pl.Datetime("ns", "UTC"), "ts_event": pl.Datetime("ns", "UTC"), "place": pl.Int64,
    **dict.fromkeys(
        ("market", "event_type", "asset_id", "bids", "asks", "price", "size", "side", "best_bid", "best_ask", "fee_rate_bps",
         "transaction_hash", "old_tick_size", "new_tick_size", "row_sha256", "file"), pl.String),
    "ts_hour": pl.Datetime("ns", "UTC"),
}  # fmt: skip


@pytest.fixture(scope="session")
def truth() -> Venue:
    return venue(FIRST, DAYS, WALKS, seed=7)


@pytest.fixture(scope="session")
def shards(truth: Venue, tmp_path_factory: pytest.TempPathFactory) -> list[list[Path]]:
    folder = tmp_path_factory.mktemp("shards")
    return [write_day(folder, truth, FIRST + timedelta(days=day)) for day in range(DAYS)]


@pytest.fixture(scope="session")
def kept(shards: list[list[Path]]) -> Kept:
    return carried(shards)


@pytest.fixture(scope="session")
def carry() -> Callable[..., Kept]:
    return carried


def carried(
    shards: Sequence[Sequence[Path]], as_of: str = "", change: Callable[[Tables], None] | None = None
) -> Kept:
    found = Kept()
    for day, files in enumerate(shards):
        found.add(files, FIRST + timedelta(days=day), as_of, change)
    return found


@pytest.fixture(scope="session")
def instant() -> Callable[..., datetime]:
    return lambda day, hour=0, minute=0: datetime(2026, 1, day, hour, minute, tzinfo=UTC)
