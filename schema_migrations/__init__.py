"""Changes to stored data, one numbered module each; `python -m schema_migrations up` applies what is due.

A migration is a module `mNNNN_what_it_does` with a `SUMMARY`, a function `up(context)`, and either
`down(context)` or `IRREVERSIBLE = "why"`; `STAGE` says when a deployment may apply it, `WALKS` which tables
it reads from end to end. It is never edited after release: the ledger holds its checksum. It may be killed
at any line and is then called again, so every write is conditional on the old shape, and long work goes
page by page through `context.each`, which remembers how far it got. More is in `docs/migrations.md`.
"""
