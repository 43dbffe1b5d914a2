"""What authors offer: baskets of strategies, their legs and schedules, and what a reader of the marketplace sees."""
