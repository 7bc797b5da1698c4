"""What the services need of the outside, as Protocols; storage/ and integrations/ fulfil them."""
