"""The commands of outbound-campaigns.

Others use: main.
"""
