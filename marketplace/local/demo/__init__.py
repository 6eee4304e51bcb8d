"""The demo: a synthetic market, and the story of three projects told over HTTP."""
