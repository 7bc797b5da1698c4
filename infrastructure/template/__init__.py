"""What is deployed beside the functions that Chalice packages; `infrastructure.package` merges the two.

State (tables, buckets, keys) is kept when a stack goes; names begin with `skylabel-<stage>-`.
"""
