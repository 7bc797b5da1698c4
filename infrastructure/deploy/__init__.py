"""The way into an AWS account: artifacts, stack, signing key, migrations, owner, application files.

Every step looks at what is there and does only what is missing, so a deployment that broke off is finished by
running it again. Nothing here is imported by what is deployed.
"""
