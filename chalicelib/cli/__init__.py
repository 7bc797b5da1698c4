"""The command line: `python -m chalicelib.cli <command>`. One module per command."""
