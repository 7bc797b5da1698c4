"""Use cases: one public function per action, saying what happens in what order; adapters come in as ports."""
