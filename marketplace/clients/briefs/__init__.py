"""What a plain brief in English or Spanish asks for, read by fixed rules and the taxonomy; no language model."""
