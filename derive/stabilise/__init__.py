"""Forms that a computer can evaluate: rewriting against overflow and cancellation."""
