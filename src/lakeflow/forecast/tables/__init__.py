"""Tables of questions and forecasts, frames in and frames out: what was known when, how it ended, how good it was."""
