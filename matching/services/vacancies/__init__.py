"""Seats that somebody has left: who comes, disturbing those who stay least, decided by people.

``requests`` asks, ``standing`` says what is left of an engagement, ``composing`` works on it, ``decisions`` are the
recruiter's and the client's, and ``applying`` brings the newcomers in.
"""
