"""Maximum flows through a network of levels."""
