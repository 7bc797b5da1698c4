"""SQS as SQLite tables: visibility is a column, and what was acknowledged is on disk."""
