"""What /readyz asks of this room."""
