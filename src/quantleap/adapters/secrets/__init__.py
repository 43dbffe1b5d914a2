"""Where the platform's own keys are kept."""
