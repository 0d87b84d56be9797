"""What the bench of silver is fed: bronze's day of one contract, or a day of two, each delivered with its definitions."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from book_flow import flow
from bronze_day import DAY_NS, PIECE, midnight, timed

from lakeflow.simulate.contracts import Instrument, listed
from lakeflow.simulate.reference import definitions
from lakeflow.vendors.databento.encode import dbn_file
from lakeflow.vendors.databento.header import Header, Interval
from lakeflow.vendors.databento.schemas import LAYOUTS

ROOT = Path(__file__).parents[2]
PARTS = ("stages", "filters", "selection", "contracts")
PLACE = "lake/raw/source=databento/product_type=future_mbo/symbol=ES"
FORM = 1  # of the day of two contracts: raised when it changes, so that an older kept file is not used
IDS = {"ESH6": 42_140_878, "ESM6": 42_140_879}


def project(root: Path, days: Mapping[date, Path]) -> Path:
    """This project with a lake of its own that holds the orders of each day and the definitions that go with them."""
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "datasets.yaml", root)
    for day, file in days.items():
        folder = root / PLACE / f"dt={day}"
        folder.mkdir(parents=True)
        shutil.copy(file, folder)
        define(folder / file.name.replace(".mbo.", ".definition."), day)
    return root


def define(path: Path, day: date) -> None:
    known = [
        each._replace(instrument_id=IDS[each.symbol]) for each in listed("ES", day) if each.symbol in IDS
    ]
    with dbn_file(path, header(known, day, "definition")) as file:
        file.write(definitions(tuple(known), day, LAYOUTS["definition"][3]).tobytes())


def header(known: Sequence[Instrument], day: date, schema: str) -> Header:
    start, tomorrow = midnight(day), day + timedelta(days=1)
    symbols = {each.symbol: (Interval(day, tomorrow, str(each.instrument_id)),) for each in known}
    return Header(
        version=3,
        dataset="GLBX.MDP3",
        schema=schema,
        start=start,
        end=start + DAY_NS,
        limit=None,
        stype_in="parent",
        stype_out="instrument_id",
        symbols=("ES.FUT",),
        mappings=symbols,
    )


def kept_pair(records: int, day: date) -> Path:
    """A day of two contracts that trade as much as each other; written once, by a process of its own."""
    folder = Path(tempfile.gettempdir()) / f"lakeflow-bench-pair-{FORM}-{records}-{day}"
    path = folder / f"glbx-mdp3-{day:%Y%m%d}.mbo.dbn.zst"
    if not path.exists():
        subprocess.run([sys.executable, __file__, str(records), day.isoformat(), path], check=True)
    return path


def write_pair(records: int, day: date, path: Path) -> None:
    rows = np.concatenate([contract(records // 2, seed, midnight(day)) for seed in (0, 1)])
    rows = rows[np.argsort(rows["ts_recv"], kind="stable")]
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f"draft.{path.name}")
    known = [
        each._replace(instrument_id=IDS[each.symbol]) for each in listed("ES", day) if each.symbol in IDS
    ]
    with dbn_file(draft, header(known, day, "mbo")) as file:
        for start in range(0, len(rows), PIECE):
            file.write(rows[start : start + PIECE].tobytes())
    draft.rename(path)


def contract(records: int, seed: int, start: int) -> npt.NDArray[np.void]:
    rows: npt.NDArray[np.void] = timed(flow(records, seed=7 + seed), start)
    rows["instrument_id"] += seed
    return rows


if __name__ == "__main__":
    write_pair(int(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3]))
