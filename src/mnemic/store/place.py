"""Is this a place where SQLite's locks hold? Network and synced folders are refused.

A write-ahead log needs shared memory and locks that every process sees. Network file systems do
not give them, and programs that sync a folder copy the database and its log at different times:
both end in a damaged file, weeks later. So it is refused when it is opened, with the remedy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mnemic.core.errors import NotADatabase, ReadOnly, WrongPlace

_NETWORK: Final = {
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "glusterfs",
    "ncpfs",
    "nfs",
    "nfs4",
    "smbfs",
}
_NETWORK_FUSE: Final = {"davfs2", "glusterfs", "rclone", "s3fs", "sshfs"}
_SYNCED: Final = (
    "CloudStorage",
    "Dropbox",
    "OneDrive",
    "Google Drive",
    "GoogleDrive",
    "iCloud Drive",
    "Mobile Documents",
    "Nextcloud",
    "ownCloud",
    "pCloudDrive",
    "Syncthing",
)


def home(path: str | Path) -> Path:
    """The path with a leading `~` read as the user's home folder."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise NotADatabase(f"{path} cannot be found: {error}. Name the folder in full") from None


def check(path: Path, mounts: str | None = None) -> None:
    """Raise WrongPlace, NotADatabase or ReadOnly when `path` cannot be a safe database.

    `mounts` is the text of the kernel's mount table; by default it is read where there is one.
    """
    try:
        folder = path.is_dir()
        resolved = path.resolve()  # SQLite follows links too, and keeps its log beside the target
    except (OSError, RuntimeError) as error:
        raise ReadOnly(f"{path} cannot be reached: {error}. Check its permissions") from None
    if folder:
        raise NotADatabase(f"{path} is a folder. Name a file in it, such as {path / 'memory.db'}")
    kind = _file_system(resolved, _mount_table() if mounts is None else mounts)
    if kind in _NETWORK or kind.removeprefix("fuse.") in _NETWORK_FUSE:
        raise WrongPlace(
            f"{path} lies on a network file system ({kind}), where file locks do not protect a "
            "database. Put it on a local disk, or use a server"
        )
    for part in resolved.parent.parts:
        if any(part == name or part.startswith(f"{name} ") for name in _SYNCED):
            raise WrongPlace(
                f"{path} lies in a synced folder ({part}), which copies a database while it is "
                "written. Put it elsewhere, and use `mnemic export` to carry copies"
            )


def _mount_table() -> str:
    table = Path("/proc/self/mounts")
    try:
        return table.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # not Linux: only synced folders are detected


def _file_system(path: Path, mounts: str) -> str:
    """The type of the file system with the longest mount point above `path`."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").replace("\\134", "\\")
        inside = point == "/" or path == Path(point) or Path(point) in path.parents
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
