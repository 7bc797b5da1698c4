"""The local stack: everything that `make run` needs to be Skylabel on one machine, without AWS.

`bootstrap` installs, `supervisor` starts and watches the processes, `aws/` answers for S3 and SQS,
dynoxide (a program from npm) answers for DynamoDB, `gateway/` for API Gateway and `functions/` for
Lambda. Nothing here is deployed, and nothing of the product lives here.
"""
