"""The rules of a contract over a file: what each allows, what each means, and nothing that wraps or rounds."""

import pytest

from lakeflow.avsc import enum, field
from lakeflow.check import check_file
from lakeflow.errors import ConfigError
from tests.check.files import KEY, contract, errors, written


def test_a_rule_may_be_broken_by_the_rows_it_allows(tmp_path):
    rules = [
        {"name": "not_crossed", "expr": "bid <= ask", "severity": "warn", "maxBad": 0.25},
        {"name": "named", "expr": "side = 'A' OR bid IS NULL"},
    ]
    promise = contract(
        field("bid", ["null", "long"]),
        field("ask", "long"),
        field("side", enum("Side", "A", "B")),
        rules=rules,
    )
    values = {"bid": [5, 5, None, 1], "ask": [1, 1, 1, 1], "side": ["A", "A", "B", "A"]}
    verdict = check_file(written(tmp_path, values, promise), promise)
    assert not verdict.errors
    assert [(each.rule, each.count, each.first_row) for each in verdict.warnings] == [("not_crossed", 2, 0)]


def test_rules_neither_wrap_nor_round(tmp_path):
    rules = [{"name": "wraps", "expr": "a - b < 0"}, {"name": "rounds", "expr": "big > small"}]
    fields = [field(n, "long", arrowType="uint64") for n in ("a", "b", "big")]
    promise = contract(*fields, field("small", "long"), rules=rules)
    values = {"a": [1], "b": [2], "big": [2**63], "small": [2**63 - 1]}
    assert not errors(written(tmp_path, values, promise), promise)


@pytest.mark.parametrize("most", [7, 2**53 - 1, 2**53, 2**63 - 1])
@pytest.mark.parametrize("short", [0, 1])
def test_a_sum_is_exact_however_large_its_parts_are(tmp_path, most, short):
    rules = [{"name": "whole", "expr": "total + a = a + b + c + a"}]
    promise = contract(*(field(n, "long") for n in ("a", "b", "c", "total")), rules=rules)
    values = {"a": [most], "b": [most], "c": [-most], "total": [most - short]}
    assert len(errors(written(tmp_path, values, promise), promise)) == short


def test_a_rule_that_means_nothing_for_its_types_is_a_fault_of_the_contract(tmp_path):
    promise = contract(
        KEY, rules=[{"name": "text", "expr": "seq = 'a'"}, {"name": "number", "expr": "seq + 1"}]
    )
    with pytest.raises(ConfigError) as error:
        check_file(written(tmp_path, {"seq": [1]}, promise), promise)
    assert [fault.split(":")[1].strip() for fault in error.value.faults] == ["rule text", "rule number"]
