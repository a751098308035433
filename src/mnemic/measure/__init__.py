"""Statistics of the instruments: ranking, agreement, intervals, calibration, mixed effects, cost."""
