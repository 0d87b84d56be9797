"""Statistics of forecasts and of what came of them: scores, calibration, their intervals, and maps that recalibrate."""
