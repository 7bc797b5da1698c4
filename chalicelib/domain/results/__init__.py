"""Results: what annotations and predictions hold, and the mathematics of it.

Items stay the raw dicts that came in: nothing here rebuilds what it does not change, so unknown keys and
the exact numbers survive. Modules: `kinds` (what each type holds), `geometry` (percent and pixels),
`spans` (text offsets), `brush` (masks and their encodings), `video` (key frames), `regions` (items that
belong together, relations).
"""
