"""Numba without SciPy's linear algebra until a kernel wants it: loading it takes a sixth of a second and 16 MiB of every start."""

from importlib.util import find_spec

from numba.np import linalg


def put_off() -> None:
    """Numba loads it only to learn that it is there, and again wherever it compiles a product of matrices."""
    if find_spec("scipy") is None:
        return
    ensure = linalg.ensure_blas
    linalg.ensure_blas = lambda: None
    try:
        import numba.np.arraymath  # noqa: F401  what it finds now, it remembers
    finally:
        linalg.ensure_blas = ensure
