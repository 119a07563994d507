"""What scores and models say: statistics, patterns, importance, metrics over batches."""
