"""What this room hears from below."""
