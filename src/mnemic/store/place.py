"""Is this a place where SQLite's locks hold? Network and synced folders are refused.

A write-ahead log needs shared memory and locks that every process sees. Network file systems do
not give them, nor do folders that a virtual machine shares with its host, and programs that sync a
folder copy the database and its log at different times: all end in a damaged file, weeks later. So
it is refused when it is opened, with the remedy.

9p as such is allowed, for containers show it for what is local in effect; with a network beneath
it, and for the drives of Windows in WSL (whose locks Windows does not see), it is not.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from mnemic.core.errors import NotADatabase, ReadOnly, WrongPlace

_NETWORK: Final = {
    "acfs", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "ftp", "gfs", "gfs2",
    "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2",
    "smb2", "smb3", "smbfs", "webdav",
}  # fmt: skip
_NETWORK_FUSE: Final = {
    "alluxio-fuse", "blobfuse", "blobfuse2", "ceph", "ceph-fuse", "curlftpfs", "davfs", "davfs2",
    "gcsfuse", "glusterfs", "goofys", "google-drive-ocamlfuse", "gvfsd-fuse", "hdfs", "juicefs",
    "juicefs:juicefs", "lizardfs", "mfs", "moosefs", "mount-s3", "mountpoint-s3", "nfs",
    "onedriver", "rclone", "s3fs", "seaweedfs", "smbnetfs", "sshfs", "weed",
}  # fmt: skip
_SHARED: Final = {"prl_fs", "vboxsf", "vmhgfs", "vmhgfs-fuse"}
"""Folders that a virtual machine has from its host."""
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

    `mounts` is the text of the kernel's mount table; by default it is asked for where there is one.
    """
    try:
        folder = path.is_dir()
        resolved = path.resolve()  # SQLite follows links too, and keeps its log beside the target
    except (OSError, RuntimeError) as error:
        raise ReadOnly(f"{path} cannot be reached: {error}. Check its permissions") from None
    if folder:
        raise NotADatabase(f"{path} is a folder. Name a file in it, such as {path / 'memory.db'}")
    share = _windows_share(path) or _windows_share(resolved)
    if share is not None:
        raise WrongPlace(
            f"{path} lies on another machine ({share}), where file locks do not protect a "
            "database. Put it on a local disk, or use a server"
        )
    kind, options = _file_system(resolved, _mount_table() if mounts is None else mounts)
    if _far(kind, options):
        raise WrongPlace(
            f"{path} lies on a network file system ({kind}), where file locks do not protect a "
            "database. Put it on a local disk, or use a server"
        )
    if kind.removeprefix("fuse.") in _SHARED or _drive_of_windows(kind, options):
        raise WrongPlace(
            f"{path} lies in a folder that is shared with another system ({kind}), which does not "
            "see the locks. Put it on a disk of this system, such as in your home folder"
        )
    for part in resolved.parent.parts:
        if any(part == name or part.startswith(f"{name} ") for name in _SYNCED):
            raise WrongPlace(
                f"{path} lies in a synced folder ({part}), which copies a database while it is "
                "written. Put it elsewhere, and use `mnemic export` to carry copies"
            )


def _far(kind: str, options: str) -> bool:
    """Whether a file system is kept on another machine."""
    if kind in _NETWORK or kind.removeprefix("fuse.") in _NETWORK_FUSE:
        return True
    return kind == "9p" and any(f"trans={wire}" in options.split(",") for wire in ("tcp", "rdma"))


def _drive_of_windows(kind: str, options: str) -> bool:
    """Whether it is a drive that Windows lends to its Linux (WSL 2), such as /mnt/c."""
    return kind == "9p" and "aname=drvfs" in options


def _windows_share(path: Path) -> str | None:
    r"""The server of a Windows path such as `\\server\share\memory.db`, or a drive that means one.

    Asked everywhere: with two backslashes in front, nobody means a file of this folder.
    """
    text = str(path)
    if text.upper().startswith("\\\\?\\UNC\\"):
        return "\\\\" + text[8:].split("\\", 1)[0]
    if text.startswith("\\\\") and text[2:3] not in ("?", "."):
        return "\\\\" + text[2:].split("\\", 1)[0]
    if sys.platform == "win32":
        return _remote_drive(path.drive)
    return None


def _remote_drive(drive: str) -> str | None:
    """The letter of a drive that is connected to another machine."""
    if sys.platform == "win32" and drive:
        import ctypes

        remote = 4
        if ctypes.windll.kernel32.GetDriveTypeW(drive + os.sep) == remote:
            return drive
    return None


def _mount_table() -> str:
    if sys.platform == "darwin":
        return _told_by_mount(_ask_mount())
    table = Path("/proc/self/mounts")
    try:
        return table.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # a system without one: only synced folders and shares are detected


def _ask_mount() -> str:
    import subprocess

    try:
        return subprocess.run(
            ["/sbin/mount"], capture_output=True, timeout=5, check=False
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return ""  # a server that does not answer must not keep a local file closed


def _told_by_mount(said: str) -> str:
    """The lines of macOS' `mount` as those of Linux' table: source, place, type, options.

    >>> _told_by_mount("//ana@nas/docs on /Volumes/my docs (smbfs, nodev, nosuid)")
    '//ana@nas/docs /Volumes/my\\\\040docs smbfs nodev,nosuid'
    """
    lines = []
    for line in said.splitlines():
        source, _, rest = line.partition(" on ")
        point, _, options = rest.rpartition(" (")
        kind, _, others = options.rstrip(")").partition(", ")
        escaped = [name.replace("\\", "\\134").replace(" ", "\\040") for name in (source, point)]
        if point:
            lines.append(" ".join((*escaped, kind, others.replace(" ", "") or "-")))
    return "\n".join(lines)


def _file_system(path: Path, mounts: str) -> tuple[str, str]:
    """Type and options of the file system with the longest mount point above `path`."""
    best, kind, options = "", "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").replace("\\134", "\\")
        inside = point == "/" or path == Path(point) or Path(point) in path.parents
        if inside and len(point) >= len(best):
            best, kind, options = point, fields[2], fields[3] if len(fields) > 3 else ""
    return kind, options
