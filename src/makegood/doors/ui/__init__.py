"""The look shared by portal and console: base templates, components, template words.

Offers ``{% load ui %}`` (templatetags/ui.py), the templates ``ui/base_portal.html`` and ``ui/base_console.html``, the
ring as SVG (rings.py) and moments in words (words.py). How to build a screen: docs/develop/frontend.md.
May import ``lib`` and ``life`` values, never a door that people knock at.
"""
