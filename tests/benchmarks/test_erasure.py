"""Nothing that was forgotten is left in any file, after a few of the random histories."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_no_byte_is_left_after_random_histories() -> None:
    program = [sys.executable, "-W", "error", str(ROOT / "benchmarks" / "erasure.py")]
    options = ["--histories", "10", "--steps", "25", "--out", "-"]
    done = subprocess.run([*program, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    total = json.loads(done.stdout)
    assert total["residue bytes"] == total["residue_scan"] == total["histories with a fault"] == 0
    for name in ("forgotten", "redrawn", "survivors", "copies reached", "found before"):
        assert total[name] > 0, name
