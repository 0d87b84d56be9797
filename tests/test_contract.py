"""A contract read from its file: what it says, what is refused, and which changes make old partitions stale."""

import json
import subprocess
import sys

import pytest

from lakeflow.avsc import NANOS, enum, field, record
from lakeflow.contract import Contract, Rule, load_contract, read_contract
from lakeflow.errors import ConfigError

FIELDS = (
    field("ts_event", NANOS),
    field("px", ["null", "long"], unit="USD", scale=1e-9, min=0, aliases=["price"]),
    field("side", enum("Side", "A", "B")),
    field("flags", "int", arrowType="uint8", bits={"crossed": 0}),
)
PROMISE = {
    "key": ["ts_event"],
    "sort": ["ts_event"],
    "unique": [["px"]],
    "rules": [{"name": "r", "expr": "px > 0"}],
}


def read(*fields, **promise) -> Contract:
    return read_contract(json.dumps(record("silver/t", fields or FIELDS, **(PROMISE | promise))), "silver/t")


def test_a_contract_says_what_its_file_says(tmp_path):
    (tmp_path / "silver").mkdir()
    path = tmp_path / "silver" / "t.avsc"
    path.write_text(json.dumps(record("silver/t", FIELDS, **PROMISE)))
    contract = load_contract(path)
    assert (contract.name, contract.version, contract.names) == (
        "silver/t",
        "1.0.0",
        ("ts_event", "px", "side", "flags"),
    )
    assert contract.unique_sets == (("ts_event",), ("px",))
    assert contract.rules == (Rule("r", "px > 0", "error", 0.0),)
    px = contract.column("px")
    assert (px.type, px.nullable, px.unit, px.scale, px.min, px.aliases) == (
        "long",
        True,
        "USD",
        1e-9,
        0,
        ("price",),
    )
    assert [column.word for column in contract.columns] == ["timestamp-nanos", "long", "enum", "uint8"]


def test_an_unknown_column_is_told_with_those_there_are():
    with pytest.raises(KeyError, match="silver/t has no column pz; it has flags, px, side, ts_event"):
        read().column("pz")


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    path = tmp_path / "t.avsc"
    path.write_text(json.dumps(record("gold/u", [field("a", "uuid"), field("b", "int", min="x")])))
    with pytest.raises(ConfigError) as error:
        load_contract(path)
    assert len(error.value.faults) == 4


def test_a_key_said_twice_or_no_json_is_refused(tmp_path):
    with pytest.raises(ConfigError, match='contract silver/t: key "doc" is said twice'):
        read_contract('{"doc": "a", "doc": "b"}', "silver/t")
    with pytest.raises(ConfigError, match="contract silver/t: expected JSON, found Expecting value"):
        read_contract("x", "silver/t")
    with pytest.raises(ConfigError, match="expected a readable contract"):
        load_contract(tmp_path / "none.avsc")


DOC = field("px", ["null", "long"], unit="USD", scale=1e-9, min=0, aliases=["price"], doc="Other words.")


@pytest.mark.parametrize(
    ("changed", "schema", "rules"),
    [
        (read(FIELDS[0], DOC, *FIELDS[2:]), False, False),
        (read(version="1.1.0"), False, False),
        (read(compat="FULL"), False, False),
        (read(version="2.0.0"), True, False),
        (read(key=[]), True, False),
        (read(sort=[]), True, False),
        (read(unique=[]), False, True),
        (read(rules=[]), False, True),
        (read(minRows=1), False, True),
        (read(FIELDS[1], FIELDS[0], *FIELDS[2:]), True, True),
        (read(FIELDS[0], field("px", "long", unit="USD", scale=1e-9, min=0), *FIELDS[2:]), True, False),
        (
            read(FIELDS[0], field("px", ["null", "long"], unit="EUR", scale=1e-9, min=0), *FIELDS[2:]),
            True,
            False,
        ),
        (
            read(FIELDS[0], field("px", ["null", "long"], unit="USD", scale=1e-9, min=1), *FIELDS[2:]),
            False,
            True,
        ),
        (read(*FIELDS[:2], field("side", enum("Side", "B", "A")), FIELDS[3]), True, False),
        (read(*FIELDS[:2], field("side", enum("Other", "A", "B")), FIELDS[3]), False, False),
        (read(*FIELDS[:3], field("flags", "int", arrowType="uint8", bits={"crossed": 1})), True, False),
    ],
)
def test_each_change_moves_the_digest_it_should_and_no_other(changed, schema, rules):
    before = read()
    assert (changed.schema_digest != before.schema_digest) == schema
    assert (changed.rules_digest != before.rules_digest) == rules


def test_a_contract_is_read_without_loading_an_engine():
    code = "import sys, lakeflow.contract; print(sorted({'polars','pyarrow','duckdb','numpy','fastavro'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
