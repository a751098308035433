"""Places where a database would be damaged are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic.core.errors import NotADatabase, WrongPlace
from mnemic.store.place import check, home

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /mnt/home nfs4 rw,vers=4.2 0 0
//nas/share /mnt/nas\\040drive cifs rw 0 0
user@host:/ /mnt/ssh fuse.sshfs rw 0 0
/dev/sdb1 /mnt/usb fuse.ntfs-3g rw 0 0
/dev/sdc1 /mnt/home/local ext4 rw 0 0
half a
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/mnt/home/ana/memory.db", "nfs4"),
        ("/mnt/nas drive/memory.db", "cifs"),
        ("/mnt/ssh/deep/er/memory.db", "fuse.sshfs"),
    ],
)
def test_network_file_systems_are_refused(path: str, kind: str) -> None:
    with pytest.raises(
        WrongPlace, match=rf"network file system \({kind}\).*Put it on a local disk"
    ):
        check(Path(path), MOUNTS)


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
