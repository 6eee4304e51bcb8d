"""The bilingual skill data (CSV files) and the look-up that turns text into skills. Plain Python, no tables."""
