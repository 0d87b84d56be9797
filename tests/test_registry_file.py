"""Every fault of form that datasets.yaml may have, and what is said of it."""

import pytest

from lakeflow.catalog import Read
from lakeflow.errors import ConfigError
from lakeflow.registry_file import read_registry

RUN, PARAMS = "run: stages.silver.prices.scale", "params: {times: 10}"
READS, MAKES = "reads: {lines: bronze.toy.lines}", "makes: {prices: silver.toy.prices}"
# What is said, and the words of the valid toy's file that are changed so that it is.
FAULTS = {
    "datasets.yaml: expected one of ['calendars', 'datasets', 'demo', 'products', 'reports', 'stages'], found the unknown key 'extra'":
        {"products:\n": "extra: 1\nproducts:\n"},
    "datasets.yaml:19: stages: silver.toy.scale: params is said twice; keep one":
        {"    params: {times: 10}": "    params: {times: 11}\n    params: {times: 10}"},
    "datasets.yaml:2: products: toy: calendar is said twice; keep one":
        {"{calendar: ALWAYS,": "{calendar: ALWAYS, calendar: NYSE,"},
    "datasets.yaml:19: not valid YAML: did not find expected ',' or '}'":
        {PARAMS: "params: {times: 10"},
    "datasets.yaml: not valid YAML: month must be in 1..12 (quote what looks like a date and is none)":
        {PARAMS: "params: {times: 2026-13-45}"},
    "datasets.yaml: products: toy: expected a key 'calendar', found none":
        {"calendar: ALWAYS, ": ""},
    "datasets.yaml: products: toy: expected one of ['about', 'calendar', 'selected_by', 'symbols'], found the unknown key 'calender'":
        {"calendar: ALWAYS": "calender: x, calendar: ALWAYS"},
    "datasets.yaml: products: toy: calendar: expected text, found ''":
        {"calendar: ALWAYS": "calendar: ''"},
    "datasets.yaml: products: toy: calendar: expected text, found 247":
        {"calendar: ALWAYS": "calendar: 247"},
    "datasets.yaml: calendars: ALWAYS: expected a map, found 'closed'":
        {"products:\n": "calendars: {ALWAYS: closed}\nproducts:\n"},
    "datasets.yaml: datasets: raw.toy: expected a key layer.product_type.name in small letters, found 'raw.toy'":
        {"  silver.toy.prices: {": "  raw.toy: {describe: stages.bronze.lines.describe}\n  silver.toy.prices: {"},
    "datasets.yaml: datasets: silver.toy.prices: expected a key 'contract', found none":
        {"contract: silver/prices, ": ""},
    "datasets.yaml: datasets: silver.toy.prices: contract: expected a contract as layer/table in small letters, found '../prices.avsc'":
        {"contract: silver/prices": "contract: ../prices.avsc"},
    "datasets.yaml: datasets: silver.toy.prices: dt_kind: expected one of ['local_date', 'session_date', 'utc_date'], found 'day'":
        {"contract: silver/prices": "contract: silver/prices, dt_kind: day"},
    "datasets.yaml: datasets: silver.toy.prices: expected no describe in the silver layer, found 'stages.bronze.lines.describe'":
        {"contract: silver/prices": "contract: silver/prices, describe: stages.bronze.lines.describe"},
    "datasets.yaml: datasets: raw.toy.vendor: expected a key 'describe', found none":
        {"{describe: stages.bronze.lines.describe}": "{}"},
    "datasets.yaml: datasets: raw.toy.vendor: expected no contract in the raw layer, found 'bronze/lines'":
        {"{describe: stages.bronze.lines.describe}": "{describe: stages.bronze.lines.describe, contract: bronze/lines}"},
    "datasets.yaml: stages: silver.toy.scale: expected a key 'run', found none":
        {"    run: stages.silver.prices.scale\n": ""},
    "datasets.yaml: stages: silver.toy.scale: run: expected text, found nothing":
        {RUN: "run:"},
    "datasets.yaml: stages: silver.toy.scale: expected a key 'reads', found none":
        {"    reads: {lines: bronze.toy.lines}\n": ""},
    "datasets.yaml: stages: silver.toy.scale: reads: expected at least one entry, found none":
        {READS: "reads: {}"},
    "datasets.yaml: stages: silver.toy.scale: reads: expected a map, found ['bronze.toy.lines']":
        {READS: "reads: [bronze.toy.lines]"},
    "datasets.yaml: stages: silver.toy.scale: makes: expected names that a parameter can have, found 3":
        {MAKES: "makes: {prices: silver.toy.prices, 3: silver.toy.prices}"},
    "datasets.yaml: stages: silver.toy.scale: makes: expected another name than read (a stage counts records under it), found read":
        {MAKES: "makes: {read: silver.toy.prices}"},
    "datasets.yaml: stages: silver.toy.scale: params: expected names that a parameter can have, found 3":
        {PARAMS: "params: {times: 10, 3: 4}"},
    "datasets.yaml: stages: silver.toy.scale: expected one of ['about', 'accounts', 'apart', 'build', 'fans_out', 'flag', 'keep', 'makes', 'memory_gb', 'params', 'reads', 'refuses', 'retries', 'run', 'symbol', 'timeout'], found the unknown key 'colour'":
        {PARAMS: "params: {times: 10}\n    colour: red"},
    "datasets.yaml: stages: silver.toy.scale: retries: expected a whole number, found 'many'":
        {PARAMS: "params: {times: 10}\n    retries: many"},
    "datasets.yaml: stages: silver.toy.scale: retries: expected a whole number, found true":
        {PARAMS: "params: {times: 10}\n    retries: true"},
    "datasets.yaml: stages: silver.toy.scale: retries: expected at least 0, found -1":
        {PARAMS: "params: {times: 10}\n    retries: -1"},
    "datasets.yaml: stages: silver.toy.scale: memory_gb: expected at least 0, found nan":
        {PARAMS: "params: {times: 10}\n    memory_gb: .nan"},
    "datasets.yaml: stages: silver.toy.scale: timeout: expected at least 1, found 0":
        {PARAMS: "params: {times: 10}\n    timeout: 0"},
    "datasets.yaml: stages: silver.toy.scale: accounts: expected one of ['rows'], found 'money'":
        {PARAMS: "params: {times: 10}\n    accounts: money"},
    "datasets.yaml: stages: silver.toy.scale: build: expected one of ['on_request'], found 'never'":
        {PARAMS: "params: {times: 10}\n    build: never"},
    "datasets.yaml: stages: silver.toy.scale: fans_out: expected one of ['prices'], found 'price'":
        {PARAMS: "params: {times: 10}\n    fans_out: [price]"},
    "datasets.yaml: stages: silver.toy.scale: fans_out: expected at least one table that stays on the symbol asked for (it anchors the step), found all of ['prices']":
        {PARAMS: "params: {times: 10}\n    fans_out: [prices]"},
    "datasets.yaml: stages: silver.toy.scale: flag: expected one of ['*', 'prices'], found 'price'":
        {PARAMS: "params: {times: 10}\n    flag: {price: [filters.toy.dear]}"},
    "datasets.yaml: stages: silver.toy.scale: keep: expected a list or a map, found 'filters.toy.dear'":
        {PARAMS: "params: {times: 10}\n    keep: filters.toy.dear"},
    "datasets.yaml: stages: silver.toy.scale: flag: expected text, found 3":
        {PARAMS: "params: {times: 10}\n    flag: [3]"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected a key 'dataset', found none":
        {READS: "reads: {lines: {symbol: same}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected text or a map, found ['bronze.toy.lines']":
        {READS: "reads: {lines: [bronze.toy.lines]}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected one of ['dataset', 'days', 'late', 'map', 'min', 'previous', 'symbol'], found the unknown key 'day'":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, day: 1}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: symbol: expected one of ['*', 'children', 'chosen', 'parent', 'same', 'underlying'], found 'all'":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, symbol: all}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: map: expected one of ['session_window'], found 'week'":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, map: week}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: days: expected two offsets [first, last] in sessions, first <= last, found [-1]":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, days: [-1]}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: days: expected two offsets [first, last] in sessions, first <= last, found [0, -1]":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, days: [0, -1]}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: days: expected no session after the step's own (that is looking ahead), found [-1, 1]":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, days: [-1, 1]}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected one of ['days', 'map', 'previous'], found ['days', 'map']":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, days: [-1, 0], map: session_window}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: min: expected a count from 0 to 2, found 3":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, days: [-1, 0], min: 3}}"},
    'datasets.yaml: stages: silver.toy.scale: reads: lines: min: expected a window (days, map, or symbol: children, chosen or "*") that may lack some, found none':
        {READS: "reads: {lines: {dataset: bronze.toy.lines, min: 1}}"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: previous: expected one of ['self'], found 'yesterday'":
        {READS: "reads: {lines: {dataset: bronze.toy.lines, previous: yesterday}}"},
}  # fmt: skip


@pytest.mark.parametrize("said", FAULTS)
def test_a_fault_of_form_is_said_in_one_line(told, said):
    assert told("datasets.yaml", FAULTS[said]) == [said]


def test_keys_that_are_not_there_are_told_together(tmp_path):
    (tmp_path / "datasets.yaml").write_text("demo: x.y\n")
    assert read_registry(tmp_path / "datasets.yaml")[1] == [
        f"datasets.yaml: expected a key {key!r}, found none" for key in ("products", "datasets", "stages")
    ]


@pytest.mark.parametrize(("text", "found"), [("", "nothing"), ("[1]", "[1]"), ("word", "'word'")])
def test_a_file_that_is_no_map_is_refused(tmp_path, text, found):
    (tmp_path / "datasets.yaml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_registry(tmp_path / "datasets.yaml")
    expected = "expected a map of products, datasets and stages"
    assert refused.value.faults == [f"datasets.yaml: {expected}, found {found}"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("bronze.toy.lines", Read("lines", "bronze.toy.lines")),
        ("{dataset: a.b.c, symbol: parent}", Read("lines", "a.b.c", symbol="parent")),
        ("{dataset: a.b.c, days: [-20, -1], min: 5}", Read("lines", "a.b.c", days=(-20, -1), min=5)),
        ("{dataset: a.b.c, map: session_window}", Read("lines", "a.b.c", map="session_window")),
        ("{dataset: a.b.c, previous: self}", Read("lines", "a.b.c", previous=True)),
        ('{dataset: a.b.c, symbol: "*", min: 0}', Read("lines", "a.b.c", symbol="*", min=0)),
    ],
)
def test_a_read_says_whose_symbol_and_which_days(toy, said, meant):
    root = toy({})
    text = (root / "datasets.yaml").read_text().replace(READS, f"reads: {{lines: {said}}}")
    catalog, found = read_registry(toy({"datasets.yaml": text}) / "datasets.yaml")
    assert (catalog.stages["silver.toy.scale"].reads, found) == ((meant,), [])


def test_a_list_of_filters_is_meant_for_every_table(toy):
    root = toy({})
    both = f"{PARAMS}\n    keep: [filters.a.b]\n    flag: {{prices: [filters.a.c]}}"
    text = (root / "datasets.yaml").read_text().replace(PARAMS, both)
    stage = read_registry(toy({"datasets.yaml": text}) / "datasets.yaml")[0].stages["silver.toy.scale"]
    assert (stage.keep, stage.flag) == ({"*": ("filters.a.b",)}, {"prices": ("filters.a.c",)})


def test_what_is_not_said_has_the_layers_default(tmp_path):
    entry = "{contract: a/b}"
    (tmp_path / "datasets.yaml").write_text(
        f"products: {{}}\nstages: {{}}\ndatasets: {{silver.p.t: {entry}, gold.p.t: {entry}}}"
    )
    catalog, _ = read_registry(tmp_path / "datasets.yaml")
    assert [d.dt_kind for d in catalog.datasets.values()] == ["utc_date", "session_date"]
