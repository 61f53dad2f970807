"""The exact judge: both sides of an equality as elements of a field, where nothing is rounded.

The argument is written down in `derive/judge/EXACT.md`.
"""
