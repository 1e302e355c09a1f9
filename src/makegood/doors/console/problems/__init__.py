"""Problems (screens 14 and 15): the list, one problem with its members and words, triage of a report, the Pareto."""
