"""What is measured of books, as its dull twin measures it."""

import pytest

from tests.market.measured.measures_twin import MeasuresTwin


@pytest.fixture(scope="session")
def measures_twin():
    return MeasuresTwin
