"""The audit log: what a record says, how records are chained, and how an export of them is verified."""
