"""Files of a task: found, hashed, and compared with the published ones."""

from __future__ import annotations

import hashlib

import pytest

from mnemic.bench import files
from mnemic.core.errors import InputError


def test_one_file_of_a_folder(tmp_path):
    with pytest.raises(InputError, match="no file in"):
        files.one(tmp_path, ["a.json"], "a.json")
    (tmp_path / "b.json").write_text("[]")
    assert files.one(tmp_path, ["a.json"], "a.json").name == "b.json"
    (tmp_path / "c.json").write_text("[]")
    with pytest.raises(InputError, match=r"several files .* reads a\.json. Give the file itself"):
        files.one(tmp_path, ["a.json"], "a.json")
    (tmp_path / "a.json").write_text("[]")
    assert files.one(tmp_path, ["a.json"], "a.json").name == "a.json"


def test_other_files_are_named_and_renamed_ones_are_not(tmp_path):
    path = tmp_path / "mine.json"
    path.write_bytes(b"published")
    pinned = {"theirs.json": hashlib.sha256(b"published").hexdigest()}
    assert files.notes(files.digests({"mine.json": path}), pinned) == []
    path.write_bytes(b"changed")
    (note,) = files.notes(files.digests({"mine.json": path}), pinned)
    assert note.startswith("not known as published: mine.json (")


def test_revision_changes_with_any_file_and_not_with_their_order():
    one, two = {"a": "1" * 64, "b": "2" * 64}, {"b": "2" * 64, "a": "1" * 64}
    assert files.revision(one) == files.revision(two)
    assert files.revision(one) != files.revision({**one, "b": "3" * 64})
