"""Adapters of the ports over DynamoDB, S3 and SQS; models, keys and conditions stay in this room."""
