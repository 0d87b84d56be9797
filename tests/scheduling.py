"""Which worker runs a test: all of a folder go to one, so that what its conftest makes once a session is made once."""

from xdist.scheduler import LoadScopeScheduling


class ByFolder(LoadScopeScheduling):
    """Folders of tests/, the larger first, then its files."""

    def _split_scope(self, nodeid: str) -> str:
        return "/".join(nodeid.partition("::")[0].split("/")[:2])
