"""Kernels load no linear algebra that they do not use, and have it where they do."""

import subprocess
import sys

KERNEL = """
import sys
import numpy as np
from lakeflow.market.compiled import njit

@njit
def {name}(a):
    return {body}

assert "scipy.linalg" not in sys.modules
print({name}(np.eye(3)).sum(), "scipy.linalg" in sys.modules)
"""


def said(name: str, body: str) -> str:
    text = KERNEL.format(name=name, body=body)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_a_kernel_without_matrices_loads_no_linear_algebra():
    assert said("double", "2 * a") == "6.0 False"


def test_a_kernel_that_multiplies_matrices_has_it():
    assert said("square", "np.dot(a, a)") == "3.0 True"


def test_a_kernel_that_convolves_floats_uses_it_as_numba_does():
    assert said("smooth", "np.convolve(a[0], a[0])") == "1.0 True"
