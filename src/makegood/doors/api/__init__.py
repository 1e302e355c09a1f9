"""Machines: the REST API under /api/v1.

    shell       what surrounds every answer below /api/: problems, CORS, limits in headers (a middleware)
    problems    every way the API says no (RFC 9457), one table
    gate        bearer tokens: who knocks, may they, not too often
    area        how an operation is declared, run, repeated safely and written down
    reading     bodies: JSON only, bounded, clean
    paging      cursors
    shapes      what goes out
    v1          the API as a whole and its OpenAPI description
    reference   the page that explains it
    incoming    webhooks of git hosts, below /hooks/in/

The other modules are the operations, one subject each: a handler reads plain values, calls one verb of ``life``, and
returns a shape. No cookie opens anything here.
"""
