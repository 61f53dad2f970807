"""Readers: from files and other notations to problems."""
