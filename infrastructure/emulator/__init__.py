"""An AWS emulator that takes the package and the template, in a virtual environment of its own.

It pins another botocore than the product, so the two never share an environment.
"""
