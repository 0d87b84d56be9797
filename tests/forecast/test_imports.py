"""What the statistics stand on at run time: numpy and numba, and none of the libraries they are held against."""

import ast
import sys
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src/lakeflow"
ORACLES = {
    "model_diagnostics", "statsmodels", "scoringrules", "venn_abers", "calibration", "betacal", "relplot", "sklearn",
}  # fmt: skip


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_the_statistics_need_numpy_and_numba_alone():
    names = {name.split(".")[0] for file in (SOURCE / "forecast").glob("*.py") for name in imported(file)}
    assert names - set(sys.stdlib_module_names) == {"lakeflow", "numpy", "numba"}


def test_nothing_of_ours_imports_an_oracle():
    found = {
        str(file.relative_to(SOURCE)): names
        for folder in ("forecast", "vendors/polymarket", "simulate/polymarket")
        for file in (SOURCE / folder).rglob("*.py")
        if (names := {name.split(".")[0] for name in imported(file)} & ORACLES)
    }
    assert found == {}
