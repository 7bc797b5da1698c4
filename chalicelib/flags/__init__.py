"""Feature flags: what is declared, how a flag is rolled out, and what it says to somebody. Pure."""
