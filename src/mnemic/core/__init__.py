"""Floor 0: the nouns, the verbs and the ports. Values only; standard library and numpy."""
