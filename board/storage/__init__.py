"""Engine, transactions, outbox, migrations."""
