"""How far two answers to the same task say the same. Pure."""
