"""Set-up (screen 24): what a desk consists of, in plain words, each change kept with its story.

``specs`` declares the plain things (teams, categories, components, questions, safe steps) as data; ``things`` lists and
edits them all. Whatever has rules of its own has a module: people, rotas, scripts, hours, policies. ``mail``, ``audit``
and ``health`` look. Leads see; who may change what stands beside each route.
"""
