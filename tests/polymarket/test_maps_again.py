"""The maps that the audit fits by their definitions are those that answers are recalibrated by."""

import numpy as np
import pytest

from lakeflow.forecast.recalibration import beta_map, isotonic_map, platt_map
from lakeflow.forecast.sample import sample
from lakeflow.forecast.tables import maps_again
from lakeflow.forecast.venn import venn_abers


@pytest.mark.parametrize("draw", range(8))
def test_a_map_by_its_definition_is_the_map(draw):
    raw = np.random.Philox(draw).random_raw(120) % np.uint64(1000)
    p, y = raw[:60] % 101 / 100, (raw[60:] > 400).astype(float)
    at, rows = np.linspace(0, 1, 41), sample(p, y.astype(np.int8))
    fits = {
        "RECAL_BETA": beta_map,
        "RECAL_ISOTONIC": isotonic_map,
        "RECAL_PLATT": platt_map,
        "RECAL_VENN_ABERS": venn_abers,
    }
    for method, fit in fits.items():
        assert maps_again.FITS[method](p, y, at) == pytest.approx(fit(rows).apply(at), abs=1e-6), method
