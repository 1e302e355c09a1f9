"""Gitea and Forgejo: webhooks in."""
