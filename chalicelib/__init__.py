"""Skylabel's server code. `docs/architecture.md` draws its rooms and the arrows between them."""
