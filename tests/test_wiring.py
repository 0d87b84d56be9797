"""Every way in which datasets.yaml and the contracts may not fit together, and what is said of it."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from lakeflow.errors import ConfigError
from lakeflow.functions import load_function
from lakeflow.project import open_project

HISTORY = """
def follow(lines: pl.DataFrame, before: pl.DataFrame | None, times: int): ...
"""
SILVER = "stages/silver/prices.py"
RUN, PARAMS = "run: stages.silver.prices.scale", "params: {times: 10}"
READS, MAKES = "reads: {lines: bronze.toy.lines}", "makes: {prices: silver.toy.prices}"
# What is said, and the words of the valid toy's file that are changed so that it is.
DATASETS = {
    "datasets.yaml: products: toy: calendar: expected one of ['ALWAYS', 'CME_EQ', 'NSE', 'NYSE'], found 'LSE'":
        {"calendar: ALWAYS": "calendar: LSE"},
    "datasets.yaml: products: expected an entry toy with its calendar, found none":
        {"  toy: {": "  toys: {"},
    "datasets.yaml: products: toy: symbols: expected a regular expression, found '(?P<parent[A-Z]+)[0-9]*': missing >, unterminated name at position 4":
        {"(?P<parent>[A-Z]+)": "(?P<parent[A-Z]+)"},
    "datasets.yaml: products: toy: symbols: expected a group (?P<parent>...), found '([A-Z]+)[0-9]*'":
        {"(?P<parent>[A-Z]+)": "([A-Z]+)"},
    "datasets.yaml: calendars: expected one of ['ALWAYS', 'CME_EQ', 'NSE', 'NYSE'], found 'LSE'":
        {"products:\n": "calendars: {LSE: {}}\nproducts:\n"},
    "datasets.yaml: calendars: ALWAYS: expected one of add_sessions, drop_sessions, early_close, found drop":
        {"products:\n": "calendars: {ALWAYS: {drop: []}}\nproducts:\n"},
    "datasets.yaml: demo: expected a function that stages.bronze.lines defines, one of ['describe', 'split'], found 'deliver'":
        {"products:\n": "demo: stages.bronze.lines.deliver\nproducts:\n"},
    "datasets.yaml: demo: expected a function of the project or of a domain package of lakeflow, found lakeflow.lake.Lake":
        {"products:\n": "demo: lakeflow.lake.Lake\nproducts:\n"},
    "datasets.yaml: reports: page: run: expected a function that stages.silver.prices defines, one of ['scale'], found 'page'":
        {"products:\n": "reports: {page: {run: stages.silver.prices.page, reads: {lines: bronze.toy.lines}}}\nproducts:\n"},
    "datasets.yaml: reports: page: expected stages.silver.prices.scale to take ['first', 'last', 'lines', 'symbol'], found ['lines', 'times']":
        {"products:\n": "reports: {page: {run: stages.silver.prices.scale, reads: {lines: bronze.toy.lines}}}\nproducts:\n"},
    "datasets.yaml: datasets: raw.toy.vendor: describe: expected the file stages/bronze/vendor.py, found none":
        {"stages.bronze.lines.describe": "stages.bronze.vendor.describe"},
    "datasets.yaml: datasets: silver.toy.prices: contract: expected the file contracts/silver/price.avsc, found none":
        {"contract: silver/prices": "contract: silver/price"},
    "datasets.yaml: datasets: silver.toy.trades: expected a stage that makes it, found none":
        {"stages:\n": "  silver.toy.trades: {contract: silver/prices}\n\nstages:\n"},
    "datasets.yaml: stages: silver.toy.scale: makes: lines: expected one of ['bronze.toy.lines', 'raw.toy.vendor', 'silver.toy.prices'], found 'silver.toy.lines'":
        {MAKES: "makes: {prices: silver.toy.prices, lines: silver.toy.lines}"},
    "datasets.yaml: datasets: silver.toy.prices: expected one stage that makes it, found ['silver.toy.again', 'silver.toy.scale']":
        {"stages:\n": "stages:\n  silver.toy.again:\n    run: stages.silver.prices.scale\n    reads: {lines: bronze.toy.lines}\n    makes: {prices: silver.toy.prices}\n    params: {times: 1}\n"},
    "datasets.yaml: datasets: raw.toy.other: expected no maker (raw is delivered), found ['raw.toy.again']":
        {"  raw.toy.vendor": "  raw.toy.other: {describe: stages.bronze.lines.describe}\n  raw.toy.vendor", "stages:\n": "stages:\n  raw.toy.again:\n    run: stages.silver.prices.scale\n    reads: {lines: bronze.toy.lines}\n    makes: {prices: raw.toy.other}\n    params: {times: 1}\n"},
    "datasets.yaml: stages: silver.toy.scale: makes: more: expected another dataset than prices makes, found silver.toy.prices":
        {MAKES: "makes: {prices: silver.toy.prices, more: silver.toy.prices}"},
    "datasets.yaml: stages: gold.toy.scale: makes: prices: expected a dataset of the stage's own layer and product, found silver.toy.prices":
        {"  silver.toy.scale:": "  gold.toy.scale:"},
    "datasets.yaml: stages: silver.toy.scale: makes: expected datasets of one dt_kind (a step has one dt), found silver.toy.prices utc_date, silver.toy.more local_date":
        {"  silver.toy.prices: {": "  silver.toy.more: {contract: silver/prices, dt_kind: local_date}\n  silver.toy.prices: {", MAKES: "makes: {prices: silver.toy.prices, more: silver.toy.more}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected one of ['bronze.toy.lines', 'raw.toy.vendor', 'silver.toy.prices'], found 'bronze.toy.line'":
        {READS: "reads: {lines: bronze.toy.line}"},
    "datasets.yaml: stages: expected no circle, found silver.toy.scale -> silver.toy.scale":
        {READS: "reads: {lines: silver.toy.prices}"},
    "datasets.yaml: stages: expected no circle, found bronze.toy.a -> silver.toy.scale -> bronze.toy.a":
        {"bronze.toy.lines: {": "bronze.toy.more: {contract: bronze/lines}\n  bronze.toy.lines: {", "stages:\n": "stages:\n  bronze.toy.a:\n    run: stages.silver.prices.scale\n    reads: {lines: silver.toy.prices}\n    makes: {lines: bronze.toy.more}\n    params: {times: 1}\n", READS: "reads: {lines: bronze.toy.more}"},
    "datasets.yaml: stages: silver.toy.scale: expected a read of the same symbol, or `symbol:` naming the one to make, found neither":
        {READS: 'reads: {lines: {dataset: bronze.toy.lines, symbol: "*"}}'},
    "datasets.yaml: stages: silver.toy.scale: symbol: expected none (lines is read at the same symbol, so its symbols are made), found 'A1'":
        {PARAMS: "params: {times: 10}\n    symbol: A1"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: symbol: expected a group (?P<underlying>...) in products: toy: symbols, found none":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, symbol: underlying}}", PARAMS: "params: {times: 10}\n    symbol: A1"},
    "datasets.yaml: stages: silver.toy.scale: reads: before: previous: expected a table that the stage itself makes, found bronze.toy.lines":
        {RUN: "run: stages.silver.more.follow", READS: "reads: {lines: bronze.toy.lines, before: {dataset: bronze.toy.lines, previous: self}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: map: expected it where session dates are made from UTC dates, found utc_date from utc_date":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, map: session_window}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected map: session_window (the stage makes session dates), found the same dt of bronze.toy.lines, a UTC date":
        {"contract: silver/prices": "contract: silver/prices, dt_kind: session_date"},
    "datasets.yaml: stages: bronze.toy.split: reads: files: expected a dataset of UTC dates, as the stage makes them, found raw.toy.vendor, of session dates":
        {"{describe: stages.bronze.lines.describe}": "{describe: stages.bronze.lines.describe, dt_kind: session_date}"},
    "datasets.yaml: stages: selection.toy.choose: reads: lines: expected earlier sessions (days: [-n, -1] or previous: self) or a dataset that is clipped: true, found the session's own day (a selection may not look ahead)":
        {"  silver.toy.prices: {": "  selection.toy.chosen: {contract: silver/prices}\n  silver.toy.prices: {dt_kind: session_date, ", READS: "reads: {lines: {dataset: bronze.toy.lines, map: session_window}}", "stages:\n": "stages:\n  selection.toy.choose:\n    run: stages.silver.prices.scale\n    reads: {lines: silver.toy.prices}\n    makes: {chosen: selection.toy.chosen}\n    params: {times: 1}\n"},
}  # fmt: skip
CONTRACT = {
    "contract silver/prices: sort: expected columns of price, seq, found sequence":
        {'"sort": ["seq"]': '"sort": ["sequence"]'},
    "contract silver/prices: expected JSON, found Extra data: line 1 column 7 (char 6)":
        {'{"type": "record"': '"type": "record"'},
    "contract silver/prices: lakeflow: expected keys of compat, key, minRows, rules, sort, unique, version, found keys":
        {'"key": ["seq"]': '"key": ["seq"], "keys": []'},
}  # fmt: skip


@pytest.mark.parametrize("said", DATASETS)
def test_a_fault_in_datasets_yaml_is_said_in_one_line(toy, told, said):
    toy({"stages/silver/more.py": HISTORY})
    assert told("datasets.yaml", DATASETS[said]) == [said]


@pytest.mark.parametrize("said", CONTRACT)
def test_a_fault_in_a_contract_is_said_in_one_line(told, said):
    assert told("contracts/silver/prices.avsc", CONTRACT[said]) == [said]


def test_a_project_that_fits_together_has_no_faults(toy):
    with open_project(toy({})) as project:
        assert [*project.catalog.stages] == ["bronze.toy.split", "silver.toy.scale"]


def test_all_faults_are_told_together(told):
    edits = {
        "calendar: ALWAYS": "calendar: LSE",
        "  silver.toy.scale:": "  golden.toy.scale:",
        PARAMS: "params: {times: ten}",
    }
    found = told("datasets.yaml", edits)
    assert [said.split(": expected")[0].removeprefix("datasets.yaml: ") for said in found] == [
        "stages: golden.toy.scale: layer",
        "products: toy: calendar",
        "stages: golden.toy.scale: makes: prices",
        "stages: golden.toy.scale: params: times",
    ]
    assert str(ConfigError(found)).splitlines() == found
    assert ConfigError.code == 5


def test_wiring_is_checked_without_importing_a_stage(toy):
    raising = "raise RuntimeError('imported')\n"
    root = toy({})
    toy({SILVER: raising + (root / SILVER).read_text(), "stages/silver/__init__.py": raising})
    open_project(root).close()
    assert not {name for name in sys.modules if name.startswith("stages")}


def test_a_stranger_with_the_name_of_a_module_is_refused_naming_both_places(toy, tmp_path: Path, monkeypatch):
    root = toy({})
    for name in ("__init__.py", "silver/__init__.py", "silver/prices.py"):
        (tmp_path / "foreign/stages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "foreign/stages" / name).write_text("def scale(): ...\n")
    monkeypatch.syspath_prepend(tmp_path / "foreign")
    import_module("stages.silver.prices")
    with pytest.raises(ConfigError) as refused:
        load_function("stages.silver.prices.scale", root)
    for place in (root, tmp_path / "foreign/stages/silver/prices.py"):
        assert str(place.resolve()) in str(refused.value)
