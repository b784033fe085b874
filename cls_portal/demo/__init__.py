"""The demonstration: two territories, built through the services as if it had been used for years.

What was published about these contracts stays as published; everything else is invented, and says so.
"""
