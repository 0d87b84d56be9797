"""A small simulated day, written once for all tests that only read it; days of every hazard; and records told in a few words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from lakeflow.simulate.contracts import listed, nanoseconds
from lakeflow.simulate.day import write_day
from lakeflow.simulate.future_day import future_day
from lakeflow.simulate.hazards import ALL
from lakeflow.simulate.truth.account import account
from lakeflow.simulate.wire import filled
from lakeflow.vendors.databento.codes import UNDEF_PRICE
from lakeflow.vendors.databento.schemas import LAYOUTS

DAY = date(2026, 1, 6)
TICK = 250_000_000
ENDED, GOES_ON = 130, ".."

ROOT = Path(__file__).parents[2]

Told = Callable[..., dict[str, pl.DataFrame]]


@pytest.fixture(scope="session")
def day_files(tmp_path_factory) -> list[Path]:
    """ES on a Tuesday: orders, definition, statistics, status."""
    return write_day(tmp_path_factory.mktemp("day"), "ES", DAY, events=3_000, seed=1)


@pytest.fixture(scope="session")
def calm() -> npt.NDArray[np.void]:
    """The records of a fast day of ES on which nothing goes wrong."""
    return np.concatenate(list(future_day(listed("ES", DAY), DAY, 1).records(60_000)))


@pytest.fixture(scope="session")
def hard() -> npt.NDArray[np.void]:
    """The records of a day of ES with every hazard."""
    return np.concatenate(list(future_day(listed("ES", DAY), DAY, 1, ALL).records(60_000)))


@pytest.fixture
def tell() -> Told:
    """The silver tables of records told as `action side order ticks lots`.

    A line ends an event unless `..` follows; `@2.5` is the second of receipt, `+4` more flags, `#39` another publisher,
    and `=7` the sequence number. A price of `-` is none.
    """

    def tables(*lines: str) -> dict[str, pl.DataFrame]:
        return account(records(*lines), TICK, 7)

    return tables


def records(*lines: str) -> npt.NDArray[np.void]:
    rows = [_record(n, line.split()) for n, line in enumerate(lines)]
    return filled(LAYOUTS["mbo"][3], rows)


def _record(number: int, words: list[str]) -> dict[str, object]:
    action, side, order_id, ticks, size = words[:5]
    more = {word[0]: word[1:] for word in words[5:] if word != GOES_ON}
    received = nanoseconds(DAY) + round(float(more.get("@", "0")) * 1e9) + number
    return {
        "instrument_id": 7,
        "publisher_id": int(more.get("#", "1")),
        "action": action,
        "side": side,
        "order_id": int(order_id),
        "price": UNDEF_PRICE if ticks == "-" else int(float(ticks) * TICK),
        "size": int(size),
        "flags": (0 if GOES_ON in words else ENDED) | int(more.get("+", "0")),
        "ts_event": received,
        "ts_recv": received,
        "sequence": int(more.get("=", number)),
    }


@pytest.fixture(scope="session")
def gold_made() -> Callable[[Path, list[Path], str, str], None]:
    """Put files into a lake and make the gold of a session of one symbol from them."""
    from typer.testing import CliRunner

    from lakeflow.cli.main import app

    def made(lake: Path, files: list[Path], symbol: str, day: str) -> None:
        run = ("run", "--layer", "gold", "--symbol", symbol, "--dt", day, "--workers", "1")
        for words in (("raw", "add", *map(str, files)), run):
            done = CliRunner().invoke(app, [*words, "--project", str(ROOT), "--lake", str(lake)])
            assert done.exit_code == 0, f"{done.output}{done.exception!r}"

    return made


@pytest.fixture(scope="session")
def causes() -> Callable[[pl.DataFrame], pl.DataFrame]:
    """By second what the mid has changed, and what the causes of it add up to; nothing is known before the first quote."""

    def told(truth: pl.DataFrame) -> pl.DataFrame:
        known = truth.filter(pl.col("mid_half_ticks").is_not_null())
        changes = known.select(
            "sec", changed=pl.col("mid_half_ticks").diff(), told=pl.sum_horizontal("^dmid_.*$")
        )
        return changes.slice(1)

    return told
