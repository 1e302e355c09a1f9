"""GitLab: webhooks in (``hooks``), issues out and back (``issues``)."""
