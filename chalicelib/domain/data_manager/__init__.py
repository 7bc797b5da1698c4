"""Choosing tasks as people do in the data manager: columns, filters, orderings, selections. Pure."""
