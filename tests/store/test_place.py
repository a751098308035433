"""Places where a database would be damaged are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic.core.errors import NotADatabase, WrongPlace
from mnemic.store import place
from mnemic.store.place import check, home

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /mnt/home nfs4 rw,vers=4.2 0 0
//nas/share /mnt/nas\\040drive cifs rw 0 0
user@host:/ /mnt/ssh fuse.sshfs rw 0 0
/dev/sdb1 /mnt/usb fuse.ntfs-3g rw 0 0
/dev/sdc1 /mnt/home/local ext4 rw 0 0
half a
bucket /mnt/bucket fuse.rclone rw 0 0
//nas/new /mnt/smb3 smb3 rw 0 0
host /mnt/nine 9p rw,trans=tcp,port=564 0 0
root / 9p rw,trans=virtio 0 0
share /mnt/box vboxsf rw 0 0
host /mnt/hgfs fuse.vmhgfs-fuse rw 0 0
C: /mnt/c 9p rw,aname=drvfs;path=C:,trans=fd 0 0
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ana@nas._smb._tcp.local/docs on /Volumes/my docs (smbfs, nodev, nosuid, mounted by ana)
server:/home on /Volumes/home (nfs, asynchronous)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/mnt/home/ana/memory.db", "nfs4"),
        ("/mnt/nas drive/memory.db", "cifs"),
        ("/mnt/ssh/deep/er/memory.db", "fuse.sshfs"),
        ("/mnt/bucket/memory.db", "fuse.rclone"),
        ("/mnt/smb3/memory.db", "smb3"),
        ("/mnt/nine/memory.db", "9p"),
    ],
)
def test_network_file_systems_are_refused(path: str, kind: str) -> None:
    with pytest.raises(
        WrongPlace, match=rf"network file system \({kind}\).*Put it on a local disk"
    ):
        check(Path(path), MOUNTS)


@pytest.mark.parametrize("path", ["/mnt/box/m.db", "/mnt/hgfs/m.db", "/mnt/c/Users/ana/m.db"])
def test_folders_shared_with_another_system_are_refused(path: str) -> None:
    with pytest.raises(WrongPlace, match=r"shared with another system.*in your home folder"):
        check(Path(path), MOUNTS)


@pytest.mark.parametrize(
    "path",
    [
        r"\\server\share\memory.db",
        r"\\?\UNC\server\share\memory.db",
        r"\\?\unc\server\share\memory.db",
    ],
)
def test_shares_of_windows_are_refused(path: str) -> None:
    with pytest.raises(WrongPlace, match=r"lies on another machine \(\\\\server\)"):
        check(Path(path), "")


def test_long_and_device_paths_of_windows_are_no_shares() -> None:
    assert place._windows_share(Path(r"\\?\C:\Users\ana\memory.db")) is None
    assert place._windows_share(Path(r"C:\Users\ana\memory.db")) is None


def test_the_mounts_of_macos() -> None:
    mounts = place._told_by_mount(MAC)
    for path in ("/Volumes/my docs/memory.db", "/Volumes/home/memory.db"):
        with pytest.raises(WrongPlace, match=r"network file system \((smbfs|nfs)\)"):
            check(Path(path), mounts)
    check(Path("/Users/ana/memory.db"), mounts)


@pytest.mark.parametrize(
    "path",
    [
        "/home/ana/memory.db",
        "/mnt/usb/memory.db",
        "/mnt/home/local/memory.db",
        "/mnt/homely/memory.db",
        "/srv/Dropboxes/memory.db",
        "/srv/x/Dropbox",
    ],
)
def test_local_disks_are_fine(path: str) -> None:
    check(Path(path), MOUNTS)
    check(Path(path), "")


@pytest.mark.parametrize(
    "folder",
    [
        "Dropbox",
        "Dropbox (Personal)/notes",
        "OneDrive - Company",
        "Library/CloudStorage/GoogleDrive-ana@example.com/My Drive",
        "Library/Mobile Documents/com~apple~CloudDocs",
    ],
)
def test_synced_folders_are_refused(folder: str) -> None:
    with pytest.raises(WrongPlace, match=r"synced folder.*mnemic export"):
        check(Path("/home/ana") / folder / "memory.db", "")


def test_links_are_followed(tmp_path: Path) -> None:
    synced = tmp_path / "Dropbox"
    synced.mkdir()
    (synced / "memory.db").touch()
    link = tmp_path / "memory.db"
    link.symlink_to(synced / "memory.db")
    with pytest.raises(WrongPlace, match="synced folder"):
        check(link, "")


def test_a_home_that_is_not_known() -> None:
    assert home("plain.db") == Path("plain.db")
    with pytest.raises(NotADatabase, match="Name the folder in full"):
        home("~nobody-of-this-name/memory.db")
