"""Projects: what they are, the rules their settings keep, and what is counted of them."""
