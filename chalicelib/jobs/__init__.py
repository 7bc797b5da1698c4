"""The doors for queues and schedules: each turns an event into one call of a service, and holds no rule."""
