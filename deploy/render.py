"""Writes a hub's accounts.conf: who may log in and what each may do, from the mission file.

    python deploy/render.py mission.toml keys > nats/accounts.conf

``keys`` is a folder: a seed that is missing in ``keys/creds/`` is made, one that is there is kept. What is printed
holds public keys only. Give ``exercise`` as a third word for that realm; its keys need a folder of their own.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from coordinator import config, topology
from coordinator.edges import serverconf, store
from coordinator.errors import ConfigError
from coordinator.topology import Realm, Topology

_HEAD = """\
# Written by deploy/render.py from the mission "{mission}" ({realm}); do not edit, write it again.
# Included by hub.conf.
"""


def declare(mission: Path, realm: Realm) -> tuple[str, Topology]:
    """Return a mission's name and its topology.

    Raises:
        ConfigError: the mission file has findings.
    """
    read = config.load(mission)
    return read.name, topology.build((p.id for p in read.participants), realm)


def accounts(name: str, declared: Topology, keys: Mapping[str, str]) -> str:
    """Return the text of accounts.conf: the part of a server's configuration that follows from the mission."""
    whole = serverconf.server_config(declared, keys, store=Path())
    return _HEAD.format(mission=name, realm=declared.realm) + whole[whole.index("system_account:") :]


def main(arguments: list[str]) -> int:
    """Print accounts.conf; return an exit code as the command line of the coordinator does."""
    if len(arguments) not in (2, 3) or (len(arguments) == 3 and arguments[2] not in get_args(Realm)):
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        name, declared = declare(Path(arguments[0]), "exercise" if "exercise" in arguments[2:] else "live")
        sys.stdout.write(accounts(name, declared, store.prepare(Path(arguments[1]), declared)))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
