"""The review by the ARS as its pages read it: whose turn it is, who sees what, what changed, what happened."""
