"""Seeded markets of any size, and what is measured against what."""
