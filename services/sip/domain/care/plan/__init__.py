"""Plans: which law they rest on, what they hold while they run, how they live and end."""
