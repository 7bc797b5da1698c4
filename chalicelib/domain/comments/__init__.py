"""What people say about tasks, annotations and regions."""
