"""Derived from the store, always rebuildable: what ranking reads, kept so that reading is fast."""
