"""The regional table: the contracts that a person follows, what is said of each, what they hold in common."""
