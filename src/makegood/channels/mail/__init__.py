"""Mail: ``composing.compose`` turns a Letter into bytes, ``smtp`` carries it, ``outbox`` keeps it here."""
