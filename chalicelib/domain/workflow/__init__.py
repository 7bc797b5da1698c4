"""Workflows: the states that tasks, annotations and projects go through, declared as data."""
