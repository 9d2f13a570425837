"""Speed as ratios against peers, both sides run in turn."""
