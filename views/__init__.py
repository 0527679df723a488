"""The dashboard: pages, charts, words and colours. It draws stored forecasts and never fits a model."""
