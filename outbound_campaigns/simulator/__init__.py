"""A stand-in for Vonage to run against: demo, tests, benchmarks."""
