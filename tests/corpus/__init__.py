"""Real inputs, written by ourselves after what programs really send."""
