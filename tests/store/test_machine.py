"""Random histories on a real file, with restarts, beside the reference store."""

from hypothesis import HealthCheck, settings

from mnemic.store.ram import RamStore
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.store_machine import store_machine

TestSqliteBesideRam = store_machine(SqliteStore, RamStore).TestCase
TestSqliteBesideRam.settings = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
