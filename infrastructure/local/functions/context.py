"""The context object that Lambda hands to a function."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class LambdaContext:
    """What functions may ask about their invocation; memory in MB, as Lambda counts it."""

    function_name: str
    aws_request_id: str
    deadline: float
    """When it will be stopped, in monotonic seconds."""
    memory_limit_in_mb: int = 512
    function_version: str = "$LATEST"
    invoked_function_arn: str = field(init=False)
    log_group_name: str = field(init=False)
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    def __post_init__(self) -> None:
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"
        self.log_group_name = f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))
