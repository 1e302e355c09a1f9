"""Template words of the console: ``{% load console_words %}``. May import what the console may."""
