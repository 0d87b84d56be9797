"""Every error a vendor's bytes can raise: one family, each naming the file, what was expected, found, and what to do.

VendorError             what a vendor delivered cannot be used as it is
├── DamagedFile         the bytes are not those of one whole file: cut, changed, or glued together
└── ForeignFile         a whole file of something else: another schema, product, parent, date, or not all of it
    └── StrangeFile     bytes of no form that this vendor sends: whose it is, another may know better
"""

from pathlib import Path


class VendorError(ValueError):
    """What a vendor delivered cannot be used as it is."""


class FileRefused(VendorError):
    """One file cannot be used; `offset` counts bytes after decompression."""

    def __init__(self, path: Path, offset: int, expected: str, found: str, advice: str) -> None:
        super().__init__(
            f"{path}: byte {offset} (decompressed): expected {expected}, found {found}; {advice}"
        )
        self.path = path
        self.offset = offset


class DamagedFile(FileRefused):
    """The bytes are not those of one whole file."""


class ForeignFile(FileRefused):
    """A whole file of something else than was asked for."""


class StrangeFile(ForeignFile):
    """Bytes of no form that this vendor sends."""

    is_strange = True
