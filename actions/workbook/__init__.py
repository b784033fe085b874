"""The plan's workbook coming in: `fields` (columns and their names), `rows` (which line is a fiche), `catalogue` (what
already exists), `cells` (what a cell means), `fiche` (a line as a whole), `part_*` (the further sheets of an export),
`preview` (all that would change). Nothing here writes: `actions/services/importing.py` does.
"""
