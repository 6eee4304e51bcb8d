"""Facts of the outside world, dated and with their sources: language tests, public holidays, places."""
