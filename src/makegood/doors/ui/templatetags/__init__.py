"""The template words of portal and console: ``{% load ui %}``."""
