"""Where zstd frames end: their headers read in passing, for a decompressor that takes a cut frame for a short one."""

from typing import IO

FRAME = 0xFD2FB528
SKIPPABLE = 0x184D2A50  # and the fifteen numbers after it
DICTIONARY_BYTES = (0, 1, 2, 4)
SIZE_BYTES = (0, 2, 4, 8)
RAW, REPEATED = 0, 1  # block types; a repeated block is one byte in the file


class Frames:
    """A file that is read as it is, while its frames are followed; `complete` says if what was read ends with one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._pass = 0  # bytes that need no look: the content of a block
        self._part = b""  # of the header that comes next, as much as was read
        self._next = "magic"
        self._checksum = 0

    @property
    def complete(self) -> bool:
        return self._next == "magic" and not self._part and not self._pass

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        at = 0
        while at < len(block):
            at += self._follow(block, at)
        return block

    def _follow(self, block: bytes, at: int) -> int:
        """Step over content, or take what is missing of the next header; how many bytes that was."""
        if self._pass:
            step = min(self._pass, len(block) - at)
            self._pass -= step
            return step
        if self._next == "block" and not self._part and at + 3 <= len(block):  # nearly always
            self._block(int.from_bytes(block[at : at + 3], "little"))
            return 3
        needed = {"magic": 4, "skippable": 4, "descriptor": 1, "block": 3}[self._next] - len(self._part)
        taken = block[at : at + needed]
        self._part += taken
        if len(taken) == needed:
            number, self._part = int.from_bytes(self._part, "little"), b""
            getattr(self, f"_{self._next}")(number)
        return len(taken)

    def _magic(self, number: int) -> None:
        # Anything else is for the decompressor to refuse; until then it is no end of a frame.
        self._next = "descriptor" if number == FRAME else "skippable"

    def _skippable(self, size: int) -> None:
        self._pass, self._next = size, "magic"

    def _descriptor(self, bits: int) -> None:
        is_single = bits >> 5 & 1
        size = SIZE_BYTES[bits >> 6] or is_single
        self._pass = DICTIONARY_BYTES[bits & 3] + size + (1 - is_single)
        self._checksum = 4 * (bits >> 2 & 1)
        self._next = "block"

    def _block(self, header: int) -> None:
        self._pass = 1 if header >> 1 & 3 == REPEATED else header >> 3
        if header & 1:
            self._pass += self._checksum
            self._next = "magic"
