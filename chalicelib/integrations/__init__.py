"""Adapters of the ports over everything that is not our own storage."""
