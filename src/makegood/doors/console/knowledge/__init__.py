"""Knowledge base (screen 20): the list, one article, its editor and versions, what was searched in vain, what it is
worth, Markdown in and out, and articles beside a report and a call."""
