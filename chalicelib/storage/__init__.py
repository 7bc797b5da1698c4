"""DynamoDB and what lies beside it in S3: key layouts, codecs, repositories. Nothing else knows them."""
