"""What happened between two points of the log: told, or taken back."""
