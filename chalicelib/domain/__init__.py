"""What labeling is, as pure functions and values: no clock, no randomness, no network, no environment."""
