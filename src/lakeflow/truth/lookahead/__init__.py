"""How well the seconds ahead can be told: forecasts fitted on days before, their probabilities, and what they are worth."""
