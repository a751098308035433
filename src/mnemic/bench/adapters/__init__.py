"""Systems under test, one file for each; what is not installed is left out of the list."""
