"""The papers of the meetings and the yearly report: what each contains, without a word on how a file is made.

`sections` declares the parts of the dossier and what a person chose of them; `quotes` says which decisions a paper may
quote; `picture` is the plan on a day; `agenda`, `people` and `money` shape its parts; `dossier` and `sitting` are the
papers; `making` has the maker of each.
"""
