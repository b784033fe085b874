"""Workbooks that come in: safe reading, headings, values. Knows nothing of contracts.

Order of the modules: `archives` (what may be opened), `markup` (one pass over the XML), `reading` (sheets and cells),
`likeness`, `dates`, `amounts` (what a cell means), `headers` (where the table starts), `annotate` (the way back).
"""
