"""Export formats: `registry` lists them and writes them; each is a module of its own.

Nothing here reads a clock, a file or the network: tasks come as an iterable, media through the
`MediaSource` handed in, and bytes go out in chunks.
"""
