"""Moving in and moving out: reports from other systems, and everything of ours in open formats.

    foreign      what a report of another system is, as plain values
    words        their states, severities and moments in our words (pure)
    formats/     one module per format, each a generator of foreign reports: csv, zammad, zendesk, makegood
    catalogue    their names of categories, teams and people, looked up once
    looking      the dry run: what would come of a file, what was not understood
    actions      take_over: write foreign reports, once each, without mail, reaction or invented promise
    imports      a run: uploaded, looked at, started, stopped, resumed, done
    tables       what an export consists of, field by field
    exports      folders and downloads of it

May import: aftercare and everything below, channels, engine.
"""
