"""Is the install light? A wheel is built, installed into a fresh environment, and weighed.

    python benchmarks/install.py              # needs pip's index; about half a minute

Counted is what pip adds to an empty environment: distributions, bytes with and without the bytecode
that pip compiles, the CPU of `import mnemic`, and the packages that are loaded with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("numpy", "torch", "onnxruntime", "click", "rich", "asyncio", "sqlite3")
REPETITIONS = 10

_NAMES = """
import json
from importlib.metadata import distributions
print(json.dumps(sorted(each.metadata["Name"].lower() for each in distributions())))
"""
_LOADED = """
import json, sys, time
before = set(sys.modules)
begun = time.process_time()
import mnemic
{then}
cpu = 1e3 * (time.process_time() - begun)
new = set(sys.modules) - before
print(json.dumps([cpu, sorted({{name.partition(".")[0] for name in new}})]))
"""
_IMPORT = _LOADED.format(then="")
_OPEN = _LOADED.format(then='mnemic.Memory(":memory:").close()')


def measure() -> dict[str, Any]:
    """Build, install, weigh. Raises CalledProcessError when pip cannot."""
    with tempfile.TemporaryDirectory(prefix="mnemic-install-") as place:
        folder = Path(place)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        _run(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
        wheel = next(folder.glob("mnemic-*.whl"))
        _run(sys.executable, "-m", "venv", str(folder / "env"))
        python = _python(folder / "env")
        site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
        had, weighed = set(json.loads(_run(python, "-c", _NAMES))), weigh(site)
        _run(python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", str(wheel))
        names = sorted(set(json.loads(_run(python, "-c", _NAMES))) - had)
        whole, plain = (now - then for now, then in zip(weigh(site), weighed, strict=True))
        imports = [json.loads(_run(python, "-c", _IMPORT)) for _ in range(REPETITIONS)]
        opens = [json.loads(_run(python, "-c", _OPEN)) for _ in range(REPETITIONS)]
        return {
            "distributions": names,
            "wheel_mb": wheel.stat().st_size / 1e6,
            "mb": whole / 1e6,
            "mib": whole / 2**20,
            "mb_without_bytecode": plain / 1e6,
            "mib_without_bytecode": plain / 2**20,
            "import_cpu_ms": [cpu for cpu, _ in imports],
            "import_cpu_ms_median": median(cpu for cpu, _ in imports),
            "import_modules": imports[0][1],
            "heavy_modules": sorted(set(imports[0][1]) & set(HEAVY)),
            "open_cpu_ms_median": median(cpu for cpu, _ in opens),
            "open_modules": opens[0][1],
        }


def weigh(folder: Path) -> tuple[int, int]:
    """Bytes of the files under a folder: all of them, and all but bytecode."""
    whole = plain = 0
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            bytes = file.stat().st_size
            whole += bytes
            plain += bytes if file.suffix != ".pyc" else 0
    return whole, plain


def _python(environment: Path) -> str:
    windows = environment / "Scripts" / "python.exe"
    return str(windows if windows.exists() else environment / "bin" / "python")


def _run(*command: str) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
