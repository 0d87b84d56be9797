"""Every error that lakeflow raises on purpose: one family, each with the exit code the command ends with.

LakeflowError                1   said by us, never a traceback
├── UsageError               2   the command's words do not fit
├── StepFailed               3   a stage raised, died or timed out
├── ContractBroken           4   a frame or a file is not what its contract promises
├── ConfigError              5   datasets.yaml, a contract, a calendar or a setting is wrong
├── MissingInput             6   raw is not delivered, or an input is not made and may not be
└── Locked                  75   another run holds the partition; try again later
"""

from collections.abc import Iterable


class LakeflowError(Exception):
    """Where, what was expected, what was found, what to do: the message is what the user sees."""

    code = 1


class UsageError(LakeflowError):
    """The command's words do not fit."""

    code = 2


class StepFailed(LakeflowError):
    """A stage raised, died or timed out; its partition is as it was before."""

    code = 3


class FaultList(LakeflowError):
    """Several faults, told at once, one a line."""

    def __init__(self, faults: Iterable[object]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ContractBroken(FaultList):
    """A frame or a file is not what its contract promises; nothing was committed."""

    code = 4


class ConfigError(FaultList):
    """datasets.yaml, a contract, a calendar or a setting is wrong; nothing was read."""

    code = 5


class MissingInput(LakeflowError):
    """Raw is not delivered, or an input is not made and this command may not make it."""

    code = 6


class Locked(LakeflowError):
    """Another run holds the partition."""

    code = 75
