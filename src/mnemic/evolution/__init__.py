"""Floor 2: what is remembered changes with time and by rule. Pure: records in; changes, out."""
