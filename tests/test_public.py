"""The public face: what it names, and what it costs to import it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import mnemic

REPORT = """
import json, sys, time
begun = time.process_time()
import mnemic
{then}
print(json.dumps([time.process_time() - begun, sorted(sys.modules)]))
"""

IMPORT_CPU_SECONDS = 0.15


def loaded(then: str = "") -> tuple[float, set[str]]:
    """CPU seconds of `import mnemic` and of what follows, and the packages loaded, afresh."""
    code = REPORT.format(then=then)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, modules = json.loads(ran.stdout)
    return seconds, {name.partition(".")[0] for name in modules}


def test_all_is_sorted_and_says_each_name_once() -> None:
    assert mnemic.__all__ == sorted(set(mnemic.__all__))


@pytest.mark.parametrize("name", mnemic.__all__)
def test_every_name_resolves(name: str) -> None:
    found = getattr(mnemic, name)
    assert found.__doc__, f"{name} says nothing about itself"
    assert getattr(mnemic, name) is found


def test_dir_agrees_with_all() -> None:
    assert dir(mnemic) == mnemic.__all__


def test_a_star_import_gives_all_of_it() -> None:
    space: dict[str, object] = {}
    exec("from mnemic import *", space)
    assert set(mnemic.__all__) <= space.keys()


def test_errors_have_one_root() -> None:
    public = (getattr(mnemic, name) for name in mnemic.__all__)
    for found in public:
        if isinstance(found, type) and issubclass(found, Exception):
            assert issubclass(found, mnemic.MnemicError)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Memories'"):
        mnemic.Memories  # noqa: B018


def test_import_loads_nothing_heavy() -> None:
    _, packages = loaded()
    heavy = {"numpy", "torch", "onnxruntime", "click", "rich", "asyncio", "sqlite3"}
    assert not packages & heavy


def test_a_memory_loads_no_command_line_and_no_neural_runtime() -> None:
    _, packages = loaded('mnemic.Memory(":memory:").close()')
    assert "sqlite3" in packages
    assert not packages & {"click", "rich", "onnxruntime", "torch"}


def test_import_is_quick() -> None:
    """The least of three: a busy machine must not fail this."""
    assert min(loaded()[0] for _ in range(3)) <= IMPORT_CPU_SECONDS
