"""Floor 2. The world's encoders: the table that ships with the package, models that users add."""
