"""Passing a contract on: what is open the day somebody leaves, and what this person holds."""
