"""Business figures: computed from the records, published by the rule, exact behind authentication."""
