"""The demo's deliveries."""

from datetime import date

import numpy as np
import pytest

from lakeflow.simulate.contracts import listed
from lakeflow.simulate.demo import DAYS, damage, deliver_futures, deliver_venue
from lakeflow.vendors.databento.delivery import describe
from lakeflow.vendors.databento.records import records
from lakeflow.vendors.errors import DamagedFile
from lakeflow.vendors.polymarket.delivery import describe as describe_shard


def test_every_parent_and_day_is_delivered_once(tmp_path):
    files = deliver_futures(tmp_path, days=[date(2026, 1, 5), date(2026, 1, 6)], events=50)
    places = [describe(path)[0] for path in files]
    assert len(files) == len(set(files)) == 2 * 2 * 4
    assert sorted({(place.symbol, place.dt) for place in places}) == [
        ("ES", "2026-01-05"), ("ES", "2026-01-06"), ("NQ", "2026-01-05"), ("NQ", "2026-01-06")
    ]  # fmt: skip


def test_a_damaged_copy_says_where_it_belongs_and_is_refused_when_read(tmp_path):
    whole = deliver_futures(tmp_path, parents=["ES"], days=[date(2026, 1, 6)], events=2_000)[0]
    cut = damage(whole)
    assert (cut.name, describe(cut)) == (whole.name, describe(whole))
    assert cut.stat().st_size < whole.stat().st_size
    with pytest.raises(DamagedFile, match="the end of a zstd frame"):
        list(records(cut, "mbo"))


def test_trading_moves_to_the_next_contract_within_the_days(tmp_path):
    front, following = (each.instrument_id for each in listed("ES", DAYS[0])[:2])
    leaders = []
    for day in DAYS:
        (file,) = [f for f in deliver_futures(tmp_path, ["ES"], [day], events=3_000) if ".mbo." in f.name]
        rows = np.concatenate(list(records(file, "mbo")))
        lots = {
            each: rows["size"][(rows["action"] == b"T") & (rows["instrument_id"] == each)].sum()
            for each in (front, following)
        }
        leaders.append(max(lots, key=lots.__getitem__))
    assert leaders == [front, following, following]


def test_the_venue_of_the_demo_lies_in_a_folder_of_its_own(tmp_path):
    files = deliver_venue(tmp_path / "polymarket", days=2, walks=3)
    places = sorted({place for file in files for place in describe_shard(file)})
    assert {file.parent for file in files} == {tmp_path / "polymarket"}
    assert [(place.symbol, place.dt) for place in places] == [
        ("polymarket", "2026-01-05"), ("polymarket", "2026-01-06")
    ]  # fmt: skip
