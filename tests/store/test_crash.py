"""The program that kills processes while they write: a small edition of it, as often as tests run.

200 kills are committed under `benchmarks/results/`; here it is ten, and the verdict is the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parent.parent.parent / "benchmarks" / "crash.py"


def test_nothing_acknowledged_is_lost_by_kills(tmp_path: Path) -> None:
    out = tmp_path / "crash.json"
    options = ["--kills", "10", "--every", "10", "--tmpfs", "0", "--folder", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *options, "--out", str(out)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(out.read_text())["kills"]
    assert found["kills"] >= 10
    assert found["checks"] >= 1
    assert found["acknowledged_writes"] >= 10
    for name in ("acknowledged_writes_lost", "half_applied", "files_needing_repair"):
        assert found[name] == []
