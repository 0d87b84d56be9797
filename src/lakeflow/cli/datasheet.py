"""The datasets of a project as a list, and as the page docs/datasets.md."""

from collections.abc import Iterator, Sequence

from lakeflow.catalog import Catalog, Dataset, Stage
from lakeflow.cli.opening import opened
from lakeflow.cli.options import Place
from lakeflow.contract import Contract
from lakeflow.project import Project
from lakeflow.selector import match_datasets, parse_selection


def print_datasets(selectors: Sequence[str] | None, place: Place, *, markdown: bool) -> None:
    """Every chosen dataset."""
    with opened(place) as (project, voice, _):
        if markdown:
            voice.print(page(project), end="")
            return
        chosen = match_datasets(parse_selection(selectors), project.catalog.datasets).datasets
        voice.rows(
            "datasets",
            [row(project.catalog, d) for key, d in project.catalog.datasets.items() if key in chosen],
        )


def row(catalog: Catalog, dataset: Dataset) -> dict[str, str]:
    stage = catalog.maker.get(dataset.key)
    return {
        "dataset": dataset.key,
        "made_by": stage.key if stage else "delivered",
        "from": ", ".join(r.dataset for r in stage.reads) if stage else "",
        "dt": dataset.dt_kind,
        "about": dataset.about,
    }


def page(project: Project) -> str:
    """docs/datasets.md: every product, stage and table, from datasets.yaml and the contracts."""
    return "\n".join(lines(project)) + "\n"


def lines(project: Project) -> Iterator[str]:
    yield "# Datasets\n"
    yield "Written by `make docs` from `datasets.yaml` and `contracts/`; a test keeps it true.\n"
    for product in project.catalog.products.values():
        yield f"- **{product.name}**: sessions of `{product.calendar}`. {product.about}".rstrip()
    yield "\n## Stages\n"
    for stage in project.catalog.stages.values():
        yield from stage_lines(stage)
    yield "\n## Tables"
    for dataset in project.catalog.datasets.values():
        yield from dataset_lines(project, dataset)


def stage_lines(stage: Stage) -> Iterator[str]:
    yield f"### `{stage.key}`\n"
    yield f"{stage.about}\n" if stage.about else ""
    yield f"- function: `{stage.run}`"
    for read in stage.reads:
        words = [f"symbol {read.symbol}"] * (read.symbol != "same") + [f"map {read.map}"] * bool(read.map)
        words += ([f"days {list(read.days)}"] if read.days else []) + ["previous"] * read.previous
        yield f"- reads `{read.name}`: `{read.dataset}`" + (f" ({', '.join(words)})" if words else "")
    for name, key in stage.makes.items():
        yield f"- makes `{name}`: `{key}`" + (" (one partition a symbol)" if name in stage.fans_out else "")
    for name, value in stage.params.items():
        yield f"- param `{name}`: `{value!r}`"
    for word, filters in (("keeps", stage.keep), ("flags", stage.flag)):
        for table, names in filters.items():
            yield (
                f"- {word} in {'every table with the columns' if table == '*' else f'`{table}`'}: "
                + ", ".join(f"`{n}`" for n in names)
            )
    yield ""


def dataset_lines(project: Project, dataset: Dataset) -> Iterator[str]:
    yield f"\n### `{dataset.key}`\n"
    yield f"{dataset.about} `dt` is the {dataset.dt_kind.replace('_', ' ')}.\n"
    if dataset.contract:
        yield from contract_lines(project.contract(dataset.key))


def contract_lines(contract: Contract) -> Iterator[str]:
    key, sort = ", ".join(contract.key) or "none", ", ".join(contract.sort) or "none"
    yield f"Contract `contracts/{contract.name}.avsc`, version {contract.version}; key: {key}; sorted by: {sort}.\n"
    yield "| column | type | null | unit | scale | about |"
    yield "|---|---|---|---|---|---|"
    for c in contract.columns:
        scale = "" if c.scale is None else f"{c.scale:g}"
        yield f"| `{c.name}` | {c.word} | {'yes' if c.nullable else 'no'} | {c.unit or ''} | {scale} | {c.doc} |"
