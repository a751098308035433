"""Who may come in: the door, quarantine, changes on trial."""
