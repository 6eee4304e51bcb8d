"""What the API shows of runs, cells, offers and reviews. Texts are made here, at the moment of reading."""
