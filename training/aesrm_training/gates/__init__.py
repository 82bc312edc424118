"""What a compact model must show on clips that its training never saw: gates with a threshold, and foreign labels
beside baselines. It measures the exported files, whoever made them."""
