"""Blueprints: sensible seats and needs for each solution type, one JSON file each."""
