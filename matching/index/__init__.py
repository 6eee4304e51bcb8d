"""The market index: all of supply in memory-mapped columns, built from PostgreSQL and kept fresh by its feed.

It holds nothing that a database does not hold: it can be deleted at any time and is rebuilt. What is composed from it
is read again from PostgreSQL before it is recorded.
"""
