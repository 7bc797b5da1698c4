"""Who is asking and what they may do: principals, policies, passwords, signed tokens. No storage."""
