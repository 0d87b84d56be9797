"""What datasets.yaml asks of contracts: a bit for each flag, a rejects table that takes any row, a selection's symbol."""

from collections.abc import Iterator, Mapping

from lakeflow.catalog import REJECTS, Catalog, Stage
from lakeflow.contract import Contract
from lakeflow.registry_file import at
from lakeflow.selected import SYMBOL

# What the engine writes of a row that a keep filter refused; a stage's own rejects have the same columns.
REJECT_COLUMNS = {
    "meant_for": "string",
    "reason": "string",
    "origin": "string",
    "symbol_found": "string",
    "file": "string",
    "byte_offset": "long",
    "row": "long",
    "record": "bytes",
}


def promise_faults(catalog: Catalog, contracts: Mapping[str, Contract]) -> list[str]:
    """Every flag without a bit, rejects table that could not take a refused row, and selection without a symbol."""
    return [
        *flag_faults(catalog, contracts),
        *reject_faults(catalog, contracts),
        *selection_faults(catalog, contracts),
    ]


def selection_faults(catalog: Catalog, contracts: Mapping[str, Contract]) -> Iterator[str]:
    """The table that a product is `selected_by` says a symbol in every row."""
    for product in catalog.products.values():
        dataset = catalog.datasets.get(product.selected_by or "")
        contract = contracts.get((dataset.contract or "") if dataset else "")
        if contract is None:
            continue
        found = next((c for c in contract.columns if c.name == SYMBOL), None)
        if found is None or found.word != "string" or found.nullable:
            yield at(
                f"products: {product.name}: selected_by",
                f"a contract with a column {SYMBOL}, a string that is never null",
                f"{contract.name} with {sorted(contract.names)}",
            )


def reject_faults(catalog: Catalog, contracts: Mapping[str, Contract]) -> Iterator[str]:
    for stage in catalog.stages.values():
        dataset = catalog.datasets.get(stage.makes.get(REJECTS, ""))
        contract = contracts.get((dataset.contract or "") if dataset else "")
        found = {c.name: c.word for c in contract.columns} if contract else REJECT_COLUMNS
        if stage.keep and found != REJECT_COLUMNS:
            expected = ", ".join(f"{name} {word}" for name, word in REJECT_COLUMNS.items())
            yield at(
                f"stages: {stage.key}: makes: {REJECTS}",
                f"a contract with the columns {expected}",
                f"{contract and contract.name}",
            )


def flag_faults(catalog: Catalog, contracts: Mapping[str, Contract]) -> list[str]:
    """A flag filter sets the bit that some table of its stage names for it."""
    return [
        at(f"stages: {stage.key}: flag", f"a bit {word!r} in the `flags` column of {where}", "none")
        for stage in catalog.stages.values()
        for name, filters in stage.flag.items()
        for word in (f.rpartition(".")[2] for f in filters)
        if (where := no_bit(catalog, stage, name, word, contracts))
    ]


def no_bit(catalog: Catalog, stage: Stage, name: str, word: str, contracts: Mapping[str, Contract]) -> str:
    """The tables that lack a bit for a flag; nothing when one has it."""
    keys = [k for n, k in stage.makes.items() if name in ("*", n) and k in catalog.datasets]
    found = [contracts[name] for k in keys if (name := catalog.datasets[k].contract or "") in contracts]
    has_bit = any("flags" in c.names and word in c.column("flags").bits for c in found)
    return "" if has_bit else " or ".join(sorted(keys))
