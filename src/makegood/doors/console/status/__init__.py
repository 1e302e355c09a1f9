"""The status page from the inside: what is shown of the product, what is told, maintenance, who is sent the news."""
