"""S3 as a folder: contents as files, what is known about them in one SQLite index."""
