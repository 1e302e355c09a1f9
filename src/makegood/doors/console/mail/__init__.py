"""Mail (screen 23): what is held for a person to decide, what came in, what went out, and one mail as it is."""
