"""Webhooks out, signed as Standard Webhooks says; never to addresses inside our own network."""
