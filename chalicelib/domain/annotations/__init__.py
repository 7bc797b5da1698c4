"""What people and models say about tasks: annotations, drafts, predictions, and the rules they keep."""
