"""Rules and the one engine that differentiates with them."""
