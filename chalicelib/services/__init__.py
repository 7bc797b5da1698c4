"""Use cases: what happens, in what order. Each service is built by wiring with the ports that it needs.

Every public method takes the `Principal` who asks, loads, checks the policy, asks the domain, stores.
Unknown ids and those of other organizations are NotFoundError alike.
"""
