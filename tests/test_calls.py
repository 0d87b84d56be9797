"""Every way in which a stage's function may not fit what datasets.yaml gives it, and what is said of it."""

import pytest

from lakeflow.errors import ConfigError
from lakeflow.project import open_project

SILVER = "stages/silver/prices.py"
FILTERS = """
def dear(): ...
def above(least: int): ...
"""
HISTORY = """
def lead(lines: pl.DataFrame, before: pl.DataFrame, times: int): ...
"""
RUN, PARAMS = "run: stages.silver.prices.scale", "params: {times: 10}"
READS, MAKES = "reads: {lines: bronze.toy.lines}", "makes: {prices: silver.toy.prices}"
WITH_REJECTS = {
    MAKES: "makes: {prices: silver.toy.prices, rejects: silver.toy.rejects}",
    "  silver.toy.prices: {": "  silver.toy.rejects: {contract: silver/rejects}\n  silver.toy.prices: {",
}
# What is said, and the words of the valid toy's file that are changed so that it is.
GIVEN = {
    "datasets.yaml: stages: silver.toy.scale: makes: rejects: expected a contract with the columns meant_for string, reason string, "
    "origin string, symbol_found string, file string, byte_offset long, row long, record bytes, found silver/prices":
        {PARAMS: "keep: [filters.toy.dear]\n    params: {times: 10}", MAKES: WITH_REJECTS[MAKES],
         "  silver.toy.prices: {": "  silver.toy.rejects: {contract: silver/prices}\n  silver.toy.prices: {"},
    "datasets.yaml: stages: silver.toy.scale: run: expected a function in stages/ or selection/, found filters.toy.dear":
        {RUN: "run: filters.toy.dear"},
    "datasets.yaml: stages: silver.toy.scale: run: expected the file stages/silver/price.py, found none":
        {RUN: "run: stages.silver.price.scale"},
    "datasets.yaml: stages: silver.toy.scale: run: expected a function that stages.silver.prices defines, one of ['scale'], found 'scael'":
        {RUN: "run: stages.silver.prices.scael"},
    "datasets.yaml: stages: silver.toy.scale: run: expected a function in stages/ or selection/, found scale":
        {RUN: "run: scale"},
    "datasets.yaml: stages: silver.toy.scale: run: expected a function in stages/ or selection/, found lakeflow.lake.scale":
        {RUN: "run: lakeflow.lake.scale"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected int, found 'ten'":
        {PARAMS: "params: {times: ten}"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected int, found 1.5":
        {PARAMS: "params: {times: 1.5}"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected int, found true":
        {PARAMS: "params: {times: yes}"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected int, found the date 2026-01-05 (quote it)":
        {PARAMS: "params: {times: 2026-01-05}"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected int, found nothing":
        {PARAMS: "params: {times: }"},
    "datasets.yaml: stages: silver.toy.scale: expected what stages.silver.prices.scale takes, ['lines', 'times'], found ['lines', 'time']: not taken ['time'], not given ['times']":
        {PARAMS: "params: {time: 10}"},
    "datasets.yaml: stages: silver.toy.scale: expected what stages.silver.prices.scale takes, ['lines', 'times'], found ['lines']: not given ['times']":
        {"    params: {times: 10}\n": ""},
    "datasets.yaml: stages: silver.toy.scale: expected lines as a read or as a param, found both":
        {PARAMS: "params: {times: 10, lines: 3}"},
    "datasets.yaml: stages: silver.toy.scale: expected another name than symbol (the engine fills it in), found symbol":
        {PARAMS: "params: {times: 10, symbol: A1}"},
    "datasets.yaml: stages: silver.toy.scale: reads: before: expected this parameter of stages.silver.more.lead to be ... | None (a history begins without), found pl.DataFrame":
        {RUN: "run: stages.silver.more.lead", READS: "reads: {lines: bronze.toy.lines, before: {dataset: silver.toy.prices, previous: self}}"},
    "datasets.yaml: stages: silver.toy.scale: expected what stages.silver.prices.scale takes, ['lines', 'times'], found ['rows', 'times']: not taken ['rows'], not given ['lines']":
        {READS: "reads: {rows: bronze.toy.lines}"},
    "datasets.yaml: stages: silver.toy.scale: makes: expected a table 'rejects' (keep filters refuse rows), found ['prices']":
        {PARAMS: "params: {times: 10}\n    keep: [filters.toy.dear]"},
    "datasets.yaml: stages: silver.toy.scale: flag: expected a bit 'dear' in the `flags` column of silver.toy.prices, found none":
        {PARAMS: "params: {times: 10}\n    flag: [filters.toy.dear]"},
    "datasets.yaml: stages: silver.toy.scale: filters: expected a function that filters.toy defines, one of ['above', 'dear'], found 'cheap'":
        {PARAMS: "params: {times: 10}\n    keep: [filters.toy.cheap]", **WITH_REJECTS},
    "datasets.yaml: stages: silver.toy.scale: filters: expected the file filters/toys.py, found none":
        {PARAMS: "params: {times: 10}\n    keep: [filters.toys.dear]", **WITH_REJECTS},
    "datasets.yaml: stages: silver.toy.scale: filters: expected filters.toy.above to take no parameters, found ['least']":
        {PARAMS: "params: {times: 10}\n    keep: [filters.toy.above]", **WITH_REJECTS},
    "datasets.yaml: stages: silver.toy.scale: filters: expected a function in filters/, found stages.silver.prices.scale":
        {PARAMS: "params: {times: 10}\n    keep: [stages.silver.prices.scale]", **WITH_REJECTS},
}  # fmt: skip
SOURCE = {
    "datasets.yaml: stages: silver.toy.scale: params: times: expected a type on this parameter of stages.silver.prices.scale, found none":
        {"times: int": "times"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected str, found 10":
        {"times: int": "times: str"},
    "datasets.yaml: stages: silver.toy.scale: params: times: expected list[int], found 10":
        {"times: int": "times: list[int]"},
    "datasets.yaml: stages: silver.toy.scale: expected what stages.silver.prices.scale takes, ['lines', 'more', 'times'], found ['lines', 'times']: not given ['more']":
        {"times: int": "times: int, more: int"},
    "datasets.yaml: stages: silver.toy.scale: run: expected parameters that are given by name, found positional-only ['lines', 'times']":
        {"times: int": "times: int, /"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected this parameter of stages.silver.prices.scale to be pl.DataFrame, pl.LazyFrame or Iterator[pl.DataFrame], found Path":
        {"lines: pl.DataFrame": "lines: Path"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected this parameter of stages.silver.prices.scale to be pl.DataFrame, pl.LazyFrame or Iterator[pl.DataFrame], found Sequence[Path]":
        {"lines: pl.DataFrame": "lines: Sequence[Path]"},
    "datasets.yaml: stages: silver.toy.scale: reads: lines: expected this parameter of stages.silver.prices.scale to be pl.DataFrame, pl.LazyFrame or Iterator[pl.DataFrame], found no type":
        {"lines: pl.DataFrame": "lines"},
    "datasets.yaml: stages: silver.toy.scale: run: expected a function that stages.silver.prices defines, found 'scale'":
        {"def scale(": "async def scale("},
    "stages/silver/prices.py:6: not valid Python: Function parameters cannot be parenthesized":
        {"def scale(": "def scale(("},
}  # fmt: skip


@pytest.mark.parametrize("said", GIVEN)
def test_what_a_function_does_not_take_is_said_in_one_line(toy, told, said):
    toy({"filters/toy.py": FILTERS, "stages/silver/more.py": HISTORY})
    assert told("datasets.yaml", GIVEN[said]) == [said]


@pytest.mark.parametrize("said", SOURCE)
def test_what_a_function_is_not_given_is_said_in_one_line(told, said):
    assert told(SILVER, SOURCE[said]) == [said]


def test_source_that_is_not_python_is_found_two_imports_away(toy):
    root = toy({"filters/a.py": "from filters import b\n", "filters/b.py": "\nx = = 1\n"})
    toy({SILVER: "import filters.a\n" + (root / SILVER).read_text()})
    with pytest.raises(ConfigError, match=r"^filters/b\.py:2: not valid Python: invalid syntax$"):
        open_project(root)


def test_a_package_without_its_init_is_a_fault(toy):
    root = toy({})
    (root / "stages/silver/__init__.py").unlink()
    with pytest.raises(ConfigError, match=r"^stages/silver: expected an __init__\.py .*, found none$"):
        open_project(root)


def test_a_param_that_is_a_number_to_python_and_text_to_yaml_says_how_to_write_it(toy, told):
    root = toy({})
    toy({SILVER: (root / SILVER).read_text().replace("times: int", "times: float")})
    [said] = told("datasets.yaml", {PARAMS: "params: {times: 1e-9}"})
    assert said.endswith(
        "expected float, found '1e-9' (text to YAML; a number has a point and a sign: 1.0e-9)"
    )


def test_a_word_that_is_true_to_yaml_and_text_to_the_stage_says_to_quote_it(toy, told):
    root = toy({})
    toy({SILVER: (root / SILVER).read_text().replace("times: int", "times: str")})
    [said] = told("datasets.yaml", {PARAMS: "params: {times: no}"})
    assert said.endswith("expected str, found false (yes, no, on and off are so to YAML; quote it)")
