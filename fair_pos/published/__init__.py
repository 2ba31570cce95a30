"""Published figures of editions: frozen, adjusted with date and reason, or stated for fairs before this system."""
