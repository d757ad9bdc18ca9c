"""The cycle across apps: feed measured progress, close, score, publish."""
