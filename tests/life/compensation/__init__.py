"""Making good: money, policies, proposals, four eyes, caps, offers, codes."""
