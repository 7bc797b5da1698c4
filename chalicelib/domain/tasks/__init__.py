"""Tasks: what they are, the rules they keep, their states, and what each contributes to the counts."""
