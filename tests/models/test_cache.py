import pytest

from mnemic.core.errors import ModelError
from mnemic.models import cache
from mnemic.models.cache import cache_folder, write_whole


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_platform_has_its_place(monkeypatch, platform, tmp_path):
    monkeypatch.setattr(cache.sys, "platform", platform)
    monkeypatch.setattr(cache.Path, "home", lambda: tmp_path)
    place = cache_folder()
    assert "mnemic" in place.parts
    assert place.is_relative_to(tmp_path)
    assert not place.exists()


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "new" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "fsync", full)
    with pytest.raises(ModelError, match=r"cannot write .*No space left on device"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="Free some space or name another folder"):
        write_whole(tmp_path / "file" / "below", b"")
