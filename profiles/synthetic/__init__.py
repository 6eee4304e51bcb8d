"""A market that is realistic in its proportions and synthetic at first sight: people, skills, places, histories."""
