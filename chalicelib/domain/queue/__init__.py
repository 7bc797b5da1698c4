"""Which task comes next: where a task stands in the queue, in which order, and who takes what. Pure."""
