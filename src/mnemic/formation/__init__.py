"""Floor 2: what comes in becomes changes. Pure: events and what is known, in; changes, out."""
