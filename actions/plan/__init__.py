"""The plan as a whole: `reading` (which fiches, in which order), `rows` (a line as it is shown), `filter_bar` (the
filters and their addresses), `frieze` (the calendar's geometry), `progress` (where the plan stands, in figures).
"""
