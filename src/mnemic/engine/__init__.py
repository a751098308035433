"""Floor 3: the only composer. Here neighbours of the floors below meet."""
