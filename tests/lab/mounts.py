"""Running a program with mounts of its own, in another root file system if need be.

The mounts vanish with the last process that sees them, so nothing has to be unmounted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_ENTER = r"""
set -e
root=$1; hosts=$2; shift 2
while [ "$1" != -- ]; do shared="$shared $1"; shift; done; shift
if [ "$root" = / ]; then
  mount --bind "$hosts" /etc/hosts
  exec "$@"
fi
mount --bind "$root" "$root"
for folder in $shared; do mkdir -p "$root$folder"; mount --rbind "$folder" "$root$folder"; done
for folder in /proc /sys /dev; do mount --rbind "$folder" "$root$folder"; done
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/run/lock"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$hosts" "$root/etc/hosts"
cd "$root"
# Not chroot: whoever enters the namespace later, as docker exec does, would find the machine's root there.
pivot_root . mnt
umount -l /mnt
exec "$@"
"""


def with_own_mounts(command: Sequence[str], root: Path, hosts: Path, shared: Sequence[Path]) -> list[str]:
    """The command line that runs `command` inside `root`; it keeps its process id.

    `hosts` stands in for /etc/hosts. `shared` folders have one name on both sides; none may contain a space.
    """
    enter = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "enter"]
    return [*enter, str(root), str(hosts), *map(str, shared), "--", *command]
