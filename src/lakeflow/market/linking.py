"""How the pieces of a kernel are put together: each is lowered alone, and finished once, as a part of every kernel that has it.

Numba finishes every function down to machine code, with all that it calls, before it puts that into a caller and finishes
it again: half of the time that a kernel of a hundred pieces takes. Nobody calls a piece but kernels.
"""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Callable
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class PieceLibrary(JITCodeLibrary):
    """A function as lowered, which is no machine code, and whose names nobody can look up."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        """The address that Python would call."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> "PieceLibrary":
        return self

    def set_env(self, _name: str, _environment: object) -> None:
        """What a function needs to make Python objects; a piece makes none."""

    def parts(self) -> list["PieceLibrary"]:
        """The pieces that this one calls."""
        return list(self._linking_libraries)


class KernelLibrary(JITCodeLibrary):
    """A kernel, with its pieces and theirs."""

    def add_linking_library(self, library: Any) -> None:
        waiting = [library]
        while waiting:
            each = waiting.pop()
            if each not in self._linking_libraries:
                super().add_linking_library(each)
                waiting += each.parts() if isinstance(each, PieceLibrary) else []


class PieceCompiler(Compiler):
    """Numba's own, into a library of another kind."""

    kind: type[JITCodeLibrary] = PieceLibrary

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        library = self.kind(self.state.targetctx.codegen(), function.__qualname__)
        library.enable_object_caching()
        self.state.library = library
        return super().compile_extra(function)


class KernelCompiler(PieceCompiler):
    kind = KernelLibrary
