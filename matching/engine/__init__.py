"""Composes cells out of a market, proves them, and says why there is none: plain Python, numpy and HiGHS."""
