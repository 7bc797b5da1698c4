"""S3 and SQS on this machine, for unmodified AWS clients: one process, two ports, one folder."""
