"""The life of a contract: its stages, the conditions of each passage, what its history tells of them."""
