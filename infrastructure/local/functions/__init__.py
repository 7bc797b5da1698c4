"""Lambda on this machine: instances that run one event at a time, queues and schedules that call them."""
